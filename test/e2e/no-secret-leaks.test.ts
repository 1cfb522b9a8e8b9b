import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import {
  approveNode,
  createApiToken,
  createJoinToken,
  createNode,
  regenerateBootstrapToken,
  rejectNode,
} from '../../client/index.js';
import { program } from '../../embedded/installation.js';
import { AgentUnderTest } from '../support/api/agent-under-test.js';
import { eventually } from '../support/eventually.js';
import { clientSecretFile } from '../support/openid/client-secret-file.js';
import { confirmDevice } from '../support/openid/confirm-device.js';
import { settingsFor, useOpenIdProvider } from '../support/openid/openid-provider.js';
import { useCluster } from '../support/cluster/use-cluster.js';

/**
 * Known secrets go through every flow of real processes with the most verbose logs, and are pasted into every wrong place. Then everything
 * that is stored or printed is searched for them.
 */

const secrets = new Map<string, string>();
/** Stored and printed data by place. */
const haystacks = new Map<string, string>();

const secretFile = await clientSecretFile();
const provider = useOpenIdProvider();

/** The secret half of a token, or the secret part of a JWT. */
function plant(name: string, value: string | undefined): string {
  if (!value) throw new Error(`there is no ${name}`);
  secrets.set(
    name,
    value
      .split(/^rc[a-z]_/.test(value) ? '_' : '.')
      .slice(/^rc[a-z]_/.test(value) ? 2 : -1)
      .join('_'),
  );
  return value;
}

function keep(where: string, what: string): void {
  haystacks.set(where, `${haystacks.get(where) ?? ''}${what}\n`);
}

beforeAll(() => {
  process.env['ROLLCALL_LOG_LEVEL'] = 'trace';
  // Otherwise most invalid requests would be answered with 429, and not processed.
  process.env['ORCHESTRATOR__API__MAXWRONGCREDENTIALSPERSECOND'] = '10000';
  provider.people.set('olga', ['ops']);
  for (const [key, value] of Object.entries(settingsFor(provider, secretFile)))
    process.env[key.replaceAll('.', '__').toUpperCase()] = value;
});
const cluster = useCluster(['node-1']);
beforeAll(async () => {
  delete process.env['ROLLCALL_LOG_LEVEL'];
  // Makes mongod log every command, not only slow ones.
  await cluster.db.command({ profile: 0, slowms: -1 });
});

/** A raw request; its answer is kept, unless it is meant to show a secret. */
async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Response> {
  const response = await fetch(`${cluster.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  if (!response.ok)
    keep(
      'error answers',
      `${method} ${response.status} ${JSON.stringify([...response.headers])} ${await response.clone().text()}`,
    );
  return response;
}

async function rollcall(
  words: string[],
  input = '',
  env: Record<string, string> = {},
): Promise<{ out: string; err: string }> {
  const child = spawn(process.execPath, [program('cli/main.js'), ...words, '--home', join(cluster.home.path, 'cli')], {
    env: { PATH: process.env['PATH'], ROLLCALL_DEBUG: '1', ...env },
  });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err };
}

async function keepOutput(...call: Parameters<typeof rollcall>): Promise<void> {
  const { out, err } = await rollcall(...call);
  keep('output of rollcall', out + err);
}

const JSON_TYPE = { 'content-type': 'application/json' };
const asAdmin = () => ({ authorization: `Bearer ${cluster.adminToken}` });

async function everyFlow(): Promise<void> {
  const { admin } = cluster;
  plant('the administrator’s token', cluster.adminToken);
  plant('the join token', cluster.joinToken);

  const headers = { 'Idempotency-Key': 'make-slot' };
  const slot = (await createNode({ client: admin, headers, body: { name: 'slot' } })).data;
  const bootstrap = plant('the bootstrap token', slot?.bootstrapToken);
  const again = (await createNode({ client: admin, headers, body: { name: 'slot' } })).data;
  expect(again?.bootstrapToken).toBe(bootstrap);

  const agent = new AgentUnderTest(cluster);
  await agent.join(bootstrap);
  plant('a private key', agent.keys.privateKey.export({ format: 'jwk' }).d);
  plant('an assertion', await agent.assertion());
  const assertion = await agent.assertion();
  plant('an assertion that was traded', assertion);
  plant('an access token', (await agent.trade(assertion)).data?.accessToken);
  await approveNode({ client: admin, path: { id: 'slot' } });
  await agent.beat();
  await rejectNode({ client: admin, path: { id: 'slot' }, body: { message: 'not this one' } });
  await agent.beat();
  plant(
    'a regenerated token',
    (await regenerateBootstrapToken({ client: admin, path: { id: 'slot' } })).data?.bootstrapToken,
  );

  plant(
    'another join token',
    (await createJoinToken({ client: admin, headers: { 'Idempotency-Key': 'make-join' }, body: {} })).data?.token,
  );
  const viewer = plant(
    'a viewer’s token',
    (await createApiToken({ client: admin, body: { name: 'viewer', role: 'viewer' } })).data?.token,
  );

  const login = await ask('POST', '/v1/login', JSON_TYPE, JSON.stringify({ token: cluster.adminToken }));
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  plant('a cookie', cookie.split('=')[1]);
  const fromPage = {
    cookie,
    'sec-fetch-site': 'same-origin',
    'x-rollcall-csrf': '1',
    'idempotency-key': 'by-cookie',
    ...JSON_TYPE,
  };
  const byCookie = await ask('POST', '/v1/nodes', fromPage, JSON.stringify({ name: 'by-cookie' }));
  plant('a token that a browser got', ((await byCookie.json()) as { bootstrapToken: string }).bootstrapToken);

  await keepOutput(['auth', 'login', '--token-stdin', '--server', cluster.url], viewer);
  await keepOutput(['node', 'list', '-o', 'wide']);
  await keepOutput(['node', 'register', 'denied']);
  // It shows a token to the person who requests one, on purpose.
  const { out } = await rollcall(['node', 'register', 'by-cli'], '', {
    ROLLCALL_TOKEN: cluster.adminToken,
    ROLLCALL_SERVER: cluster.url,
  });
  plant('a token that the command printed', /rcb_\w{16}_[\w-]{43}/.exec(out)?.[0]);

  plant('the login of a command line', await logInByDevice());

  const identity = JSON.parse(await readFile(join(cluster.home.agent('node-1'), 'identity.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  plant('the private key of an agent', /"d":"([\w-]{43})"/.exec(JSON.stringify(identity))?.[1]);
}

/** Signs in like `rollcall auth login`, with a person who opens the address. The login is used, and creates something. */
async function logInByDevice(): Promise<string> {
  const begun = await ask('POST', '/v1/login/device', JSON_TYPE, '{}');
  const { handle, verificationUriComplete } = (await begun.json()) as Record<string, string>;
  plant('the handle of a command line', handle);
  await confirmDevice(verificationUriComplete ?? '', 'olga');
  const token = await eventually(async () => {
    const polled = await ask('POST', '/v1/login/device/poll', JSON_TYPE, JSON.stringify({ handle }));
    const answer = (await polled.json()) as { token: string | null };
    if (answer.token === null) throw new Error('nobody has signed in yet');
    return answer.token;
  });
  const given = provider.given.find((one) => 'refresh_token' in one);
  for (const name of ['access_token', 'refresh_token', 'id_token'])
    plant(`the provider’s ${name}`, given?.[name] as string | undefined);
  const env = { ROLLCALL_TOKEN: token, ROLLCALL_SERVER: cluster.url };
  await keepOutput(['auth', 'whoami'], '', env);
  const { out } = await rollcall(['node', 'register', 'by-login'], '', env);
  plant('a token that a command line got', /rcb_\w{16}_[\w-]{43}/.exec(out)?.[0]);
  return token;
}

/** Whole tokens, where people paste them by mistake. */
async function everyWrongPlace(wholeTokens: string[]): Promise<void> {
  for (const token of wholeTokens) {
    const bodies = [
      token,
      `{"name":"${token}"}`,
      `{"${token}":1}`,
      `{"name":"a","${token}":1,"${token}":2}`,
      `{"name":{"${token}":[]}}`,
      `{"token":"${token}"`,
      `{"token":"${token}","x":1}`,
    ];
    for (const body of bodies) {
      await ask('POST', '/v1/nodes', { ...asAdmin(), ...JSON_TYPE }, body);
      await ask('POST', '/v1/agent/register', JSON_TYPE, body);
      await ask('POST', '/v1/agent/token', JSON_TYPE, body);
      await ask('POST', '/v1/login', JSON_TYPE, body);
    }
    const odd = {
      authorization: `Basic ${token}`,
      cookie: `rollcall-login=${token}`,
      'last-event-id': token,
      'user-agent': token,
      referer: `http://x/?token=${token}`,
    };
    await ask('GET', '/v1/nodes', odd);
    await ask('GET', '/v1/nodes', { authorization: `Bearer ${token}x` });
    await ask('GET', '/v1/events', { ...asAdmin(), 'last-event-id': token });
    await ask('POST', '/v1/nodes', { ...asAdmin(), 'content-type': token }, '{}');
    await ask('POST', '/v1/nodes', { ...asAdmin(), ...JSON_TYPE, 'idempotency-key': token }, '{"name":"Not A Name"}');
    await ask('POST', '/v1/agent/heartbeat', { authorization: `Bearer ${token}`, ...JSON_TYPE }, '{}');
    for (const query of [
      `token=${token}`,
      `cursor=${token}`,
      `sort=${token}`,
      `${token}=1`,
      `limit=${token}`,
      `label=${token}`,
    ])
      await ask('GET', `/v1/nodes?${query}`, asAdmin());
    for (const path of [`/${token}`, `/v1/nodes/${token}`, `/v1/nodes/${token}/events`, `/v1/${token}/nodes`])
      await ask('GET', path, asAdmin());
    for (const path of [`/v1/join-tokens/${token}`, `/v1/api-tokens/${token}`, `/v1/nodes/${token}/approve`])
      await ask('DELETE', path, asAdmin());
    await keepOutput(['node', 'describe', token]);
    await keepOutput(['node', 'list'], '', { ROLLCALL_TOKEN: token, ROLLCALL_SERVER: cluster.url });
    await keepOutput(['node', 'list'], '', { ROLLCALL_TOKEN: `${token} x`, ROLLCALL_SERVER: cluster.url });
  }
}

async function collectAll(): Promise<void> {
  for (const name of ['slot', 'node-1', 'by-cookie', 'by-cli', 'by-login']) {
    keep('events', await (await ask('GET', `/v1/nodes/${name}/events`, asAdmin())).text());
    keep('workflow histories', textsIn(await eventually(() => cluster.workflow(name).fetchHistory())).join('\n'));
  }
  const mongoClient = await mongo.MongoClient.connect(cluster.mongoUri);
  const { databases } = await mongoClient.db().admin().listDatabases();
  for (const { name: database } of databases) {
    for (const { name: collection } of await mongoClient
      .db(database)
      .listCollections({ type: 'collection' })
      .toArray()) {
      // The replica set's oplog is part of a dump too: it still has what was deleted or overwritten.
      for await (const document of mongoClient.db(database).collection(collection).find())
        keep(`database ${database}`, JSON.stringify(document));
    }
  }
  await mongoClient.close();
  for (const victim of cluster.victims) await victim.stop();
  for (const file of await readdir(cluster.home.logs))
    keep(`log ${file}`, await readFile(join(cluster.home.logs, file), 'latin1'));
  for (const file of await readdir(cluster.home.temporal))
    keep('files of Temporal', await readFile(join(cluster.home.temporal, file), 'latin1'));
}

/** All strings of a history, including the bytes and names of payloads. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [key, ...textsIn(child)]);
}

/** As it is, and in the encodings of programs. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Base64 of part of a text depends on its offset: its middle for each of the three offsets.
  const within64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [secret, bytes.toString('hex'), ...within64];
}

test('no log, event, workflow history, error or database contains a secret', async () => {
  await everyFlow();
  const login = `rcl_0123456789abcdef_${secrets.get('the login of a command line')}`;
  const whole = [cluster.adminToken, cluster.joinToken, login].map(
    (token) => `${token.slice(0, -43)}${'Z'.repeat(1)}${token.slice(-42)}`,
  );
  whole.forEach((token, index) => plant(`a token in wrong places, ${index}`, token));
  await everyWrongPlace(whole);
  await collectAll();

  expect([...secrets.values()].map((secret) => secret.length).filter((length) => length < 40)).toEqual([]);
  const leaks: string[] = [];
  for (const [where, what] of haystacks) {
    for (const [name, secret] of secrets) {
      for (const form of formsOf(secret)) {
        const at = what.indexOf(form);
        if (at !== -1) leaks.push(`${name} is in ${where}: …${what.slice(Math.max(0, at - 120), at)}`);
      }
    }
  }
  expect(leaks).toEqual([]);
}, 180_000);

test('all of these were really searched', () => {
  const adminId = cluster.adminToken.split('_')[1] ?? '';
  const expected: Record<string, string> = {
    'error answers': 'VALIDATION_FAILED',
    'output of rollcall': 'FORBIDDEN',
    events: 'NODE',
    'workflow histories': 'slot',
    'files of Temporal': 'lifecycle-slot',
    'log api.log': '"level":20',
    'log worker.log': '"level":20',
    'log agent-node-1.log': 'joined the cluster',
    'log mongod.log': 'Slow query',
    'log temporal.log': '',
  };
  const missing = Object.entries(expected).filter(
    ([where, something]) => !haystacks.get(where)?.toLowerCase().includes(something.toLowerCase()),
  );
  expect(missing.map(([where]) => [where, haystacks.get(where)?.slice(0, 300)])).toEqual([]);
  expect(haystacks.get(`database ${cluster.db.databaseName}`)).toContain(adminId);
  expect(haystacks.get('database local')).toContain(adminId);
});
