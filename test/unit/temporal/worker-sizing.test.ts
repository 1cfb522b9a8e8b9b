import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { cachedWorkflows } from '../../../src/temporal/worker-sizing.js';

test('the worker caches as many workflows as its memory allows', () => {
  const { MemoryMB } = loadConfig({ env: {} }).Orchestrator.Worker;
  expect(cachedWorkflows(MemoryMB, 4_096)).toBe(1_034);
  expect(cachedWorkflows(8_192, 16_384)).toBe(11_274);
});

test("it never uses more than Node's limit, nor fewer than it works on at once", () => {
  expect(cachedWorkflows(8_192, 1_024)).toBe(1_034);
  expect(cachedWorkflows(400, 250)).toBe(50);
});

test('a size too small for any worker is refused', () => {
  expect(() => loadConfig({ env: {}, flags: { 'Orchestrator.Worker.MemoryMB': '100' } })).toThrow(
    /Orchestrator\.Worker\.MemoryMB/,
  );
});
