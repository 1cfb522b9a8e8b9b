import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { CONFIG_KEYS } from '../../../contract/config/config-keys.js';
import { STOP_WITHIN_MS } from '../../../contract/process/stop-in-time.js';

/** Tests of the Helm chart without Helm: api and worker match docker-compose.yml. test/cluster tests Helm's output. */

const ROOT = new URL('../../../', import.meta.url);
const CHART = 'deploy/helm/rollcall/';
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

interface Service {
  command: string[];
  environment: Record<string, string>;
}
const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const helpers = read(`${CHART}templates/_helpers.tpl`);
const templates = { 'api-1': read(`${CHART}templates/api.yaml`), worker: read(`${CHART}templates/worker.yaml`) };

/** Settings in a template or in Compose, without the suffix of those that are read from a file. */
const settingsIn = (text: string) =>
  new Set([...text.matchAll(/\b(ORCHESTRATOR__[A-Z_]+?)(?:_FILE)?\b(?!_)/g)].map(([, name = '']) => name));
const known = new Set(CONFIG_KEYS.map(({ path }) => path.replaceAll('.', '__').toUpperCase()));

describe.each(['api-1', 'worker'] as const)('%s', (name) => {
  const service = services[name];
  const template = templates[name];
  const settings = settingsIn(`${template}${helpers}`);

  test('has every setting of the Compose file, and none that does not exist', () => {
    const ofCompose = Object.keys(service?.environment ?? {}).map((variable) => variable.replace(/_FILE$/, ''));
    expect(ofCompose.length).toBeGreaterThan(2);
    expect(ofCompose.filter((variable) => !settings.has(variable))).toEqual([]);
    expect([...settings].filter((variable) => !known.has(variable))).toEqual([]);
  });

  test('runs the same program at the same port', () => {
    expect(template).toContain(`command: [${service?.command.join(', ')}]`);
    const [, port] = /:(\d+)$/.exec(service?.environment['ORCHESTRATOR__WORKER__METRICSADDRESS'] ?? ':8480') ?? [];
    expect(template).toContain(`containerPort: ${port}`);
  });
});

test('each pod has longer to stop than it takes, and no unnecessary privileges', () => {
  const [, seconds] = /terminationGracePeriodSeconds: (\d+)/.exec(helpers) ?? [];
  expect(Number(seconds) * 1_000).toBeGreaterThan(STOP_WITHIN_MS);
  for (const line of [
    'runAsNonRoot: true',
    'readOnlyRootFilesystem: true',
    'drop: [ALL]',
    'automountServiceAccountToken: false',
  ])
    expect(helpers).toContain(line);
});

test('values.schema.json knows every value, and refuses others', () => {
  interface Schema {
    type?: unknown;
    additionalProperties?: unknown;
    properties?: Record<string, Schema>;
  }
  const strange: string[] = [];
  const walk = (values: object, { properties, additionalProperties }: Schema, path: string) => {
    if (properties === undefined) return;
    expect([path, additionalProperties]).toEqual([path, false]);
    for (const [name, value] of Object.entries(values)) {
      const schema = properties[name];
      if (schema === undefined) strange.push(`${path}${name}`);
      else if (typeof value === 'object' && value !== null && !Array.isArray(value))
        walk(value, schema, `${path}${name}.`);
    }
  };
  const schema = JSON.parse(read(`${CHART}values.schema.json`)) as Schema;
  walk(parse(read(`${CHART}values.yaml`)) as object, schema, '');
  expect(strange).toEqual([]);
});

test('no secret is a value: each is the name of an existing Secret', () => {
  const all = readdirSync(new URL(`${CHART}templates`, ROOT)).map((name) => read(`${CHART}templates/${name}`));
  expect(all.filter((text) => text.includes('kind: Secret'))).toEqual([]);
});

test('the chart has the version of what it installs', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(parse(read(`${CHART}Chart.yaml`))).toMatchObject({ version, appVersion: version });
});
