/**
 * The layout's arrows:
 *
 *     contract <- activities <- workflows (types only); src wires them; agent | cli | web -> client -> HTTP, plus contract's pure files
 *
 * Rules with `reachable` hold over any number of steps: who imports a file imports what that file imports.
 * `npm run arrows` checks them; test/integration/architecture proves that the check catches what it should.
 */

const { readFileSync } = require('node:fs');
const path = require('node:path');

/** contract's pure vocabulary: everything but the files that parse (zod) or read (config from disk). */
const PURE = '^contract/[^/]+\\.ts$';
const SERVER_PACKAGES = '(^|node_modules/)(@nestjs/|nestjs-|mongoose|mongodb($|/)|@temporalio/|fastify)';

/**
 * The folders of each program, from the ground up: a file imports values from its own folder and from those before it. `.` are the
 * program's own files, beside its folders. What is needed of a later folder is a port of the earlier one, or belongs there.
 */
const FOLDERS = {
  src: [
    'tracing',
    'mechanics',
    'process',
    'http',
    'record',
    'auth',
    'silence',
    'cluster',
    'fleet',
    'history',
    'lifecycle',
    'sessions',
    'heartbeats',
    'installation',
    'approval',
    'joining',
    'nodes',
    'decisions',
    'drains',
    'quarantine',
    'maintenance',
    'events',
    'webhooks',
    'alerts',
    'requester',
    'health',
    'reconciliation',
    'retention',
    'support',
    'mongo',
    'temporal',
    'activity-ports',
    '.',
  ],
  agent: [
    'process',
    'control-plane',
    'membership',
    'availability',
    'cloud-notices',
    'sessions',
    'info',
    'resources',
    'fitness',
    'updates',
    '.',
    'sim',
  ],
  cli: ['process', 'arguments', 'output', 'connection', 'waiting', 'commands', 'grammar', '.'],
  'web/src': [
    'api',
    'time',
    'parts',
    'loading',
    'sign-in',
    'actions',
    'polling',
    'dialogs',
    'shell',
    'nodes',
    'sessions',
    'drains',
    'tokens',
    'approval',
    'maintenance',
    'alerts',
    'webhooks',
    'audit',
    'settings',
    'node',
    'overview',
    'palette',
    '.',
  ],
};

const manifestOf = (folder) => JSON.parse(readFileSync(path.join(__dirname, folder, 'package.json'), 'utf8'));
/** Folders with a package.json of their own; all others belong to the root's. */
const PACKAGES = manifestOf('.').workspaces;
const CONTROL_PLANE = ['src', 'workflows', 'activities'];

/** One rule in parts: for each package, those of ours that its package.json does not name. */
function packagesAreNamed() {
  const parts = [...PACKAGES.map((folder) => [folder, [folder]]), ['.', CONTROL_PLANE]];
  return parts.flatMap(([manifest, folders]) => {
    const { name, dependencies = {}, devDependencies = {} } = manifestOf(manifest);
    const named = { ...dependencies, ...devDependencies };
    const strange = PACKAGES.filter((folder) => folder !== manifest && !(`@rollcall/${folder}` in named));
    return {
      name: 'our-packages-are-named',
      comment: `A program is installed with what its package.json names: that of ${name} says which folders its code may import.`,
      severity: 'error',
      from: { path: `^(${folders.join('|')})/` },
      to: { path: `^(${strange.join('|')})/` },
    };
  });
}

const filesOf = (program, folder) => (folder === '.' ? `^${program}/[^/]+$` : `^${program}/${folder}/`);

/** One rule in parts: for each folder, and for those that have no place yet. */
function foldersFormNoCycle() {
  const common = { name: 'folders-form-no-cycle', severity: 'error' };
  const values = { dependencyTypesNot: ['type-only'] };
  return Object.entries(FOLDERS).flatMap(([program, folders]) => [
    ...folders.slice(0, -1).map((folder, at) => ({
      ...common,
      comment:
        'Folders that need each other are one folder; those before can be read without those after. FOLDERS has their order.',
      from: { path: filesOf(program, folder) },
      to: { path: folders.slice(at + 1).map((later) => filesOf(program, later)), ...values },
    })),
    {
      ...common,
      comment: 'A new folder has a place among the others: FOLDERS says which.',
      from: { path: `^${program}/` },
      to: { path: `^${program}/[^/]+/`, pathNot: folders.map((folder) => filesOf(program, folder)) },
    },
    {
      ...common,
      comment: 'A new folder has a place among the others: FOLDERS says which.',
      from: { path: `^${program}/[^/]+/`, pathNot: folders.map((folder) => filesOf(program, folder)) },
      to: { path: `^${program}/` },
    },
  ]);
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'contract-imports-nothing-of-ours',
      comment: 'Everybody shares the contract: whatever it imported, everybody would.',
      severity: 'error',
      from: { path: '^contract/' },
      to: { path: '^(workflows|activities|src|agent|cli|web|client|embedded|bench|test|scripts)/' },
    },
    {
      name: 'pure-contract-stays-pure',
      comment:
        'Workflows and browsers read these files: no zod, no Node, no package at all. Schemas belong in contract/schemas, files in contract/config.',
      severity: 'error',
      from: { path: PURE },
      to: { reachable: true, pathNot: PURE },
    },
    {
      name: 'schemas-read-no-disk',
      comment: 'Requests are parsed in the browser too: schemas reach zod and the pure vocabulary, nothing else.',
      severity: 'error',
      from: { path: '^contract/schemas/' },
      to: { pathNot: ['^contract/schemas/', PURE, '(^|node_modules/)zod(/|$)'] },
    },
    {
      name: 'workflows-are-deterministic',
      comment:
        "Workflow code runs in a sandbox and is replayed: it may reach Temporal's workflow API, the pure contract and nothing else.",
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        reachable: true,
        pathNot: ['^workflows/', PURE, '^activities/', '(^|node_modules/)@temporalio/(workflow|common)/'],
      },
    },
    {
      name: 'workflows-know-activities-by-type-only',
      comment: 'Activities run elsewhere: workflow code calls them by name.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'activities-know-ports-only',
      comment: 'Activities know ports; the worker decides who implements them.',
      severity: 'error',
      from: { path: '^activities/' },
      to: { pathNot: ['^activities/', PURE] },
    },
    {
      name: 'agent-cli-and-web-reach-no-server-code',
      comment:
        'They talk HTTP through the client: an agent on a node or a page in a browser carries nothing of the control plane.',
      severity: 'error',
      from: { path: '^(agent|cli|web|client)/' },
      to: { reachable: true, path: [SERVER_PACKAGES, '^(src|workflows|activities|embedded)/'] },
    },
    {
      name: 'client-is-a-package-of-its-own',
      comment: 'Others install it: it imports nothing of ours.',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(agent|cli|web|contract|src|workflows|activities|embedded|bench|test)/' },
    },
    {
      name: 'agent-cli-and-web-are-strangers',
      comment: "Three programs that share the contract and the client, not each other's code.",
      severity: 'error',
      from: { path: '^(agent|cli|web)/' },
      to: { path: '^(agent|cli|web)/', pathNot: '^$1/' },
    },
    {
      name: 'duckdb-only-in-a-process-of-its-own',
      comment:
        "A query must not be able to hurt anything but itself: DuckDB is loaded by the module that a session's process begins with, and reached from nowhere else.",
      severity: 'error',
      from: { pathNot: ['^agent/sessions/(duckdb-worker|duckdb-query|json-cell)\\.ts$', '^node_modules/'] },
      to: { reachable: true, path: '(^|node_modules/)@duckdb/' },
    },
    {
      name: 'mongoose-only-in-src-mongo',
      comment:
        'The rest of the control plane knows stores by what it needs of them; whoever runs a mongod asks it with the same driver.',
      severity: 'error',
      from: { pathNot: ['^src/mongo/', '^embedded/run-mongod\\.ts$', '^test/', '^bench/'] },
      to: { path: '(^|node_modules/)(mongoose|@nestjs/mongoose)(/|$)' },
    },
    {
      name: 'temporal-clients-only-in-src-temporal',
      comment:
        'One place signals and starts workflows, so that each signal carries what it must; tracing says nothing, and goes along.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/temporal/', '^src/tracing/'] },
      to: { path: '(^|node_modules/)@temporalio/' },
    },
    {
      name: 'nobody-imports-workflows',
      comment: 'The worker bundles them by path; to import them would run them outside of their sandbox.',
      severity: 'error',
      from: { path: '^(src|agent|cli|web|client|embedded|activities|contract)/' },
      to: { path: '^workflows/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'embedded-knows-the-contract-only',
      comment: 'It starts the processes; it is not one of them.',
      severity: 'error',
      from: { path: '^embedded/' },
      to: { path: '^(src|workflows|activities|agent|cli|web|client|bench|test)/' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { path: '^(contract|workflows|activities|src|agent|cli|web|client|embedded)/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one idea, or three.',
      severity: 'error',
      from: { pathNot: ['^client/', '^node_modules/'] },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...foldersFormNoCycle(),
    ...packagesAreNamed(),
    {
      name: 'packages-are-named',
      comment:
        'A program is installed with what its package.json names, and with nothing that happens to lie beside it.',
      severity: 'error',
      from: { path: `^(${[...PACKAGES, ...CONTROL_PLANE].join('|')})/` },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'programs-run-without-development-packages',
      comment: 'Production installs leave them out. The page is the exception: it is built, and needs no package then.',
      severity: 'error',
      from: { path: `^(${[...PACKAGES, ...CONTROL_PLANE].join('|')})/`, pathNot: '^web/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'no-unresolvable-import',
      severity: 'error',
      from: { path: '^(contract|workflows|activities|src|agent|cli|web|client|embedded)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-node-in-the-sandbox',
      comment: 'A built-in module reaches out of the sandbox.',
      severity: 'error',
      from: { path: '^(workflows|activities)/|' + PURE },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
    combinedDependencies: false,
  },
};
