/** The parts of a JSON schema (2020-12) that the pages show. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** One row per field, inner objects below their own: name, type, what is accepted, meaning. */
export function describeFields(schema: Schema, prefix = ''): string[][] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => [
    [
      `\`${prefix}${name}\`${required.includes(name) ? ' (required)' : ''}`,
      typeOf(field),
      limitsOf(field),
      field.description ?? '',
    ],
    ...describeInner(field, prefix + name),
  ]);
}

function describeInner(field: Schema, name: string): string[][] {
  if (field.items) return describeInner(field.items, `${name}[]`);
  if (field.anyOf) return field.anyOf.flatMap((form) => describeInner(form, name));
  return describeFields(field, `${name}.`);
}

/** The type in words; a named schema as a link to its section. */
export function typeOf(schema: Schema): string {
  if (schema.$ref) return linkTo(schema.$ref.split('/').at(-1) ?? '');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.items) return `array of ${typeOf(schema.items)}`;
  const { additionalProperties: values } = schema;
  if (typeof values === 'object') return `map to ${typeOf(values)}`;
  if (typeof schema.type === 'string') return schema.type;
  return schema.type?.join(' or ') ?? 'anything';
}

/** What is accepted beyond the type: values, length, range, form, default. */
export function limitsOf(schema: Schema): string {
  const inner = schema.items === undefined ? '' : limitsOf(schema.items);
  const parts = [
    schema.enum?.map((value) => `\`${value}\``).join(', '),
    range(schema.minLength, schema.maxLength, 'characters'),
    schema.format === undefined ? range(schema.minimum, schema.maximum, '') : schema.format,
    range(schema.minItems, schema.maxItems, 'items'),
    schema.pattern && `\`${schema.pattern.replaceAll('|', '\\|')}\``,
    inner && `each ${inner}`,
    schema.default !== undefined && `default \`${schema.default}\``,
  ];
  return parts.filter(Boolean).join('; ');
}

export function linkTo(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}

export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).concat('');
}

/** zod writes the ends of the safe integers where no other limit is set. */
function range(least: number | undefined, most: number | undefined, unit: string): string {
  const from = least !== undefined && least > Number.MIN_SAFE_INTEGER ? least : undefined;
  const to = most !== undefined && most < Number.MAX_SAFE_INTEGER ? most : undefined;
  if (from === undefined && to === undefined) return '';
  const words = from === undefined ? `at most ${to}` : to === undefined ? `at least ${from}` : `${from} to ${to}`;
  return `${words} ${unit}`.trim();
}
