import { parse } from 'yaml';

/** A document of rules as it is published, in the notation of `data/rules`, by name; the sentence is the name. */
export function rulesDocument(source: string) {
  return {
    rules: Object.entries<object>(parse(source)).map(([name, rule]) => ({
      name,
      sentence: { zh: name, en: name },
      ...rule,
    })),
    scopes: { version: '1', cues: {} },
    currencies: { version: '1', usd_per_unit: { USD: 1 }, names: { usd: 'USD' } },
  };
}
