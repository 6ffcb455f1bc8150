import { parse } from 'yaml';

/** For rules whose examples a test does not run. */
export const UNTESTED = { fires: ['a', 'b'], silent: ['c', 'd'] };

/** A document of rules as it is published, in the notation of `data/rules`, by name; the sentence is the name. */
export function rulesDocument(source: string) {
  return {
    rules: Object.entries<object>(parse(source)).map(([name, rule]) => ({
      name,
      sentence: { zh: name, en: name },
      examples: UNTESTED,
      ...rule,
    })),
    scopes: { version: '1', cues: {} },
    currencies: { version: '1', usd_per_unit: { USD: 1 }, names: { usd: 'USD' } },
  };
}
