import { z } from 'zod';
import type { Context } from '../../context.ts';
import { publishPolicy } from '../../policies/publish.ts';
import { validatePolicy } from '../../policies/validate.ts';
import { policyVersionSchema } from '../../policies/versions.ts';
import { visibleText } from '../../text/storable.ts';
import { answerJson } from '../answer.ts';
import { parseWith, readJsonOrYaml } from '../body.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';
import { publishExample, ROUTING_DOCUMENT, SLA_DOCUMENT, VALID_EXAMPLE, versionExamples } from '../policy-examples.ts';
import { addPolicyActivation, addPolicyReads, type PolicyNaming } from '../policy-operations.ts';

const YAML_TOO = 'The body may be YAML (`Content-Type: application/yaml`) of the same form.';
const document = z.record(z.string(), z.unknown()).describe('The form of the file in `data/`.');
const documentBody = z.strictObject({ document });
const publishBody = z.strictObject({
  document,
  parent: z.string().min(1).max(64).describe('The version that it was made from: the one in force.'),
  note: visibleText(500).optional().describe('Why. Personal data in it is masked.'),
});
const validationSchema = z.object({
  valid: z.boolean(),
  version: z.string().describe('What it would be called.'),
  problems: z.array(z.object({ pointer: z.string(), message: z.string() })),
});

const SLA: PolicyNaming = {
  kind: 'sla',
  id: 'Sla',
  tag: 'Deadlines',
  noun: 'the deadlines',
  examples: versionExamples(SLA_DOCUMENT),
};
const ROUTING: PolicyNaming = {
  kind: 'routing',
  id: 'Routing',
  tag: 'Routing',
  noun: 'the routing',
  examples: versionExamples(ROUTING_DOCUMENT),
};

/** Versions of the deadlines with their calendars, and of queues, teams and routing. */
export function policyRoutes(context: Context): App {
  const app = newApp();
  for (const [naming, example] of [
    [SLA, SLA_DOCUMENT],
    [ROUTING, ROUTING_DOCUMENT],
  ] as const) {
    addPolicyReads(app, context, naming, document);
    addValidation(app, context, naming, example);
    addPublication(app, context, naming, example);
    addPolicyActivation(app, context, naming);
  }
  return app;
}

function addValidation(app: App, context: Context, { kind, id, tag, noun }: PolicyNaming, example: object): void {
  addOperation(
    app,
    {
      method: 'post',
      path: `/v1/${kind}/validate`,
      operationId: `validate${id}`,
      tags: [tag],
      summary: `Check ${noun} without publishing`,
      description: `All problems at once, each with a pointer into the body. ${YAML_TOO}`,
      request: {
        body: {
          required: true,
          content: {
            'application/json': {
              schema: documentBody,
              examples: { one: { summary: 'A small document', value: { document: example } } },
            },
          },
        },
      },
      responses: {
        200: {
          description: 'What was found.',
          content: { 'application/json': { schema: validationSchema, example: VALID_EXAMPLE } },
        },
        ...problems(400, 401, 413, 415, 422, 500, 503),
      },
    },
    async (c) => {
      const sent = parseWith(documentBody, await readJsonOrYaml(c));
      const { version, problems: found } = validatePolicy(context, kind, sent.document);
      const shown = found.map(({ pointer, message }) => ({ pointer: `/document${pointer}`, message }));
      return answerJson(c, { valid: shown.length === 0, version, problems: shown });
    },
  );
}

function addPublication(app: App, context: Context, { kind, id, tag, noun }: PolicyNaming, example: object): void {
  addOperation(
    app,
    {
      method: 'post',
      path: `/v1/${kind}`,
      operationId: `publish${id}`,
      tags: [tag],
      summary: `Publish ${noun}`,
      description: `Checks the document, keeps it and puts it in force: here at once, on other replicas within five seconds. What has come before keeps what was promised for it. \`parent\` must be the version in force, so that nobody’s change is lost. ${YAML_TOO}`,
      request: {
        body: {
          required: true,
          content: {
            'application/json': {
              schema: publishBody,
              examples: { one: { summary: 'A small document', value: publishExample(example) } },
            },
          },
        },
      },
      responses: {
        200: {
          description: 'A version of this content was kept already; it is in force.',
          content: { 'application/json': { schema: policyVersionSchema, example: versionExamples(example).version } },
        },
        201: {
          description: 'It is in force.',
          content: { 'application/json': { schema: policyVersionSchema, example: versionExamples(example).version } },
        },
        ...problems(400, 401, 409, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const sent = parseWith(publishBody, await readJsonOrYaml(c));
      const { version, created } = await publishPolicy(context, { ...sent, kind }, c.get('actor'));
      return answerJson(c, version, created ? 201 : 200);
    },
  );
}
