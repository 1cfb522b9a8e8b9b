import { LEVELS } from './scripts/test-levels.mjs';

/** Where code is, and tests of it: watch mode follows these, and no package. */
const ROOTS = [
  'contract',
  'client',
  'workflows',
  'activities',
  'src',
  'agent',
  'cli',
  'embedded',
  'bench',
  'scripts',
  'test',
];

const MARKS = '<rootDir>/test/jest/mark-processes.mjs';
/** Before each file, by level. Nest is loaded by those that have the api or the worker in their own process. */
const NEST_FIRST = ['<rootDir>/test/jest/nest-first.mjs', MARKS];
const SETUP = { unit: [], integration: NEST_FIRST, cluster: NEST_FIRST };

/**
 * ESM TypeScript through swc; imports end in `.js` and mean the `.ts` beside. What a test waits for fails by itself and says for what:
 * the time-out is for what nobody thought of. test/README.md says what the levels are.
 */
export default {
  globalSetup: '<rootDir>/test/jest/begin-run.mjs',
  globalTeardown: '<rootDir>/test/jest/end-run.mjs',
  testTimeout: 240_000,
  testSequencer: '<rootDir>/test/jest/clusters-apart.mjs',
  // Suites wait for servers for a third of their time: three fill two cores. Each has ports, folders and databases of its own.
  maxWorkers: 3,
  // Of the heap: with all else a worker takes twice as much. V8 leaves what a suite has left behind until it must; a new worker costs a second.
  workerIdleMemoryLimit: '400MB',
  projects: LEVELS.map((level) => ({
    displayName: level,
    roots: ROOTS.map((folder) => `<rootDir>/${folder}`),
    testMatch: [`<rootDir>/test/${level}/**/*.test.ts`],
    extensionsToTreatAsEsm: ['.ts'],
    transform: { '^.+\\.ts$': ['@swc/jest'] },
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
    testEnvironment: `<rootDir>/test/jest/${level === 'unit' ? 'unit' : 'patient'}-environment.mjs`,
    setupFiles: SETUP[level] ?? [MARKS],
  })),
};
