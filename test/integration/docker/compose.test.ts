import { execFile } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../../contract/config/load-config.js';
import { withSecretFiles } from '../../../contract/config/secret-files.js';
import { SEARCH_ATTRIBUTES } from '../../../contract/temporal-names.js';
import { parseToken } from '../../../src/auth/secret-token.js';
import { parseDuration } from '../../../contract/duration.js';
import { STOP_WITHIN_MS } from '../../../contract/process/stop-in-time.js';
import { Home } from '../../../embedded/home.js';
import { mongodArguments } from '../../../embedded/run-mongod.js';
import { TEMPORAL_SERVER_VERSION } from '../../../embedded/temporal-server-binary.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { removeFolder } from '../../support/remove-folder.js';

/** Checks of docker-compose.yml that need no Docker. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const execute = promisify(execFile);

interface Service {
  image: string;
  /** Services with images that are built from this repository. */
  build?: { context: string; target: string };
  command?: string[];
  entrypoint?: string[];
  restart?: string;
  stop_grace_period?: string;
  environment?: Record<string, string>;
  secrets?: string[];
  ports?: string[];
  volumes?: string[];
  healthcheck?: object;
  read_only?: boolean;
  cap_drop?: string[];
  depends_on?: Record<string, { condition: string }>;
}

const text = await readFile(join(ROOT, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  volumes: Record<string, null>;
};
const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);

/** A stage's instructions in the Dockerfile. */
function stageOf(target: string | undefined): string {
  const [, stage = ''] = dockerfile.split(new RegExp(`^FROM .* AS ${target}$`, 'm'));
  return stage.split('\nFROM ')[0] ?? '';
}

function healthcheckOf(target: string | undefined): string | undefined {
  return /^HEALTHCHECK .*$/m.exec(stageOf(target))?.[0];
}

test('has a replica set of MongoDB, Temporal on PostgreSQL with its Web UI, and all processes of Rollcall', () => {
  expect(Object.keys(compose.services)).toEqual(
    expect.arrayContaining([
      'mongodb-1',
      'mongodb-2',
      'mongodb-3',
      'postgres',
      'temporal',
      'temporal-ui',
      'api-1',
      'api-2',
      'proxy',
      'worker',
      'agent',
    ]),
  );
});

test('gives each process of Rollcall longer to stop than it takes', () => {
  const killedTooSoon = ours.filter(
    ([, { stop_grace_period = '10s' }]) => (parseDuration(stop_grace_period) ?? 0) <= STOP_WITHIN_MS,
  );
  expect(killedTooSoon).toEqual([]);
});

test('every dependency has a health check', () => {
  for (const [name, { depends_on = {} }] of services) {
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      const target = compose.services[needed];
      expect([name, needed, target !== undefined]).toEqual([name, needed, true]);
      const healthcheck = target?.healthcheck ?? healthcheckOf(target?.build?.target);
      if (condition === 'service_healthy') expect([needed, healthcheck]).toEqual([needed, expect.anything()]);
      // A service that runs once must not be restarted after it has ended.
      if (condition === 'service_completed_successfully')
        expect([needed, target?.restart]).toEqual([needed, 'on-failure']);
    }
  }
});

test('everything with data has a volume', () => {
  const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
  expect(Object.keys(compose.volumes).toSorted()).toEqual(mounted.filter((name) => !name.startsWith('.')).toSorted());
  for (const file of mounted.filter((name) => name.startsWith('.')))
    expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
});

test('images are pinned, and ports are published on this machine only', () => {
  for (const [name, { image, build, ports = [] }] of services) {
    if (build === undefined) expect([name, image]).toEqual([name, expect.stringMatching(/:\d/)]);
    for (const port of ports) expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:/)]);
  }
});

describe('secrets', () => {
  test("are files: no variable with a secret's name has another value", () => {
    for (const [name, { environment = {} }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/password|pwd|token|secret|uri/i.test(variable))
          expect([name, variable, value]).toEqual([name, variable, expect.stringMatching(/^\/run\/secrets\/[a-z-]+$/)]);
      }
    }
    expect(text).not.toMatch(/:\/\/[^/\s$]+:[^/\s]+@/);
  });

  test('are given only to the services that name them', () => {
    for (const [name, service] of services) {
      const { secrets = [], volumes = [], ...rest } = service;
      const scripts = volumes
        .filter((volume) => volume.startsWith('./docker/'))
        .map((volume) => volume.split(':')[0] ?? '');
      expect(secrets.filter((secret) => !(secret in compose.secrets))).toEqual([]);
      const named = [...JSON.stringify(rest).matchAll(/\/run\/secrets\/([a-z.-]+)/g)].map(([, secret]) => secret);
      if (scripts.length === 0)
        expect([name, secrets.toSorted()]).toEqual([
          name,
          [...new Set(named)].toSorted((one = '', other = '') => one.localeCompare(other)),
        ]);
    }
  });

  test('that are missing are reported with the command that makes them', () => {
    expect(compose.secrets['mongodb-keyfile']?.file).toBe(
      '${ROLLCALL_SECRETS:?run docker/make-secrets.sh first}/mongodb-keyfile',
    );
  });
});

test("every setting of Rollcall's processes exists", () => {
  for (const [, { environment = {} }] of ours) {
    const secret = (path: string) => (path.endsWith('uri') ? 'mongodb://host/db' : 'a-secret');
    loadConfig({ env: withSecretFiles(environment, secret) });
  }
});

test("Rollcall's processes are programs of the build, run by a user without privileges", async () => {
  for (const [name, { command = [] }] of ours) {
    const source = command[1]?.replace(/^dist\//, '').replace(/\.js$/, '.ts') ?? '';
    expect([name, source, existsSync(join(ROOT, source))]).toEqual([name, source, true]);
  }
  for (const [name, { command = [], build, read_only, cap_drop }] of ours) {
    const folder = command[1]?.split('/').slice(0, 2).join('/');
    expect([name, stageOf(build?.target)]).toEqual([name, expect.stringContaining(` ./${folder}\n`)]);
    expect([name, read_only, cap_drop]).toEqual([name, true, ['ALL']]);
  }
  expect(dockerfile.match(/^USER .*$/gm)).toEqual(['USER node']);
  expect((await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n')).toEqual(
    expect.arrayContaining(['.*', 'docker', 'node_modules']),
  );
});

test('its mongod has the settings of `npm start`', async () => {
  const home = await Home.open(await temporaryFolder());
  const settings = (words: readonly string[]) =>
    [...words.join(' ').matchAll(/--(?:setParameter|wiredTiger\w+)[ =]\S+/g)].map(([word]) => word.replace(' ', '='));
  // For a set of one, on a machine that is used for other things too.
  const ofOneMachine = /diagnosticDataCollectionEnabled|shutdownTimeoutMillisForSignaledShutdown/;
  const local = settings(mongodArguments(home, 27017)).filter((setting) => !ofOneMachine.test(setting));
  for (const name of ['mongodb-1', 'mongodb-2', 'mongodb-3'])
    expect([name, settings(compose.services[name]?.command ?? []).toSorted()]).toEqual([name, local.toSorted()]);
});

test('its Temporal is that of `npm run cluster`', () => {
  for (const [name, image] of [
    ['temporal', 'temporalio/server'],
    ['temporal-schema', 'temporalio/admin-tools'],
    ['temporal-namespace', 'temporalio/admin-tools'],
  ] as const)
    expect([name, compose.services[name]?.image]).toEqual([name, `${image}:${TEMPORAL_SERVER_VERSION}`]);
});

test('the proxy gets all variables of its configuration, and names each api', async () => {
  const { environment = {} } = compose.services['proxy'] ?? {};
  const asked = [...(await readFile(join(ROOT, 'docker', 'haproxy.cfg'), 'utf8')).matchAll(/\$\{(\w+)\}/g)];
  expect(new Set(asked.map(([, name]) => name))).toEqual(new Set(Object.keys(environment)));
  const apis = Object.keys(compose.services).filter((name) => name.startsWith('api-'));
  expect(Object.values(environment)).toEqual(expect.arrayContaining(apis.map((name) => `${name}:8480`)));
  for (const name of apis)
    expect(compose.services[name]?.environment?.['ORCHESTRATOR__API__TRUSTEDPROXIES']).toBe(environment['SOURCE']);
});

test('the search attributes are those of the workflows', async () => {
  const script = await readFile(join(ROOT, 'docker', 'temporal-namespace.sh'), 'utf8');
  expect(/for attribute in (.*); do/.exec(script)?.[1]?.split(' ')).toEqual([...SEARCH_ATTRIBUTES]);
});

describe('docker/make-secrets.sh', () => {
  let folder: string;
  let made: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-compose-'));
    await cp(join(ROOT, 'docker', 'make-secrets.sh'), join(folder, 'docker', 'make-secrets.sh'));
    await execute('sh', ['docker/make-secrets.sh'], { cwd: folder });
    made = await secretsIn(folder);
  });
  afterAll(() => removeFolder(folder));

  test('creates every secret that docker-compose.yml names', () => {
    expect(Object.keys(made)).toEqual(Object.keys(compose.secrets).toSorted());
    expect(new Set(Object.values(made)).size).toBe(Object.keys(made).length);
  });

  test('creates them readable by the services that need them', async () => {
    expect(parseToken(made['admin-token'] ?? '')?.prefix).toBe('rca');
    expect(parseToken(made['join-token'] ?? '')?.prefix).toBe('rcj');
    expect(loadConfig({ env: { ORCHESTRATOR__MONGODB__URI: made['mongodb-uri'] } }).Orchestrator.MongoDB.URI).toContain(
      made['mongodb-password'],
    );
    // MongoDB takes 6 to 1024 base64 characters.
    expect(made['mongodb-keyfile']).toMatch(/^[A-Za-z0-9+/=]{512,1024}$/);
    expect(new X509Certificate(made['proxy-certificate'] ?? '').verify(createPublicKey(made['ca.crt'] ?? ''))).toBe(
      true,
    );
    expect(new X509Certificate(made['proxy-certificate'] ?? '').checkHost('proxy')).toBe('proxy');
    expect((await stat(join(folder, 'docker', 'secrets'))).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe('ROLLCALL_SECRETS=./docker/secrets\n');
  });

  test('keeps existing ones', async () => {
    await execute('sh', ['docker/make-secrets.sh'], { cwd: folder });
    expect(await secretsIn(folder)).toEqual(made);
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe('ROLLCALL_SECRETS=./docker/secrets\n');
  });
});

async function secretsIn(folder: string): Promise<Record<string, string>> {
  const secrets = join(folder, 'docker', 'secrets');
  const names = (await readdir(secrets)).toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(secrets, name), 'utf8')] as const)),
  );
}
