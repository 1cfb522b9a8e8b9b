/**
 * ESM TypeScript through swc; imports end in `.js` and mean the `.ts` beside. What a test waits for fails by itself and says for what:
 * the time-out is for what nobody thought of.
 */
export default {
  testEnvironment: '<rootDir>/test/jest/patient-environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  globalSetup: '<rootDir>/test/jest/begin-run.mjs',
  globalTeardown: '<rootDir>/test/jest/end-run.mjs',
  setupFiles: ['<rootDir>/test/jest/preload.mjs', '<rootDir>/test/jest/mark-processes.mjs'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testTimeout: 240_000,
  // Suites wait more than they work; each has ports, folders and databases of its own.
  maxWorkers: 2,
  // Of the heap: with all else a worker takes twice as much. V8 leaves what a suite has left behind until it must; a new worker costs a second.
  workerIdleMemoryLimit: '400MB',
};
