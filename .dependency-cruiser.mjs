/**
 * The layers of docs/architecture.md as rules: `npm run layers` checks them, type-only imports included.
 * tests/unit/layers.test.ts plants a violation of each rule and expects it to be found.
 */
const PURE = '^src/(triage|text)/';
const SLICES =
  '^src/(learning|intake|feedback|knowledge|replies|clusters|alerts|analytics|webhooks|customers|accounts|taxonomies|policies|rules|routing|jobs)/';
const EDGES = '^src/(http|web|cli|eval)/';
const ROOT_ENTRY = '^src/main\\.ts$';

/** What a process starts with: the program, and the files that worker threads run. */
const ENTRIES = '^src/(main|.+-worker)\\.ts$';
const TEST_DOUBLES = '^src/embedding/fake\\.ts$';

const npm = (...names) => `^node_modules/(${names.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'pure-no-io',
      comment:
        'Rules and text tools are functions of plain data: the same input gives the same decision on every machine, in tests, and when a stored decision is replayed. Files, sockets, processes and threads end that. node:crypto computes only.',
      severity: 'error',
      from: { path: PURE },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'pure-no-framework',
      comment:
        'A pure layer that knows the database, the server or the logger cannot be replayed without them. Pass values in.',
      severity: 'error',
      from: { path: PURE },
      to: {
        path: npm('kysely', '@types/pg', 'pg', 'pg-boss', '@electric-sql', 'hono', '@hono', 'pino', 'prom-client'),
      },
    },
    {
      name: 'pure-stays-inside',
      comment:
        'triage and text are below everything else: besides each other they may know errors.ts, not a slice, an edge, db, embedding or the configuration.',
      severity: 'error',
      from: { path: PURE },
      to: { path: '^src/', pathNot: [PURE, '^src/errors\\.ts$'] },
    },
    {
      name: 'infrastructure-knows-no-slice',
      comment: 'db and embedding serve every slice; knowing one would turn the arrow round and make a cycle.',
      severity: 'error',
      from: { path: '^src/(db|embedding)/' },
      to: { path: [SLICES, EDGES, ROOT_ENTRY] },
    },
    {
      name: 'slice-knows-no-edge',
      comment:
        'A slice is called by HTTP, by the command line and by jobs alike; what it knows of one of them, the others would have to imitate.',
      severity: 'error',
      from: { path: SLICES },
      to: { path: [EDGES, ROOT_ENTRY] },
    },
    {
      name: 'edge-only-from-main',
      comment:
        'Edges are leaves that main.ts starts. Code that two edges need belongs into a slice. The two exceptions are commands: cli/serve opens http (and web), cli/eval and its parts run eval.',
      severity: 'error',
      from: { path: '^src/(?!main\\.ts$)([^/]+)', pathNot: '^src/cli/(serve|eval|eval-[a-z]+)\\.ts$' },
      to: { path: EDGES, pathNot: '^src/$1/' },
    },
    {
      name: 'serve-opens-http-only',
      comment: 'The exception for cli/serve covers http and web.',
      severity: 'error',
      from: { path: '^src/cli/serve\\.ts$' },
      to: { path: '^src/eval/' },
    },
    {
      name: 'eval-command-runs-eval-only',
      comment: 'The exception for cli/eval covers eval: accuracy is measured without a server in between.',
      severity: 'error',
      from: { path: '^src/cli/(eval|eval-[a-z]+)\\.ts$' },
      to: { path: '^src/(http|web)/' },
    },
    {
      name: 'no-cycle',
      comment:
        'Modules of a cycle load in an order that depends on who came first, and can only be understood together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'fake-encoder-only-in-tests',
      comment: 'No setting, command or benchmark may ever answer with vectors that no model computed.',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: TEST_DOUBLES },
    },
    {
      name: 'natural-deep-imports-only',
      comment: 'The root of natural costs 0.5 s and 118 MB, reads .env and prints to stdout.',
      severity: 'error',
      from: {},
      to: { path: '^node_modules/natural/(?!lib/natural/[^/]+/)' },
    },
    {
      name: 'natural-behind-text',
      comment: 'natural has no types of its own: src/text is its one typed facade.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/text/' },
      to: { path: '^node_modules/natural/' },
    },
    {
      name: 'no-dead-file',
      comment: 'What neither main.ts nor a worker reaches is dead: delete it, or use it.',
      severity: 'error',
      from: { path: ENTRIES },
      to: { path: '^src/', pathNot: [ENTRIES, TEST_DOUBLES, '\\.d\\.ts$'], reachable: false },
    },
    {
      name: 'no-orphan',
      comment: 'A file that imports nothing and that nobody imports is forgotten.',
      severity: 'error',
      from: { orphan: true, path: '^(src|tests|bench)/', pathNot: ['\\.d\\.ts$', '-worker\\.ts$', ROOT_ENTRY] },
      to: {},
    },
    {
      name: 'src-stands-alone',
      comment: 'The image holds no tests, benchmarks or scripts.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tests|bench|scripts)/' },
    },
    {
      name: 'src-needs-no-dev-dependency',
      comment: '`npm ci --omit=dev` leaves them out of the image. Type-only imports vanish in the build.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package that package.json does not name is there by luck and leaves with its owner.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'A file or package that is not there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'default'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
