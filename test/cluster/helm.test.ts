import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { runCommand } from '../../embedded/run-command.js';
import { loadConfig } from '../../contract/config/load-config.js';
import { withSecretFiles } from '../../contract/config/secret-files.js';
import { helm, kubeconform, kubernetesSchemas } from '../support/servers/kubernetes-tools.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What Helm makes of the chart, validated against Kubernetes' schemas. It was not run on a cluster. */

const CHART = fileURLToPath(new URL('../../deploy/helm/rollcall', import.meta.url));
/** Helm built from its Go module assumes Kubernetes 1.20. */
const KUBERNETES = '1.34.0';
const FIRST_TIME_MS = 25 * 60_000;

const LEAST = { temporal: { address: 'temporal:7233' } };
const ALL = {
  imagePullSecrets: [{ name: 'pull' }],
  mongodb: { caSecret: 'mongodb-ca' },
  temporal: {
    ...LEAST.temporal,
    namespace: 'rollcall',
    webUI: 'https://ui',
    tlsSecret: 'tls',
    apiKeySecret: 'key',
    payloadKeysSecret: 'payloads',
  },
  auth: { joinTokenSecret: 'join' },
  settings: { 'Orchestrator.NodeManager.DisconnectTimeout': '2m', 'Orchestrator.NodeManager.ManualApproval': true },
  api: { publicURL: 'https://rollcall.example', packagesClaim: 'packages', trustedProxies: ['10.0.0.0/8', '::1'] },
  worker: { tolerations: [{ operator: 'Exists' }], nodeSelector: { pool: 'a' } },
  ingress: { enabled: true, className: 'nginx', tlsSecret: 'certificate', annotations: { a: 'b' } },
  networkPolicy: { apiFrom: [{ podSelector: {} }], serversTo: [{ ipBlock: { cidr: '10.0.0.0/8' } }], oidcPorts: [443] },
};
const KINDS = [
  'statefulset-apps-v1',
  'deployment-apps-v1',
  'service-v1',
  'poddisruptionbudget-policy-v1',
  'networkpolicy-networking-v1',
  'ingress-networking-v1',
];

interface Rendered {
  kind: string;
  metadata: { name: string };
  spec: {
    template?: { spec: { containers: { env: { name: string; value?: string }[] }[] } };
  };
}

let helmBinary: string;
let kubeconformBinary: string;
beforeAll(async () => {
  helmBinary = await helm();
  kubeconformBinary = await kubeconform();
}, FIRST_TIME_MS);

const run = (command: string, ...args: string[]) => runCommand(command, args, { timeoutMs: 120_000 });

async function rendered(values: object): Promise<{ file: string; objects: Rendered[] }> {
  const folder = await temporaryFolder();
  const given = join(folder, 'values.yaml');
  await writeFile(given, stringify(values));
  const { stdout } = await run(helmBinary, 'template', 'prod', CHART, '--kube-version', KUBERNETES, '--values', given);
  await run(helmBinary, 'lint', '--strict', '--kube-version', KUBERNETES, CHART, '--values', given);
  const file = join(folder, 'rendered.yaml');
  await writeFile(file, stdout);
  return { file, objects: parseAllDocuments(stdout).map((document) => document.toJS() as Rendered) };
}

test.each([
  ['the least that it needs', LEAST],
  ['everything', ALL],
])('with %s it is valid for Kubernetes', async (_, values) => {
  const { file } = await rendered(values);
  const location = await kubernetesSchemas(await temporaryFolder(), KUBERNETES, KINDS);
  const { stdout } = await run(kubeconformBinary, '-strict', '-summary', '-schema-location', location, file);
  expect(stdout).toMatch(/^Summary: [89] resources found in 1 file - Valid: [89], Invalid: 0, Errors: 0, Skipped: 0/m);
});

test("a pod's configuration is valid for Rollcall's processes", async () => {
  const { objects } = await rendered(ALL);
  const pods = objects.flatMap(({ spec }) => spec.template?.spec.containers ?? []);
  expect(pods).toHaveLength(2);
  for (const { env } of pods) {
    const environment = Object.fromEntries(env.map(({ name, value = 'rollcall-api-0' }) => [name, value]));
    const config = loadConfig({ env: withSecretFiles(environment, () => 'mongodb://host/db') });
    expect(config.Orchestrator.NodeManager).toMatchObject({ DisconnectTimeout: 120_000, ManualApproval: true });
  }
});

test.each([
  ['no address of Temporal', {}, '/temporal/address'],
  ['a value that there is not', { ...LEAST, replica: 3 }, 'replica'],
  ['no replica', { ...LEAST, api: { replicas: 0 } }, '/api/replicas'],
  ['a setting that is none', { ...LEAST, settings: { foo: 1 } }, 'foo'],
])('refuses %s, and names it', async (_, values, named) => {
  const given = join(await temporaryFolder(), 'values.yaml');
  await writeFile(given, stringify(values));
  const words = ['template', 'prod', CHART, '--kube-version', KUBERNETES, '--values', given];
  await expect(promisify(execFile)(helmBinary, words)).rejects.toMatchObject({
    stderr: expect.stringContaining(named),
  });
});
