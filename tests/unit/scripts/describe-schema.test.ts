import { expect, test } from 'vitest';
import { describeApi } from '../../../scripts/describe-api.ts';
import { describeFields, limitsOf, type Schema, typeOf } from '../../../scripts/describe-schema.ts';

const name: Schema = { $ref: '#/components/schemas/Bilingual' };

test('inner fields, in objects, lists and alternatives, have rows of their own', () => {
  const inner: Schema = { type: 'object', properties: { c: { type: 'string', description: 'deep' } }, required: ['c'] };
  const schema: Schema = {
    properties: { a: inner, b: { type: 'array', items: inner }, d: { anyOf: [inner, name] } },
    required: ['a'],
  };
  expect(describeFields(schema).map(([field, , , meaning]) => [field, meaning])).toEqual([
    ['`a` (required)', ''],
    ['`a.c` (required)', 'deep'],
    ['`b`', ''],
    ['`b[].c` (required)', 'deep'],
    ['`d`', ''],
    ['`d.c` (required)', 'deep'],
  ]);
});

test.each<[Schema, string, string]>([
  [{ type: 'string', minLength: 1, maxLength: 20 }, 'string', '1 to 20 characters'],
  [{ type: 'string', maxLength: 5, default: 'x' }, 'string', 'at most 5 characters; default `x`'],
  [{ type: 'string', enum: ['a', 'b'] }, 'string', '`a`, `b`'],
  [{ type: 'string', pattern: '^(?:a|b)$' }, 'string', '`^(?:a\\|b)$`'],
  [{ type: 'string', format: 'date-time' }, 'string', 'date-time'],
  [{ type: ['integer', 'null'], minimum: 0 }, 'integer or null', 'at least 0'],
  [{ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }, 'integer', ''],
  [{ type: 'array', items: name, minItems: 1, maxItems: 9 }, 'array of [Bilingual](#bilingual)', '1 to 9 items'],
  [{ type: 'array', items: { type: 'string', enum: ['a'] } }, 'array of string', 'each `a`'],
  [{ type: 'object', additionalProperties: { type: 'number' } }, 'map to number', ''],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }, { type: 'string' }] }, 'string or null', ''],
  [{}, 'anything', ''],
])('%j is a %s of %s', (schema, type, limits) => {
  expect([typeOf(schema), limitsOf(schema)]).toEqual([type, limits]);
});

test('the page links the forms of a body and of every answer, and shows them once', () => {
  const page = describeApi({
    info: { title: 't', description: 'What it does.' },
    paths: {
      '/a': {
        post: {
          summary: 'Do it',
          parameters: [{ name: 'p', in: 'query', schema: { type: 'integer', maximum: 3 }, description: 'how' }],
          requestBody: {
            content: { 'application/json': { schema: name, examples: { x: { summary: 'X', value: 1 } } } },
          },
          responses: { 200: { description: 'Done.', content: { 'application/json': { schema: name, example: 2 } } } },
        },
      },
    },
    components: { schemas: { Bilingual: { properties: { zh: { type: 'string' } } } } },
  });
  for (const line of [
    '| `p` | query | at most 3 | how |',
    'Body: [Bilingual](#bilingual)',
    'Body, X:',
    '| 200 | Done. | [Bilingual](#bilingual) (`application/json`) |',
    'Answer 200:',
    '### Bilingual',
    '| `zh` | string |  |  |',
  ])
    expect(page.split('\n').filter((found) => found === line)).toEqual([line]);
});
