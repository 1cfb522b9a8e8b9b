import { createServer } from 'node:net';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { findBinary } from '../../../embedded/find-binary.js';
import { freePort } from '../../../embedded/free-port.js';
import { Home } from '../../../embedded/home.js';
import { KeptProcess } from '../../../embedded/kept-process.js';
import { MONGOD } from '../../../embedded/mongod-binary.js';
import { runMongod } from '../../../embedded/run-mongod.js';
import { readsItsStore, runTemporal, temporalServer } from '../../../embedded/run-temporal.js';
import { TEMPORAL } from '../../../embedded/temporal-binary.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const signal = new AbortController().signal;
const listener = {
  restarting: (name: string) => {
    throw new Error(`${name} died`);
  },
  unresponsive: (name: string) => {
    throw new Error(`${name} does not answer`);
  },
  lost: () => undefined,
};

test('mongod keeps its data when its port changes', async () => {
  const home = await Home.open(await temporaryFolder());
  const binary = await findBinary(MONGOD);
  for (const start of [1, 2]) {
    const mongod = await runMongod(home, binary, await freePort('127.0.0.1', []), listener, signal);
    const client = await mongo.MongoClient.connect(mongod.uri);
    const things = client.db().collection('things');
    await things.insertOne({ start }, { writeConcern: { w: 'majority' } });
    expect(await things.countDocuments()).toBe(start);
    await client.close();
    await mongod.process.stop();
  }
});

test('Temporal starts again with its data', async () => {
  const home = await Home.open(await temporaryFolder());
  const binary = await findBinary(TEMPORAL);
  const taken = new Set<number>();
  const ports = { grpc: await freePort('127.0.0.1', [], taken), webUI: await freePort('127.0.0.1', [], taken) };
  let id: unknown;
  for (const start of [1, 2]) {
    const temporal = await runTemporal(home, binary, ports, 'default', listener, signal);
    const { namespaceInfo } = (await (await fetch(`${temporal.webUI}/api/v1/namespaces/default`)).json()) as {
      namespaceInfo: { id: string };
    };
    if (start === 1) id = namespaceInfo.id;
    expect(namespaceInfo.id).toBe(id);
    await temporal.process.stop();
  }
});

test('Temporal refuses DNS rebinding by a page in a browser at all of its ports', async () => {
  const home = await Home.open(await temporaryFolder());
  const taken = new Set<number>();
  const ports = { grpc: await freePort('127.0.0.1', [], taken), webUI: await freePort('127.0.0.1', [], taken) };
  const temporal = await runTemporal(home, await findBinary(TEMPORAL), ports, 'default', listener, signal);
  try {
    const asked = (port: number, host: string) => statusOf(port, '/api/v1/namespaces/default', host);
    expect(await asked(ports.webUI, `127.0.0.1:${ports.webUI}`)).toBe(200);
    expect(await asked(ports.webUI, `LOCALHOST:${ports.webUI}`)).toBe(200);
    expect((await fetch(`${temporal.webUI}/`)).headers.get('content-type')).toContain('text/html');
    const record = (await home.remembered('process-temporal')) as { pid: number };
    const open = [ports.webUI, ...(await portsOf(record.pid))];
    // Among them the server's own HTTP API, at a port that it chose.
    expect(open.length).toBeGreaterThan(2);
    for (const port of open)
      for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example'])
        expect([port, host, await asked(port, host)]).not.toEqual([port, host, 200]);
    expect(await asked(ports.webUI, `evil.example:${ports.webUI}`)).toBe(403);
  } finally {
    await temporal.process.stop();
  }
  await expect(fetch(temporal.webUI)).rejects.toThrow();
});

/** Answer to a request with another Host; undefined if that port speaks no HTTP/1.1. */
function statusOf(port: number, path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asking = request({ host: '127.0.0.1', port, path, headers: { host }, timeout: 5_000 }, (answer) =>
      resolve(answer.resume().statusCode),
    );
    asking.once('timeout', () => asking.destroy());
    asking.once('error', () => resolve(undefined));
    asking.end();
  });
}

/** Ports of 127.0.0.1 at which a process listens, from Linux's own tables. */
async function portsOf(pid: number): Promise<number[]> {
  const files = await Promise.all(
    (await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  );
  const rows = (await readFile(`/proc/${pid}/net/tcp`, 'utf8')).trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode] = row.trim().split(/\s+/);
    const [address, port = ''] = local.split(':');
    return address === '0100007F' && state === '0A' && files.includes(`socket:[${inode}]`)
      ? [Number.parseInt(port, 16)]
      : [];
  });
}

describe('a watched Temporal', () => {
  /** Like {@link runTemporal}, except for the timeouts. */
  async function watched() {
    // Characters that would end or escape a URI.
    const home = await Home.open(join(await temporaryFolder(), 'T#1 100%25?'));
    const taken = new Set<number>();
    const ports = { grpc: await freePort('127.0.0.1', [], taken), webUI: await freePort('127.0.0.1', [], taken) };
    const webUI = `http://127.0.0.1:${ports.webUI}`;
    const said: string[] = [];
    const keeper = {
      restarting: () => void said.push('restarting'),
      unresponsive: () => void said.push('unresponsive'),
      lost: () => undefined,
    };
    const spec = temporalServer(home, await findBinary(TEMPORAL), ports, 'default');
    const server = new KeptProcess(home, spec, keeper, {
      answers: () => readsItsStore(webUI, 'default'),
      everyMs: 250,
      patienceMs: 3_000,
    });
    await server.up(() => readsItsStore(webUI, 'default'), 60_000, signal);
    return { home, server, said, webUI };
  }

  test('keeps its file in the home, whatever characters the path has', async () => {
    const { home, server } = await watched();
    expect(await readdir(home.temporal)).toContain('temporal.db');
    expect((await readdir(join(home.path, '..'))).length).toBe(1);
    await server.stop();
  });

  test('is killed and restarted when it has stopped', async () => {
    const { home, server, said, webUI } = await watched();
    const { pid } = (await home.remembered('process-temporal')) as { pid: number };
    process.kill(pid, 'SIGSTOP');
    await eventually(() => expect(said).toEqual(['unresponsive', 'restarting']), 120_000);
    await eventually(async () => expect(await readsItsStore(webUI, 'default')).toBe(true), 120_000);
    await server.stop();
  }, 300_000);
});

test('a port that is taken is changed, and a free one is kept', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const other = await freePort('127.0.0.1', [port]);
  expect(other).not.toBe(port);
  server.close();
  await once(server, 'close');
  expect(await freePort('127.0.0.1', [undefined, port])).toBe(port);
  expect(await freePort('127.0.0.1', [port], new Set([port]))).not.toBe(port);
});
