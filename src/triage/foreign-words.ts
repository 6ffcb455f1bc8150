/**
 * Everyday words of other languages in Latin letters, with and without their accents, that are no English words. Letter
 * statistics say little of four or five words; one of these says more.
 */
const WORDS: Readonly<Record<string, string>> = {
  de: 'ich nicht ist und der das mir mich mein meine meinen bitte sie wir wie warum kann kein keine für fur mit auf zu danke dank vielen geld rechnung konto auszahlung einzahlung',
  fr: 'je le les est mon vous où avec pour pas sur merci bonjour argent compte facture retrait ne peux suis',
  es: 'el los mi mis está esta este dónde donde qué por para gracias hola dinero cuenta quiero puedo retiro funciona ayuda tengo',
  pt: 'meu minha não nao onde está obrigado obrigada dinheiro conta saque você voce eu quero preciso ajuda',
  it: 'il mio mia dove sono non grazie soldi conto ciao perché perche posso prelievo buongiorno della',
  nl: 'ik mijn waar niet het een geld rekening kan jullie alstublieft',
  pl: 'nie moje moja mój gdzie jest się sie pieniądze pieniadze dziękuję dziekuje proszę prosze',
  tr: 've bir param nerede hesabım hesabim hesabıma hesabima neden değil degil lütfen lutfen teşekkürler tesekkurler',
  vi: 'tôi toi tiền tien không khong của cua tài khoản được duoc rút',
  id: 'saya uang tidak bisa mana akun tolong terima kasih kenapa sudah belum',
  ro: 'nu pot banii bani meu mei cont vă rog mulțumesc multumesc unde',
  sv: 'jag inte mina pengar är mitt konto tack varför varfor',
  da: 'jeg ikke hvor penge pengene mit konto tak hvorfor',
  cs: 'kde jsou moje peníze penize nemohu prosím prosim děkuji dekuji',
};

const LANGUAGES_OF = new Map<string, string[]>();
for (const [language, words] of Object.entries(WORDS))
  for (const word of words.split(' ')) LANGUAGES_OF.set(word, [...(LANGUAGES_OF.get(word) ?? []), language]);

/** How many of the words are everyday words of other languages, and the language that has most of them (ISO 639-1). */
export function countForeign(words: readonly string[]): { readonly count: number; readonly language: string } {
  const hits = words.map((word) => LANGUAGES_OF.get(word) ?? []);
  const totals = new Map<string, number>();
  for (const language of hits.flat()) totals.set(language, (totals.get(language) ?? 0) + 1);
  const [best] = [...totals].sort(([, left], [, right]) => right - left);
  return { count: hits.filter((languages) => languages.length > 0).length, language: best?.[0] ?? 'und' };
}
