import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { PROMTOOL } from '../../../scripts/test-tools.mjs';

interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
}
interface RuleTests {
  tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
}
interface Panel {
  title: string;
  targets?: { expr: string }[];
}

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
const rules = (parse(await read('monitoring/alerts.yml')) as Rules).groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(await read('monitoring/dashboard.json')) as { panels: Panel[] };
const isThere = PROMTOOL.isThere() ? test : test.skip;
const promtool = (...words: string[]) => promisify(execFile)('promtool', words);

isThere(
  'promtool understands every alert, and each fires at what it is for',
  async () => {
    expect((await promtool('check', 'rules', 'monitoring/alerts.yml')).stdout).toContain(`${rules.length} rules found`);
    expect((await promtool('test', 'rules', 'monitoring/alerts.test.yml')).stdout).toContain('SUCCESS');
  },
  60_000,
);

test('every alert is tested firing, and not firing', async () => {
  const { tests } = parse(await read('monitoring/alerts.test.yml')) as RuleTests;
  const tried = tests.flatMap((one) => one.alert_rule_test);
  for (const { alert } of rules) {
    const counts = tried.filter(({ alertname }) => alertname === alert).map(({ exp_alerts }) => exp_alerts.length);
    expect([alert, counts.some((count) => count > 0), counts.includes(0)]).toEqual([alert, true, true]);
  }
});

test('every alert names an entry of the runbook', async () => {
  const text = await read('docs/operations.md');
  const entries = [...text.slice(text.indexOf('\n## Runbook')).matchAll(/^### (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const { alert, annotations } of rules)
    expect([alert, entries.map((entry) => `docs/operations.md#${entry}`)]).toEqual([
      alert,
      expect.arrayContaining([annotations['runbook']]),
    ]);
});

const LABELS_OF_PROMETHEUS = ['job', 'instance', 'le'];

test.each([
  ...rules.map(({ alert, expr }) => [`the alert ${alert}`, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [`the panel “${title}”`, expr] as const)),
])('%s uses metrics and labels of docs/metrics.md: %s', async (_of, expr) => {
  const rows = [...(await read('docs/metrics.md')).matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) \|/gm)];
  const labels = new Map(
    rows.map(([, name = '', type, list = '']) => [
      type === 'histogram' ? `${name}_bucket` : name,
      [...list.matchAll(/`(\w+)`/g)].map(([, label]) => label),
    ]),
  );
  const asked = [...expr.matchAll(/\b(?:rollcall|temporal|process|nodejs)_\w+\b/g)].map(([name]) => name);
  const known = (name: string) => labels.get(name) ?? labels.get(name.replace(/_(count|sum)$/, '_bucket'));
  expect(asked.filter((name) => known(name) === undefined)).toEqual([]);
  const used = [
    ...[...expr.matchAll(/(\w+)\s*=~?"/g)].map(([, label]) => label),
    ...[...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/)),
  ];
  const allowed = new Set([...LABELS_OF_PROMETHEUS, ...asked.flatMap((name) => known(name) ?? [])]);
  expect(used.filter((label) => !allowed.has(label))).toEqual([]);
});
