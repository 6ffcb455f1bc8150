/** Who acts; it is kept with every decision and every entry of the audit. */
export type Actor =
  | { readonly kind: 'api_key'; readonly name: string }
  | { readonly kind: 'operator'; readonly command: string }
  | { readonly kind: 'job'; readonly name: string }
  | { readonly kind: 'local' };
