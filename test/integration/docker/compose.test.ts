import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../../contract/config/load-config.js';
import { withSecretFiles } from '../../../contract/config/secret-files.js';
import { SEARCH_ATTRIBUTES } from '../../../contract/search-attributes.js';
import { parseToken } from '../../../src/auth/secret-token.js';
import { parseDuration } from '../../../contract/duration.js';
import { STOP_WITHIN_MS } from '../../../contract/process/stop-in-time.js';

/** What can be known of docker-compose.yml without Docker. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const execute = promisify(execFile);

interface Service {
  image: string;
  /** Of the images that are built from this repository. */
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
  depends_on?: Record<string, { condition: string }>;
}

const text = await readFile(join(ROOT, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  volumes: Record<string, null>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);

test('has a replica set of MongoDB, Temporal on PostgreSQL with its Web UI, and every process of ours', () => {
  expect(Object.keys(compose.services)).toEqual(
    expect.arrayContaining([
      'mongodb-1',
      'mongodb-2',
      'mongodb-3',
      'postgres',
      'temporal',
      'temporal-ui',
      'api',
      'worker',
      'agent',
    ]),
  );
});

test('gives each process of ours longer to stop than it takes', () => {
  const killedTooSoon = ours.filter(
    ([, { stop_grace_period = '10s' }]) => (parseDuration(stop_grace_period) ?? 0) <= STOP_WITHIN_MS,
  );
  expect(killedTooSoon).toEqual([]);
});

test('what is waited for can be told to be ready', () => {
  for (const [name, { depends_on = {} }] of services) {
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      const target = compose.services[needed];
      expect([name, needed, target !== undefined]).toEqual([name, needed, true]);
      if (condition === 'service_healthy') expect([needed, target?.healthcheck]).toEqual([needed, expect.anything()]);
      // A service that is to end must not be started again when it has.
      if (condition === 'service_completed_successfully')
        expect([needed, target?.restart]).toEqual([needed, 'on-failure']);
    }
  }
});

test('everything that keeps data has a volume', () => {
  const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
  expect(Object.keys(compose.volumes).toSorted()).toEqual(mounted.filter((name) => !name.startsWith('.')).toSorted());
  for (const file of mounted.filter((name) => name.startsWith('.')))
    expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
});

test('images are pinned, and published ports are on this machine alone', () => {
  for (const [name, { image, build, ports = [] }] of services) {
    if (build === undefined) expect([name, image]).toEqual([name, expect.stringMatching(/:\d/)]);
    for (const port of ports) expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:/)]);
  }
});

describe('secrets', () => {
  test('are files: nothing whose name tells of a secret has another value', () => {
    for (const [name, { environment = {} }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/password|pwd|token|secret|uri/i.test(variable))
          expect([name, variable, value]).toEqual([name, variable, expect.stringMatching(/^\/run\/secrets\/[a-z-]+$/)]);
      }
    }
    expect(text).not.toMatch(/:\/\/[^/\s$]+:[^/\s]+@/);
  });

  test('are handed to those services that name them, and to no others', () => {
    for (const [name, service] of services) {
      const { secrets = [], volumes = [], ...rest } = service;
      const scripts = volumes
        .filter((volume) => volume.startsWith('./docker/'))
        .map((volume) => volume.split(':')[0] ?? '');
      expect(secrets.filter((secret) => !(secret in compose.secrets))).toEqual([]);
      const named = [...JSON.stringify(rest).matchAll(/\/run\/secrets\/([a-z-]+)/g)].map(([, secret]) => secret);
      if (scripts.length === 0)
        expect([name, secrets.toSorted()]).toEqual([
          name,
          [...new Set(named)].toSorted((one = '', other = '') => one.localeCompare(other)),
        ]);
    }
  });

  test('that are missing are told with the way to make them', () => {
    expect(compose.secrets['mongodb-keyfile']?.file).toBe(
      '${ROLLCALL_SECRETS:?run docker/make-secrets.sh first}/mongodb-keyfile',
    );
  });
});

test('every setting of our processes is one that they know', () => {
  for (const [, { environment = {} }] of ours) {
    const secret = (path: string) => (path.endsWith('uri') ? 'mongodb://host/db' : 'a-secret');
    loadConfig({ env: withSecretFiles(environment, secret) });
  }
});

test('our processes are programs of the build, run as a user who may do nothing else', async () => {
  for (const [name, { command = [] }] of ours) {
    const source = command[1]?.replace(/^dist\//, '').replace(/\.js$/, '.ts') ?? '';
    expect([name, source, existsSync(join(ROOT, source))]).toEqual([name, source, true]);
  }
  const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
  for (const [name, { command = [], build }] of ours) {
    const [, stage = ''] = dockerfile.split(new RegExp(`^FROM .* AS ${build?.target}$`, 'm'));
    const folder = command[1]?.split('/').slice(0, 2).join('/');
    expect([name, stage.split('\nFROM ')[0]]).toEqual([name, expect.stringContaining(` ./${folder}\n`)]);
  }
  expect(dockerfile.match(/^USER .*$/gm)).toEqual(['USER node']);
  expect((await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n')).toEqual(
    expect.arrayContaining(['.*', 'docker', 'node_modules']),
  );
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
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('makes every secret that docker-compose.yml names', () => {
    expect(Object.keys(made)).toEqual(Object.keys(compose.secrets).toSorted());
    expect(new Set(Object.values(made)).size).toBe(Object.keys(made).length);
  });

  test('makes them what their readers take', async () => {
    expect(parseToken(made['admin-token'] ?? '')?.prefix).toBe('rca');
    expect(parseToken(made['join-token'] ?? '')?.prefix).toBe('rcj');
    expect(loadConfig({ env: { ORCHESTRATOR__MONGODB__URI: made['mongodb-uri'] } }).Orchestrator.MongoDB.URI).toContain(
      made['mongodb-password'],
    );
    // MongoDB takes 6 to 1024 base64 characters.
    expect(made['mongodb-keyfile']).toMatch(/^[A-Za-z0-9+/=]{512,1024}$/);
    expect((await stat(join(folder, 'docker', 'secrets'))).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe('ROLLCALL_SECRETS=./docker/secrets\n');
  });

  test('keeps what is there', async () => {
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
