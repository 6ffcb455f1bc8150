import { z } from 'zod';
import type { Context } from '../../context.ts';
import { classifyRequestSchema, MAX_BATCH } from '../../intake/request.ts';
import { policyVersionSchema } from '../../policies/versions.ts';
import { dryRun, dryRunSchema } from '../../rules/dry-run.ts';
import { explainMessage } from '../../rules/explain.ts';
import { publishRules } from '../../rules/publish.ts';
import { validateRules } from '../../rules/validate.ts';
import { visibleText } from '../../text/storable.ts';
import { ruleExplanationSchema } from '../../triage/rule-explanation.ts';
import { answerJson } from '../answer.ts';
import { parseWith, readJson, readJsonOrYaml } from '../body.ts';
import { type App, addOperation, newApp, problems } from '../openapi.ts';
import { addPolicyActivation, addPolicyReads, type PolicyNaming } from '../policy-operations.ts';
import * as examples from '../rule-examples.ts';

const document = z
  .record(z.string(), z.unknown())
  .describe(
    '`rules`, and `scopes` and `currencies` where they are not to stay those in force: the form of the files, see docs/rules.md.',
  );
const documentBody = z.strictObject({ document });
const dryRunBody = z
  .strictObject({
    document,
    items: z.array(classifyRequestSchema).min(1).max(MAX_BATCH).optional().describe('Messages to decide about.'),
    last: z.int().min(1).max(MAX_BATCH).optional().describe('The newest stored items instead; 100 unless given.'),
  })
  .refine(({ items, last }) => items === undefined || last === undefined, {
    path: ['last'],
    error: 'must not be given together with items; send one of the two',
  });
const publishBody = z.strictObject({
  document,
  parent: z.string().min(1).max(64).describe('The version that it was made from: the one in force.'),
  note: visibleText(500).optional().describe('Why. Personal data in it is masked.'),
});
const explainBody = classifyRequestSchema
  .omit({ taxonomy: true })
  .extend({ reports: z.int().min(0).max(1_000_000).optional().describe('Distinct customers with the same matter.') });
const validationSchema = z.object({
  valid: z.boolean(),
  version: z.string().describe('What it would be called.'),
  rules: z.int(),
  examples: z.int().describe('Examples that were run.'),
  problems: z.array(z.object({ pointer: z.string(), message: z.string() })),
});
const YAML_TOO = 'The body may be YAML (`Content-Type: application/yaml`) of the same form.';
/** More are counted, not listed. */
const MAX_PROBLEMS = 200;

const json = (schema: z.ZodType, example: object) => ({ 'application/json': { schema, example } });
const takes = (schema: z.ZodType, summary: string, value: object) => ({
  required: true,
  content: { 'application/json': { schema, examples: { one: { summary, value } } } },
});

const NAMING: PolicyNaming = {
  kind: 'rules',
  id: 'Rules',
  tag: 'Rules',
  noun: 'the rules',
  examples: { list: examples.RULES_EXAMPLE, version: examples.RULES_VERSION, detail: examples.RULES_DETAIL_EXAMPLE },
};

/** Versions of the rules: look, check, try, publish, go back. */
export function rulesRoutes(context: Context): App {
  const app = newApp();
  addPolicyReads(app, context, NAMING, document);
  addChecks(app, context);
  addChanges(app, context);
  addPolicyActivation(app, context, NAMING);
  return app;
}

function addChecks(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/rules/validate',
      operationId: 'validateRules',
      tags: ['Rules'],
      summary: 'Check rules without publishing them',
      description: `All problems at once, each with a pointer into the body: unknown conditions and names, circles, expressions that are refused, rules of one name, and rules whose own examples fail. ${YAML_TOO}`,
      request: { body: takes(documentBody, 'Rules of a shop', examples.VALIDATE_BODY) },
      responses: {
        200: { description: 'What was found.', content: json(validationSchema, examples.VALIDATION_EXAMPLE) },
        ...problems(400, 401, 413, 415, 422, 500, 503),
      },
    },
    async (c) => {
      const sent = parseWith(documentBody, await readJsonOrYaml(c));
      const { signal } = c.req.raw;
      const {
        version,
        rules,
        examples: run,
        problems: found,
      } = await validateRules(context, sent.document, { signal });
      const shown = found
        .slice(0, MAX_PROBLEMS)
        .map(({ pointer, message }) => ({ pointer: `/document${pointer}`, message }));
      const count = rules?.ruleBook.rules.length ?? 0;
      return answerJson(c, { valid: found.length === 0, version, rules: count, examples: run, problems: shown });
    },
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/rules/dry-run',
      operationId: 'dryRunRules',
      tags: ['Rules'],
      summary: 'Try rules on messages',
      description: `What would change, compared with the rules in force. Nothing is stored. ${YAML_TOO}`,
      request: { body: takes(dryRunBody, 'On given messages', examples.DRY_RUN_BODY) },
      responses: {
        200: { description: 'What would change.', content: json(dryRunSchema, examples.DRY_RUN_EXAMPLE) },
        ...problems(400, 401, 413, 415, 422, 500, 503),
      },
    },
    async (c) => {
      const sent = parseWith(dryRunBody, await readJsonOrYaml(c));
      return answerJson(c, await dryRun(context, sent, c.req.raw.signal));
    },
  );
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/rules/explain',
      operationId: 'explainRules',
      tags: ['Rules'],
      summary: 'Explain a decision rule by rule',
      description:
        'What was read, which words open a scope and how far, every rule that fired, every rule whose words stand in the text and what silenced it, what the heads say, sums at their rates, and the decision. Nothing is stored.',
      request: { body: takes(explainBody, 'A question', examples.EXPLAIN_BODY) },
      responses: {
        200: { description: 'The evaluation.', content: json(ruleExplanationSchema, examples.EXPLANATION_EXAMPLE) },
        ...problems(400, 401, 413, 415, 422, 500, 503),
      },
    },
    async (c) => {
      const sent = parseWith(explainBody, (await readJson(c)).value);
      return answerJson(c, await explainMessage(context, sent, { signal: c.req.raw.signal }));
    },
  );
}

function addChanges(app: App, context: Context): void {
  addOperation(
    app,
    {
      method: 'post',
      path: '/v1/rules',
      operationId: 'publishRules',
      tags: ['Rules'],
      summary: 'Publish rules',
      description: `Checks them as \`/v1/rules/validate\` does, keeps them and puts them in force: here at once, on other replicas within five seconds. \`parent\` must be the version in force, so that nobody’s change is lost. ${YAML_TOO}`,
      request: { body: takes(publishBody, 'Rules of a shop', examples.PUBLISH_BODY) },
      responses: {
        200: {
          description: 'A version of this content was kept already; it is in force.',
          content: json(policyVersionSchema, examples.RULES_VERSION),
        },
        201: { description: 'It is in force.', content: json(policyVersionSchema, examples.RULES_VERSION) },
        ...problems(400, 401, 409, 413, 415, 422, 500, 503, 507),
      },
    },
    async (c) => {
      const sent = parseWith(publishBody, await readJsonOrYaml(c));
      const { version, created } = await publishRules(context, sent, c.get('actor'), { signal: c.req.raw.signal });
      return answerJson(c, version, created ? 201 : 200);
    },
  );
}
