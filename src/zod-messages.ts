import { z } from 'zod';

/** What a value must be, by the name that zod has for it. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** One sentence part that says what would be accepted; a schema's own message comes before it. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return KINDS[issue.expected] === undefined ? undefined : `must be ${KINDS[issue.expected]}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of: '}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${bound(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', issue.maximum)}`;
    case 'invalid_format':
      return issue.format === 'uuid' ? 'must be an id, such as 01935a4c-6f3e-7b7a-9c1d-2e8f4a6b0c5d' : undefined;
    default:
      return undefined;
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${relation} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set') return `hold ${relation} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `be ${relation} ${limit}`;
}

// One place for all that is checked: requests, settings, data files, flags.
z.config({ customError: describe });
