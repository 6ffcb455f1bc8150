import type { Context as HonoContext } from 'hono';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { activatePolicy } from '../policies/activate.ts';
import { getDocument, getPolicyVersion } from '../policies/get.ts';
import type { PolicyKind } from '../policies/kinds.ts';
import { isPolicyPinned, listPolicyVersions, policyVersionSchema } from '../policies/versions.ts';
import { answerJson } from './answer.ts';
import type { HttpEnv } from './env.ts';
import { type App, addOperation, problems } from './openapi.ts';

/** How a kind of policy is named in the document of the API. */
export interface PolicyNaming {
  readonly kind: PolicyKind;
  /** In operation ids: `Rules` gives `listRules`. */
  readonly id: string;
  readonly tag: string;
  /** In sentences: "the rules". */
  readonly noun: string;
  readonly examples: { readonly list: object; readonly version: object; readonly detail: object };
}

const params = z.object({
  version: z
    .string()
    .min(1)
    .max(64)
    .describe('The hash of a version, or `shipped` for what comes with the service.')
    .meta({ example: '02f31c354ad7' }),
});
const listSchema = z.object({
  in_force: z.string().nullable(),
  pinned: z
    .boolean()
    .describe(
      'Whether a person published or activated the version in force, also one of the shipped content: then no release changes it. False while what comes with the service is followed; to follow it again, activate `shipped`.',
    ),
  items: z.array(policyVersionSchema),
});

/** Listing and looking at versions. */
export function addPolicyReads(app: App, context: Context, naming: PolicyNaming, document: z.ZodType): void {
  const { kind, id, tag, noun, examples } = naming;
  addOperation(
    app,
    {
      method: 'get',
      path: `/v1/${kind}`,
      operationId: `list${id}`,
      tags: [tag],
      summary: `List versions of ${noun}, newest first`,
      description: `Each is kept for good: decisions are replayed by the one of their time. \`pinned\` says whether the one in force stays after an upgrade; \`POST /v1/${kind}/shipped/activate\` follows the releases again.`,
      responses: {
        200: {
          description: 'All versions.',
          content: { 'application/json': { schema: listSchema, example: examples.list } },
        },
        ...problems(401, 500, 503),
      },
    },
    async (c) => {
      const items = await listPolicyVersions(context.database.kysely, kind);
      const pinned = await isPolicyPinned(context.database.kysely, kind);
      return answerJson(c, { in_force: items.find(({ in_force }) => in_force)?.version ?? null, pinned, items });
    },
  );
  addOperation(
    app,
    {
      method: 'get',
      path: `/v1/${kind}/{version}`,
      operationId: `get${id}`,
      tags: [tag],
      summary: `Look at one version of ${noun}`,
      description: 'With its document, as it was written.',
      request: { params },
      responses: {
        200: {
          description: 'The version.',
          content: {
            'application/json': { schema: policyVersionSchema.extend({ document }), example: examples.detail },
          },
        },
        ...problems(401, 404, 500, 503),
      },
    },
    async (c) => {
      const version = nameOf(c) === 'shipped' ? context.policy.shipped.versions[kind] : nameOf(c);
      const summary = await getPolicyVersion(context, kind, version);
      return answerJson(c, { ...summary, document: await getDocument(context, kind, version) });
    },
  );
}

/** Going back to a version, or forth again. */
export function addPolicyActivation(app: App, context: Context, { kind, id, tag, noun, examples }: PolicyNaming): void {
  addOperation(
    app,
    {
      method: 'post',
      path: `/v1/${kind}/{version}/activate`,
      operationId: `activate${id}`,
      tags: [tag],
      summary: `Put a version of ${noun} in force`,
      description:
        'A step back, or forth again. It stays until another is chosen; `shipped` follows what comes with the service, also after upgrades. Decisions that are stored stay as they are.',
      request: { params },
      responses: {
        200: {
          description: 'The version, now in force.',
          content: { 'application/json': { schema: policyVersionSchema, example: examples.version } },
        },
        ...problems(401, 404, 409, 500, 503),
      },
    },
    async (c) => answerJson(c, await activatePolicy(context, kind, nameOf(c), c.get('actor'))),
  );
}

function nameOf(c: HonoContext<HttpEnv>): string {
  return c.req.param('version') ?? '';
}
