interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema?: Schema;
  }[];
  readonly requestBody?: {
    content: Record<string, { schema?: Schema; examples?: Record<string, { summary?: string; value: unknown }> }>;
  };
  readonly responses: Record<string, { description: string }>;
}

/** The parts of an OpenAPI 3.1 document that the page shows. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths: Record<string, Record<string, Operation>>;
}

/** docs/api.md: every operation with its parameters, its body, an example and its answers. */
export function describeApi(document: OpenApi): string {
  const parts = [
    '# API',
    '',
    `${document.info.description ?? ''} Made from \`/openapi.json\` by \`npm run docs\`.`,
    '',
  ];
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations))
      parts.push(...describeOperation(method, path, operation));
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

function describeOperation(method: string, path: string, operation: Operation): string[] {
  const body = operation.requestBody?.content['application/json'];
  const examples = Object.values(body?.examples ?? {}).flatMap(({ value }) => [
    '```json',
    JSON.stringify(value),
    '```',
    '',
  ]);
  return [
    `## ${method.toUpperCase()} ${path}`,
    '',
    `${operation.summary}. ${operation.description ?? ''}`,
    '',
    ...table(['parameter', 'in', 'meaning'], (operation.parameters ?? []).map(describeParameter)),
    ...table(['field', 'type', 'meaning'], body?.schema ? describeFields(body.schema) : []),
    ...examples,
    ...table(
      ['status', 'answer'],
      Object.entries(operation.responses).map(([status, { description }]) => [status, description]),
    ),
  ];
}

type Parameter = NonNullable<Operation['parameters']>[number];

function describeParameter({ name, in: place, required, description, schema }: Parameter): string[] {
  const accepted = schema?.enum?.map((value) => `\`${value}\``).join(', ');
  return [`\`${name}\`${required ? ' (required)' : ''}`, place, [description, accepted].filter(Boolean).join(' ')];
}

function describeFields({ properties = {}, required = [] }: Schema): string[][] {
  return Object.entries(properties).map(([name, schema]) => [
    `\`${name}\`${required.includes(name) ? ' (required)' : ''}`,
    typeOf(schema),
    schema.description ?? '',
  ]);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).concat('');
}

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return `array of ${schema.items ? typeOf(schema.items) : 'anything'}`;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  return Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type ?? 'object');
}
