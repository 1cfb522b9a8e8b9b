import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { ApiProcess } from '../../support/api/api-process.js';
import { eventually } from '../../support/eventually.js';
import { freshDatabase } from '../../support/api/api-under-test.js';
import { startMongod } from '../../support/servers/mongod.js';

const NOBODY = {
  'Orchestrator.MongoDB.URI': 'mongodb://127.0.0.1:1/rollcall',
  'Orchestrator.Temporal.Address': '127.0.0.1:1',
  'Orchestrator.API.Port': '0',
};
const running: ApiProcess[] = [];

function start(settings: Record<string, string>): ApiProcess {
  const api = new ApiProcess(settings);
  running.push(api);
  return api;
}

afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ exit }) => exit));
});

describe('the api as a process', () => {
  test('a port in use is one sentence and exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const api = start({ ...NOBODY, 'Orchestrator.API.Port': String(port) });
    expect(await api.exit).toBe(1);
    const lines = api.log.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 60,
      msg: `port ${port} on 127.0.0.1 is in use: stop what listens there, or set Orchestrator.API.Port to another port (0 takes a free one)`,
    });
    other.close();
  });

  test.each([
    ['an unknown key', { 'Orchestrator.API.Prot': '1' }, /^api: .*Orchestrator\.API\.Prot.*Orchestrator\.API\.Port/],
    [
      'no address of MongoDB',
      { 'Orchestrator.Temporal.Address': '127.0.0.1:1' },
      /^api: Orchestrator\.MongoDB\.URI is not set/,
    ],
  ])('%s is one sentence and exit code 2', async (_title, settings, sentence) => {
    const api = start(settings);
    expect(await api.exit).toBe(2);
    expect(api.log.trim()).toMatch(sentence);
    expect(api.log.trim().split('\n')).toHaveLength(1);
  });

  test('without its servers it starts, says which are missing, serves what it can, and connects when they come', async () => {
    const mongod = await startMongod();
    const api = start({ ...NOBODY, 'Orchestrator.MongoDB.URI': freshDatabase(mongod.uri) });
    const url = await api.url();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    await eventually(async () => {
      const ready = await fetch(`${url}/readyz`);
      expect(ready.status).toBe(200);
      expect(await ready.json()).toMatchObject({
        ready: true,
        heartbeats: { ok: true },
        mongodb: { ok: true },
        temporal: { ok: false, detail: expect.stringContaining('127.0.0.1:1') },
      });
    });
    await mongod.stop();
    await eventually(async () => {
      const ready = await fetch(`${url}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({ ready: false, heartbeats: { ok: false }, mongodb: { ok: false } });
    });
    const answer = await fetch(`${url}/v1/nodes`, {
      headers: { authorization: `Bearer rca_0123456789abcdef_${'a'.repeat(43)}` },
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ code: 'UNAVAILABLE', detail: 'the database does not answer' });
  });

  test('SIGTERM stops it gracefully, with exit code 0', async () => {
    const api = start(NOBODY);
    await api.url();
    api.child.kill('SIGTERM');
    expect(await api.exit).toBe(0);
    // Nothing may queue for an unavailable MongoDB, or it would delay the stop.
    expect(api.log).not.toContain('buffering timed out');
  });

  test('SIGTERM stops it gracefully even if MongoDB hangs', async () => {
    const mongod = await startMongod();
    const client = await new mongo.MongoClient(mongod.uri).connect();
    const { pid } = (await client.db('admin').command({ serverStatus: 1 })) as unknown as { pid: number };
    await client.close();
    const api = start({ ...NOBODY, 'Orchestrator.MongoDB.URI': freshDatabase(mongod.uri) });
    const url = await api.url();
    await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
    try {
      process.kill(pid, 'SIGSTOP');
      api.child.kill('SIGTERM');
      expect(await api.exit).toBe(0);
    } finally {
      process.kill(pid, 'SIGCONT');
      await mongod.stop();
    }
  });

  test('a stop that hangs is cut short, with exit code 1 and a sentence', async () => {
    const program = `import { stopInTime } from './dist/contract/process/stop-in-time.js';
      process.on('SIGTERM', () => undefined);
      stopInTime('api', { error: (_fields, sentence) => console.log(sentence) }, 50);
      setInterval(() => undefined, 1_000);
      console.log('up');`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    const ended = once(child, 'close');
    await eventually(() => expect(said).toContain('up'));
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(1);
    expect(said).toContain('the api could not stop in good order within 50ms: it ends now');
  });

  test('its log has a line for each request, with an id and without secrets', async () => {
    const api = start(NOBODY);
    const url = await api.url();
    const secret = 'a-secret-that-nobody-should-read';
    const answer = await fetch(`${url}/v1/nodes?q=${secret}`, {
      headers: { authorization: `Bearer ${secret}`, cookie: secret },
    });
    const { instance } = (await answer.json()) as { instance: string };
    await eventually(() => expect(api.log).toContain('"msg":"answered"'));
    const line = JSON.parse(api.log.split('\n').find((text) => text.includes('answered')) ?? '{}') as Record<
      string,
      unknown
    >;
    expect(line).toMatchObject({
      method: 'GET',
      path: '/v1/nodes',
      // Nobody is authenticated before the record is open.
      status: 503,
      reqId: instance.replace('urn:uuid:', ''),
    });
    expect(api.log).not.toContain(secret);
  });
});
