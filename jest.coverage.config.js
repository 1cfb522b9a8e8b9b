import base from './jest.config.js';

/**
 * What the tests of the workflow and of the vocabulary reach. The harness instruments the workflow's bundle too and brings
 * home what ran inside Temporal's sandbox, where jest cannot look.
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/workflows/**/*.test.ts', '<rootDir>/test/contract/**/*.test.ts'],
  collectCoverage: true,
  coverageProvider: 'babel',
  collectCoverageFrom: ['workflows/**/*.ts', 'contract/**/*.ts', 'activities/**/*.ts'],
  coverageReporters: ['text', 'lcov'],
  coverageThreshold: { './workflows/': { branches: 90 }, './contract/': { branches: 90 } },
};
