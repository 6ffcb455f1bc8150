/** A label as `PUT /v1/taxonomies/{name}` takes it; its English name is its key. */
export function label(key: string, zh: string, examples: readonly string[]) {
  return { key, name: { zh, en: key }, examples };
}

/** Three labels that the fake encoder can tell apart by their words. */
export const SHOP = [
  label('delivery', '配送', [
    'my parcel is late',
    'where is my parcel',
    'the parcel never came',
    '我的包裹还没到',
    '包裹送错地址',
    '包裹什么时候到',
  ]),
  label('returns', '退换', [
    'i want to return these shoes',
    'return and refund please',
    'how do i return it',
    '我想退货',
    '退货退款怎么办',
    '什么时候退款',
  ]),
  label('coupons', '优惠', [
    'the coupon is not accepted',
    'coupon code does not work',
    'my coupon has expired',
    '优惠券用不了',
    '优惠券过期了',
    '怎么领优惠券',
  ]),
] as const;
