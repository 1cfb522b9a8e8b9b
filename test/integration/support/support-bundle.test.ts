import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnectionToken } from '@nestjs/mongoose';
import { expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { createApiToken, createNode } from '../../../client/index.js';
import { run } from '../../../cli/run.js';
import { RECENT_LINES } from '../../../src/process/recent-lines.js';
import { useApi } from '../../support/api/api-under-test.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
import { useMongod } from '../../support/servers/mongod.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const HIDDEN = { password: 'hunter2-of-the-collector', key: 'key-in-an-address' };

const mongod = useMongod();
const api = useApi({
  mongod,
  settings: {
    'Orchestrator.Audit.OTLPEndpoint': `https://ops:${HIDDEN.password}@collector.example.com/v1/logs?key=${HIDDEN.key}`,
    'Compute.Auth.Token': 'rcj_0123456789abcdef_of-the-configuration',
  },
});

async function bundle(token: string, server = api.url) {
  const folder = await temporaryFolder();
  const path = join(folder, 'bundle.tar.gz');
  const terminal = fakeTerminal({ now: Date.now(), env: { ROLLCALL_SERVER: server, ROLLCALL_TOKEN: token } });
  const code = await run(['support-bundle', '--out', path], terminal, new AbortController().signal);
  const unpack = spawnSync('tar', ['-xzf', path, '-C', folder], { encoding: 'utf8' });
  const inside = join(folder, 'rollcall-support');
  const names = unpack.status === 0 ? (await readdir(inside)).toSorted() : [];
  const files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(inside, name), 'utf8')] as const)),
  );
  return { code, path, files, out: terminal.out(), err: terminal.err() };
}

test('has versions, configuration, log, metrics and stuck nodes, and no secrets', async () => {
  const { data: slot } = await createNode({ client: api.admin, body: { name: 'stuck' } });
  const { data: made } = await createApiToken({ client: api.admin, body: { name: 'ana', role: 'viewer' } });
  const ago = Date.now() - 120_000;
  await api.app
    .get<Connection>(getConnectionToken())
    .collection('nodes')
    .updateOne({ name: 'stuck' }, { $set: { 'decision.approval.since': ago, 'decision.availability.since': ago } });
  RECENT_LINES.add(`{"msg":"somebody pasted ${api.adminToken} into an address"}\n`);

  const { code, path, files, out } = await bundle(api.adminToken);
  expect(code).toBe(0);
  expect(out).toBe(`${path}\n`);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect([...files.keys()]).toEqual([
    'README.txt',
    'audit.json',
    'cluster.json',
    'configuration.json',
    'failures.txt',
    'log.jsonl',
    'metrics.txt',
    'readyz.json',
    'stuck.json',
    'versions.json',
    'workers.json',
  ]);
  const json = (name: string) => JSON.parse(files.get(name) ?? '') as Record<string, unknown>;
  expect(json('versions.json')).toMatchObject({
    rollcall: expect.stringMatching(/^\d+\.\d+\.\d+/),
    mongodb: expect.stringMatching(/^\d+\.\d+/),
  });
  expect(json('configuration.json')).toMatchObject({
    'Orchestrator.Name': 'node-0',
    'Orchestrator.MongoDB.URI': '(set, and not shown)',
    'Compute.Auth.Token': '(set, and not shown)',
    'Orchestrator.Audit.OTLPEndpoint': 'https://collector.example.com/v1/logs',
  });
  expect(files.get('metrics.txt')).toContain('rollcall_ready 1');
  expect(files.get('log.jsonl')).toContain('somebody pasted');
  // Temporal does not answer here, so its parts are listed as missing.
  expect(json('stuck.json')).toMatchObject([
    { name: 'stuck', decision: { seq: 1 }, workflow: { failure: 'Temporal does not answer' } },
  ]);
  expect(files.get('failures.txt')).toBe('');

  const everything = [...files.values()].join('\n');
  for (const secret of [
    ...[api.adminToken, api.joinToken, slot?.bootstrapToken, made?.token, 'rcj_0123456789abcdef_of-the-configuration'],
    ...[...Object.values(HIDDEN), new URL(api.mongoUri).href],
  ])
    expect(secret && everything.includes(secret)).toBe(false);
  expect(everything).not.toMatch(/rc[abj]_[A-Za-z0-9]{16}_[A-Za-z0-9_-]/);
});

test('is for administrators', async () => {
  const { data: made } = await createApiToken({ client: api.admin, body: { name: 'ben', role: 'operator' } });
  expect(await bundle(made?.token ?? '')).toMatchObject({ code: 4, out: '' });
});

test('is written even if nothing answers, and says so', async () => {
  const { code, files, err } = await bundle('rca_x', 'http://127.0.0.1:9');
  expect(code).toBe(0);
  expect(files.get('failures.txt')).toMatch(/^versions.json: UNREACHABLE.*\nmetrics.txt: UNREACHABLE/);
  expect(err).toContain('not in the bundle: versions.json: UNREACHABLE');
});

test('does not overwrite a file', async () => {
  const folder = await temporaryFolder();
  const terminal = fakeTerminal({ now: Date.now(), env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: api.adminToken } });
  expect(await run(['support-bundle', '--out', folder], terminal, new AbortController().signal)).toBe(1);
  expect(terminal.err()).toContain(`CANNOT_WRITE: ${folder} is there already. Name another file with --out`);
});
