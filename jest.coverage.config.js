import base from './jest.config.js';

/**
 * The same, measuring what the tests reach of the workflow and of the vocabulary. The workflow tests' harness brings home
 * what ran inside Temporal's sandbox, where jest cannot look.
 */
export default {
  ...base,
  collectCoverage: true,
  coverageProvider: 'babel',
  collectCoverageFrom: ['workflows/**/*.ts', 'contract/**/*.ts', 'activities/**/*.ts'],
  coverageReporters: ['text', 'lcov'],
  coverageThreshold: { './workflows/': { branches: 90 }, './contract/': { branches: 90 } },
  projects: base.projects.map((project) => ({
    ...project,
    coveragePathIgnorePatterns: ['/node_modules/', '/test/'],
  })),
};
