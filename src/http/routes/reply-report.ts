import type { Context } from '../../context.ts';
import { reportQuerySchema } from '../../replies/report/period.ts';
import { reportReplies } from '../../replies/report/report.ts';
import { replyReportSchema } from '../../replies/report/schema.ts';
import { answerJson } from '../answer.ts';
import { readQuery } from '../body.ts';
import { jsonAnswer } from '../contents.ts';
import { REPORT_EXAMPLE } from '../draft-examples.ts';
import { addOperation, newApp, problems } from '../openapi.ts';

/** What became of drafts. */
export function replyReportRoutes(context: Context) {
  const app = newApp();
  addOperation(
    app,
    {
      method: 'get',
      path: '/v1/replies/report',
      operationId: 'reportReplies',
      tags: ['Replies'],
      summary: 'See how drafts are accepted',
      description:
        'Drafts of a period: offered, accepted, edited, rejected and why, in total and by period, language, channel, situation and approach; what became of the items afterwards, beside those answered without a draft; weak templates and articles; guards; and what the model has cost. Shares have 95 % intervals; where there are too few cases they are null.',
      request: { query: reportQuerySchema },
      responses: {
        200: jsonAnswer('The report.', replyReportSchema, REPORT_EXAMPLE),
        ...problems(401, 422, 500, 503),
      },
    },
    async (c) => answerJson(c, await reportReplies(context, readQuery(c, reportQuerySchema))),
  );
  return app;
}
