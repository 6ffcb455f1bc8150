import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { ISSUE_STATUSES } from '../../db/cluster-tables.ts';
import { person, remark } from '../../feedback/request-fields.ts';
import { safeName } from '../../feedback/safe-name.ts';
import { visibleText } from '../../text/storable.ts';
import { holdClusters } from '../find-cluster.ts';
import { masked, occasionOf } from './by-person.ts';
import { applyClusterChange, type ClusterChangeOptions, type ClusterRow } from './change-cluster.ts';

const LONGEST = { owner: 100, fixed_in: 100, ticket: 500 } as const;
/** A key such as `PAY-1042`, or an address: nothing that a browser would run, no e-mail address. */
const TICKET = /^(?:https?:\/\/[^\s<>"]+|[^\s:@<>"]+)$/;

export const issueRequestSchema = z
  .strictObject({
    status: z.enum(ISSUE_STATUSES).nullable().optional().describe('Of the known issue; null: it is none.'),
    fixed_in: visibleText(LONGEST.fixed_in)
      .optional()
      .describe('The version, or what else tells where it is fixed; with `fixed` only, and then needed.'),
    note: remark.nullable().optional().describe('About the issue. Personal data is masked.'),
    owner: visibleText(LONGEST.owner).nullable().optional().describe('Who looks after it; null: nobody.'),
    ticket: visibleText(LONGEST.ticket)
      .regex(TICKET, 'must be a key such as PAY-1042 or an address that begins with https://')
      .nullable()
      .optional()
      .describe('Key or address of a ticket elsewhere; null: none.'),
    by: person.optional(),
  })
  .superRefine(({ status, fixed_in, note, owner, ticket }, context) => {
    if ((status === 'fixed') !== (fixed_in !== undefined)) {
      const message = status === 'fixed' ? 'is needed with `fixed`' : 'is only for `fixed`';
      context.addIssue({ code: 'custom', path: ['fixed_in'], message });
    }
    if ([status, fixed_in, note, owner, ticket].every((value) => value === undefined))
      context.addIssue({ code: 'custom', path: [], message: 'must name status, note, owner or ticket' });
  })
  .meta({ id: 'ClusterStatusRequest' });
type IssueRequest = z.infer<typeof issueRequestSchema>;

/**
 * Says how it stands with a known issue, who looks after it, and where its ticket is; only what is given changes.
 *
 * @throws AppError `not_found`, `conflict` for one that has ended, `precondition_failed`
 */
export async function setIssueStatus(
  context: Pick<Context, 'database' | 'vault' | 'now'>,
  id: string,
  request: IssueRequest,
  { actor, ifVersion }: ClusterChangeOptions,
): Promise<ClusterRow> {
  const occasion = occasionOf(context, actor, request.by);
  const { note, owner, ticket } = request;
  const told = {
    ...(note !== undefined && { issue_note: note === null ? null : masked(note) }),
    ...(owner !== undefined && { owner: owner === null ? null : safeName(context.vault, owner.trim()) }),
    ...(ticket !== undefined && { ticket }),
  };
  return await context.database.kysely.transaction().execute(async (tx) => {
    const [row] = await holdClusters(tx, [id], { ifVersion });
    const set = { ...statusSet(row, request, occasion.at), ...told };
    const names = (Object.keys(set) as (keyof typeof set)[]).filter((name) => !isDeepStrictEqual(row[name], set[name]));
    if (names.length === 0) return row;
    const pick = (values: Partial<Record<keyof typeof set, unknown>>) =>
      Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
    const change = { before: pick(row), after: pick(set), by: occasion.person };
    return await applyClusterChange(tx, row, { action: 'cluster.status_changed', change, set }, occasion);
  });
}

/** Columns of the status. What regressed keeps in which version it was thought to be fixed, until it is so anew. */
function statusSet(row: ClusterRow, { status, fixed_in }: IssueRequest, at: Date) {
  if (status === undefined) return {};
  if (status === 'fixed') {
    const version = masked(fixed_in ?? '').trim();
    if (row.issue_status === 'fixed' && row.fixed_in === version) return {};
    return { issue_status: status, fixed_in: version, fixed_at: at, regressed_at: null };
  }
  if (row.issue_status !== 'fixed' && status !== null) return { issue_status: status };
  return { issue_status: status, fixed_in: null, fixed_at: null, regressed_at: null };
}
