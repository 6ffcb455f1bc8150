import { z } from 'zod';
import type { Context } from '../../context.ts';
import { getRow } from '../../feedback/find-item.ts';
import { historyEntrySchema, listHistory } from '../../feedback/history.ts';
import { pageQuerySchema, pageSchemaOf } from '../../feedback/page-query.ts';
import { verifyAudit } from '../../feedback/verify-audit.ts';
import { answerJson } from '../answer.ts';
import { readQuery } from '../body.ts';
import { idOfPath } from '../change-request.ts';
import { jsonAnswer } from '../contents.ts';
import { AUDIT_EXAMPLE, HISTORY_EXAMPLE } from '../conversation-examples.ts';
import { itemParams } from '../item-params.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

const verifyQuerySchema = z.strictObject({
  subject: z.uuid().describe('The item’s id.').meta({ example: '01a20162-58db-746b-8ed4-46b9e0bc5972' }),
});
const auditSchema = z
  .object({
    subject: z.uuid(),
    whole: z.boolean().describe('Nothing was found.'),
    entries: z.int(),
    findings: z.array(
      z.object({
        kind: z.enum(['edited', 'missing', 'inserted']),
        seq: z.string().nullable().describe('The entry at or beside which it shows.'),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: 'AuditReport' });

/** What happened to an item, and whether the record of it is whole. */
export function historyRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/feedback/{id}/history',
      operationId: 'listHistory',
      tags: ['Lifecycle'],
      summary: 'Read what happened to an item',
      description: 'Every entry of its audit, oldest first, with a sentence in Chinese and in English.',
      request: { params: itemParams, query: pageQuerySchema },
      responses: {
        200: jsonAnswer('A page of entries.', pageSchemaOf(historyEntrySchema), HISTORY_EXAMPLE),
        ...problems(401, 404, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await listHistory(context, idOfPath(c), readQuery(c, pageQuerySchema))),
  );
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/audit/verify',
      operationId: 'verifyAudit',
      tags: ['Lifecycle'],
      summary: 'Check the record of one item',
      description:
        'Recomputes the chain of its entries and names what was edited, taken away or inserted. `npm run audit -- verify` does it for the whole database.',
      request: { query: verifyQuerySchema },
      responses: {
        200: jsonAnswer('What was found.', auditSchema, AUDIT_EXAMPLE),
        ...problems(401, 404, 422, 500, 503),
      },
    },
    async (c) => {
      const { subject } = readQuery(c, verifyQuerySchema);
      const report = await context.database.kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (snapshot) => {
          const { id } = await getRow(snapshot, subject);
          return await verifyAudit(snapshot, { feedbackId: id, signal: c.req.raw.signal });
        });
      const findings = report.findings.map(({ kind, seq, message }) => ({ kind, seq, message }));
      return answerJson(c, { subject, whole: report.found === 0, entries: report.entries, findings });
    },
  );
  return app;
}
