/** Two texts that fold to the same say the same: width, case and blanks aside. For comparing only. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}
