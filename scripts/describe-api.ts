import { describeFields, limitsOf, type Schema, table, typeOf } from './describe-schema.ts';

type Content = Record<
  string,
  { schema?: Schema; example?: unknown; examples?: Record<string, { summary?: string; value: unknown }> }
>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Record<string, { readonly description: string; readonly content?: Content }>;
}

/** The parts of an OpenAPI 3.1 document that the page shows. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components?: { readonly schemas?: Record<string, Schema> };
}

const FIELD_TITLES = ['field', 'type', 'accepted', 'meaning'];

/** docs/api.md: every operation with its parameters, body, examples and answers, then every named schema. */
export function describeApi({ info, paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => describeOperation(method, path, operation)),
  );
  const schemas = Object.entries(components?.schemas ?? {})
    .sort(([one], [other]) => one.localeCompare(other))
    .flatMap(([name, schema]) => [`### ${name}`, '', ...table(FIELD_TITLES, describeFields(schema))]);
  const intro = `${info.description ?? ''} Made from \`/openapi.json\` by \`npm run docs\`.`;
  return `${['# API', '', intro, '', ...operations, '## Schemas', '', ...schemas].join('\n').trimEnd()}\n`;
}

function describeOperation(method: string, path: string, operation: Operation): string[] {
  const { summary, description = '', parameters = [], requestBody, responses } = operation;
  return [
    `## ${method.toUpperCase()} ${path}`,
    '',
    `${summary}. ${description}`,
    '',
    ...table(['parameter', 'in', 'accepted', 'meaning'], parameters.map(describeParameter)),
    ...describeContent('Body', requestBody?.content ?? {}),
    ...table(
      ['status', 'answer', 'form'],
      Object.entries(responses).map(([status, { description: answer, content = {} }]) => [
        status,
        answer,
        formOf(content),
      ]),
    ),
    ...Object.entries(responses)
      .filter(([status]) => Number(status) < 300)
      .flatMap(([status, { content = {} }]) => describeExamples(`Answer ${status}`, content)),
  ];
}

function describeParameter({ name, in: place, required, description = '', schema = {} }: Parameter): string[] {
  return [`\`${name}\`${required ? ' (required)' : ''}`, place, limitsOf(schema), description];
}

/** A named schema is a link; one without a name is shown in place. */
function describeContent(title: string, content: Content): string[] {
  const { schema } = content['application/json'] ?? {};
  if (!schema) return [];
  return [
    `${title}: ${typeOf(schema)}`,
    '',
    ...table(FIELD_TITLES, describeFields(schema)),
    ...describeExamples(title, content),
  ];
}

function describeExamples(title: string, content: Content): string[] {
  const { example, examples = {} } = content['application/json'] ?? {};
  const all = [...(example === undefined ? [] : [{ value: example }]), ...Object.values(examples)];
  return all.flatMap((one) => {
    const name = 'summary' in one && one.summary ? `${title}, ${one.summary}` : title;
    return [`${name}:`, '', '```json', JSON.stringify(one.value), '```', ''];
  });
}

function formOf(content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => (schema ? `${typeOf(schema)} (\`${type}\`)` : `\`${type}\``))
    .join(', ');
}
