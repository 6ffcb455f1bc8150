import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../src/cli/command.ts';
import { SECTIONS } from './sections/all.ts';

export interface Options {
  /** Numbers of the sections to run. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly texts: number;
  readonly databaseUrl: string | undefined;
  readonly write: boolean;
}

const ALL = SECTIONS.map(({ id }) => id);
/** Fewer give a median that one disturbed round can move. */
const LEAST_ROUNDS_TO_WRITE = 3;

/** Reads the command line; says what is wrong with it and ends the process when something is. */
export function readOptions(argv: readonly string[]): Options {
  const program = new Command('npm run bench --')
    .description('Measures the speed and cost of the service against ONNX Runtime alone.')
    .option('--only <list>', `sections to run, such as S1,S3 (all: ${ALL.join(',')})`, parseOnly, ALL)
    .option('--rounds <count>', 'rounds that count, after one to warm up', wholeNumber(1), 5)
    .option('--texts <count>', 'texts per round', wholeNumber(8), 400)
    .option('--database-url <url>', 'PostgreSQL with pgvector for S3 (default: TEST_DATABASE_URL)')
    .option('--write', 'write docs/benchmarks.md')
    .parse(argv);
  const { databaseUrl = process.env.TEST_DATABASE_URL, write = false, ...rest } = program.opts();
  const options: Options = { only: rest.only, rounds: rest.rounds, texts: rest.texts, databaseUrl, write };
  if (write && options.only.length < ALL.length) program.error('--write needs all sections: leave --only out.');
  if (write && options.rounds < LEAST_ROUNDS_TO_WRITE) {
    program.error(`--write needs at least ${LEAST_ROUNDS_TO_WRITE} rounds.`);
  }
  return options;
}

/** The command as it can be shown: the address of a database may hold a password. */
export function describeCommand({ rounds, texts, databaseUrl, write }: Options): string {
  const parts = ['npm run bench --', `--rounds ${rounds}`, `--texts ${texts}`, ...(write ? ['--write'] : [])];
  return `${databaseUrl === undefined ? '' : 'TEST_DATABASE_URL=… '}${parts.join(' ')}`;
}

function parseOnly(list: string): string[] {
  const ids = list.split(',').map((id) => id.trim().toUpperCase());
  const unknown = ids.filter((id) => !ALL.includes(id));
  if (unknown.length > 0) throw new InvalidArgumentError(`${unknown.join(', ')}: there are ${ALL.join(', ')}`);
  return ids;
}
