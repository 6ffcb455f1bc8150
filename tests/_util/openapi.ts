import { z } from 'zod';

const schema = z.record(z.string(), z.unknown());
const media = z.looseObject({
  schema: schema.optional(),
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
});
const content = z.record(z.string(), media);
const operation = z.looseObject({
  operationId: z.string().min(1),
  summary: z.string().min(5),
  description: z.string().min(10),
  tags: z.array(z.string()).min(1),
  security: z.array(z.unknown()).optional(),
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema }))
    .default([]),
  requestBody: z.looseObject({ required: z.literal(true), content }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.looseObject({ description: z.string().min(3), content: content.optional() }),
  ),
});
const named = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })),
});
const documentSchema = z.looseObject({
  openapi: z.literal('3.1.0'),
  tags: z.array(z.looseObject({ name: z.string() })),
  components: z.looseObject({
    securitySchemes: z.record(z.string(), z.unknown()),
    schemas: z.object({ ClassifyRequest: named, FeedbackRequest: named }),
  }),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), z.unknown()),
  ),
});

export interface Operation extends z.infer<typeof operation> {
  readonly path: string;
  readonly method: string;
}

export interface OpenApi {
  readonly document: z.infer<typeof documentSchema>;
  readonly operations: readonly Operation[];
}

/** Reads a document as strictly as the service promises it; a reference that leads nowhere throws. */
export function readOpenApi(json: unknown): OpenApi {
  const document = documentSchema.parse(resolveReferences(json, json));
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, value]) => ({ ...operation.parse(value), path, method })),
  );
  return { document, operations };
}

/** The same value with every `$ref` replaced by what it names. */
function resolveReferences(value: unknown, root: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, root));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return resolveReferences(follow(String(value.$ref), root), root);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveReferences(item, root)]));
}

function follow(reference: string, root: unknown): unknown {
  const found = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined), root);
  if (found === undefined) throw new Error(`unresolved reference ${reference}`);
  return found;
}

/** Why a value does not fit a JSON schema of the document; undefined when it does. */
export function misfit(jsonSchema: Record<string, unknown> | undefined, value: unknown): string | undefined {
  if (jsonSchema === undefined) return 'there is no schema';
  const { success, error } = z.fromJSONSchema(jsonSchema).safeParse(value);
  return success ? undefined : z.prettifyError(error);
}

export interface Example {
  readonly schema: Record<string, unknown> | undefined;
  readonly value: unknown;
}

/** Every example of an operation, of parameters, body and answers, with the schema that it must fit. */
export function listExamples({ parameters, requestBody, responses }: Operation): Example[] {
  const contents = [requestBody?.content, ...Object.values(responses).map((response) => response.content)];
  const inContents = contents
    .flatMap((found) => Object.values(found ?? {}))
    .flatMap(({ schema: own, example, examples }) => [
      ...(example === undefined ? [] : [{ schema: own, value: example }]),
      ...Object.values(examples ?? {}).map(({ value }) => ({ schema: own, value })),
    ]);
  const inParameters = parameters
    .filter((parameter) => 'example' in parameter.schema)
    .map((parameter) => ({ schema: parameter.schema, value: parameter.schema.example }));
  return [...inParameters, ...inContents];
}
