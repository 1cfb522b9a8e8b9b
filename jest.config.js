/** ESM TypeScript through swc; imports end in `.js` and mean the `.ts` beside. Real servers start in many suites, hence the time-out. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/test/preload.mjs'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testTimeout: 120_000,
  // Suites wait more than they work; each has servers, ports and folders of its own.
  maxWorkers: 2,
};
