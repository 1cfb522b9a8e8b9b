import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { metricTables } from '../../../scripts/render-metrics.mjs';
import { replacePart } from '../../../scripts/replace-part.mjs';
import { describedMetrics } from '../../../src/described-metrics.js';

const metrics = await describedMetrics();

test("docs/metrics.md matches the processes' registries (if not: npm run docs)", async () => {
  const document = await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const written = Object.entries(metricTables(metrics)).reduce(
    (text, [name, content]) => replacePart(text, name, content),
    document,
  );
  expect(written).toBe(document);
});

test('names follow the convention: counters end in total, histograms have a unit', () => {
  for (const { name, type } of metrics) {
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/);
    expect(name).not.toMatch(/_(ms|milliseconds|kilobytes|percent)\b/);
  }
});

test('no label contains a node, a session or a person', () => {
  const labels = new Set(metrics.flatMap((metric) => metric.labels));
  for (const label of ['node', 'uid', 'id', 'name', 'session', 'principal']) expect(labels).not.toContain(label);
});
