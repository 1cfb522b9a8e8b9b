import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { cachedWorkflows } from '../../../src/temporal/worker-sizing.js';

test('the worker keeps as many workflows at hand as its memory takes', () => {
  const { MemoryMB } = loadConfig({ env: {} }).Orchestrator.Worker;
  expect(cachedWorkflows(MemoryMB, 4_096)).toBe(1_034);
  expect(cachedWorkflows(8_192, 16_384)).toBe(11_274);
});

test('it never takes more than Node lets it have, nor fewer than it works on at once', () => {
  expect(cachedWorkflows(8_192, 1_024)).toBe(1_034);
  expect(cachedWorkflows(400, 250)).toBe(50);
});

test('a size that no worker could run in is refused', () => {
  expect(() => loadConfig({ env: {}, flags: { 'Orchestrator.Worker.MemoryMB': '100' } })).toThrow(
    /Orchestrator\.Worker\.MemoryMB/,
  );
});
