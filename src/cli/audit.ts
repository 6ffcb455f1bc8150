import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { openDatabase } from '../db/connect.ts';
import { pendingMigrations } from '../db/migrate.ts';
import { AppError } from '../errors.ts';
import { type AuditReport, verifyAudit } from '../feedback/verify-audit.ts';
import type { Finding } from '../feedback/verify-chain.ts';
import { explainFileError } from '../intake/read-items.ts';
import { zonedTime } from '../intake/request.ts';
import { type AddCommand, createRuntime } from './command.ts';
import { EXIT } from './exit.ts';
import { showProgress } from './progress.ts';
import { print } from './write-to.ts';

const flagsSchema = z.object({ since: z.date().optional(), json: z.string().optional() });

/** `audit verify`. */
export const addAudit: AddCommand = (program, signal) => {
  const audit: Command = program.command('audit').description('look after the record of who changed what');
  audit
    .command('verify')
    .description('recompute every chain of the audit and name what was edited, taken away or inserted')
    .option('--since <time>', 'only chains that grew at or after this time, such as 2026-11-01T00:00:00Z', time)
    .option('--json <file>', 'write the report to a file')
    .action(async (values: unknown) => {
      const { since, json } = flagsSchema.parse(values);
      const report = await verify(since, signal);
      if (json !== undefined) await writeReport(json, report);
      for (const finding of report.findings) await print(describe(finding), signal);
      const more = report.found - report.findings.length;
      if (more > 0) await print(`… and ${more} more`, signal);
      const read = `${report.entries} entries in ${report.subjects} chains`;
      await print(report.found === 0 ? `The audit is whole: ${read}.` : `${report.found} findings: ${read}.`, signal);
      if (report.found > 0) process.exitCode = EXIT.failed;
    });
};

async function verify(since: Date | undefined, signal: AbortSignal): Promise<AuditReport> {
  const { config, logger } = createRuntime(signal, 'interactive');
  await using database = await openDatabase({ config, logger, signal });
  if ((await pendingMigrations(database)).length > 0)
    throw new AppError('conflict', 'The database is older than this program; run `migrate` first.');
  const progress = showProgress('audit');
  try {
    return await database.maintenance((kysely) =>
      kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((snapshot) => verifyAudit(snapshot, { since, signal, onProgress: progress.update })),
    );
  } finally {
    progress.end();
  }
}

function describe({ kind, subject_kind, subject_id, seq, message }: Finding): string {
  return `${kind.padEnd(8)} ${subject_kind} ${subject_id}${seq === null ? '' : ` entry ${seq}`}: ${message}`;
}

async function writeReport(file: string, report: AuditReport): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  } catch (error) {
    throw explainFileError(error, file);
  }
}

function time(value: string): Date {
  const parsed = zonedTime.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message ?? 'is not acceptable'}.`);
  return new Date(parsed.data);
}
