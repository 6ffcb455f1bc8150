/** What texts are made of that might take a pattern, a phrase or a scope more than linear time. */
export const GROWTH_UNITS: readonly string[] = [
  // one character
  ...['a', '1', '+', '(', '[', '.', '@', '-', '$', "'", '账', '一', '½', '😀', '\u0301', '\n', 'é', 'の'],
  // what patterns begin with
  ...['a@', 'a.', '1,', '1 ', '1-', '0x', '$1 ', '1u ', '一万', '[a', '(1', 'http://a.b/'],
  // numbers and addresses that are nearly what is masked
  ...['4111 1111 1111 1111 ', '4111111111111112 ', 'a@b.co ', '13812345678，', '+1 415 ', '11010519491231002X '],
  // the first words of phrases, and phrases that nearly stand
  ...['withdraw ', '提现', 'transfer ', 'account ', '账户', 'someone ', '有人', '冒充', '提现 没'],
  // scopes: cues, what they govern, absorb and void
  ...['not ', '没给', 'if hacked ', 'not resolved ', 'no hacked ', '没被盗'],
  ...['friend my account hacked ', '我朋友账户被盗'],
];
