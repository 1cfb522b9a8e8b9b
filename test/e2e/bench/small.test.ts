import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { program } from '../../../embedded/installation.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Every bench at its small size, on real servers, to test the harness. Figures mean nothing, so none is asserted. */

interface Result {
  size: string;
  rows: Record<string, unknown>[];
  claims: { what: string; measured: string; holds: boolean | null }[];
  notes: string[];
  machine: Record<string, unknown>;
}

/** Runs the built program. `npm test` builds it first. */
async function bench(args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program('bench/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

async function resultsOf(names: string[]): Promise<Result[]> {
  const folder = await temporaryFolder();
  const { code, out, err } = await bench([...names, '--size', 'small', '--out', folder]);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  for (const name of names) expect(out).toContain(`### ${name}: `);
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Result),
  );
}

/** On a busy machine the api may refuse beats, but only with these. */
const TURNED_AWAY = /^(none|(503|429)×\d+( (503|429)×\d+)?)$/;

const holding = ({ claims }: Result, what: string) => claims.find((claim) => claim.what.includes(what))?.holds;

// Two at a time, since each mostly waits for servers to start.
test.concurrent('the record and its heartbeats: ingest, list, flatness and cost', async () => {
  const [ingest, list, flatness, cost] = (await resultsOf(['ingest', 'list', 'flatness', 'cost'])) as [
    Result,
    Result,
    Result,
    Result,
  ];
  expect(ingest).toMatchObject({
    size: 'small',
    machine: {
      cores: expect.any(Number),
      mongod: expect.stringMatching(/^db version v\d+\.\d+\.\d+/),
      temporal: expect.any(String),
    },
  });
  expect(ingest.rows).toEqual([expect.objectContaining({ round: 1, refused: expect.stringMatching(TURNED_AWAY) })]);
  expect(holding(ingest, 'in the record')).toBe(true);
  expect(list.rows.find(({ query }) => query === 'label=rack=r7')).toMatchObject({ pages: 3 });
  expect(list.rows).toHaveLength(19);
  expect(flatness.rows.map(({ nodes, mode }) => [nodes, mode])).toEqual(
    [10, 20].flatMap((nodes) => [
      [nodes, 'flat out'],
      [nodes, 'every 1 s'],
    ]),
  );
  for (const { refused } of flatness.rows) expect(refused).toMatch(TURNED_AWAY);
  expect(cost.rows.map(({ regime }) => regime)).toEqual([
    'every beat is forwarded',
    'only beats that change something',
  ]);
  expect(cost.rows[0]?.['signals/node-hour']).toBeGreaterThan(0);
}, 240_000);

test.concurrent('fleets and decisions: fleet, herd, decision and sessions', async () => {
  const [fleet, herd, decision, sessions] = (await resultsOf(['fleet', 'herd', 'decision', 'sessions'])) as [
    Result,
    Result,
    Result,
    Result,
  ];
  expect(fleet.rows).toEqual([
    expect.objectContaining({ nodes: 12, 'killed, found': expect.stringMatching(/^2, [0-2]$/) }),
  ]);
  expect(holding(herd, 'all are HEALTHY')).toEqual(expect.any(Boolean));
  expect(herd.rows).toContainEqual({ asked: 'register', answer: '201', count: 15 });
  expect(decision.rows.map((row) => row['not applied within 30s'])).toEqual([expect.any(Number), expect.any(Number)]);
  expect(holding(sessions, 'are placed')).toBe(true);
}, 240_000);

test('an unknown bench, or an unknown parameter, is a usage error', async () => {
  expect(await bench(['throughput'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no bench throughput; there are ingest, flatness'),
  });
  expect(await bench(['ingest', '--set', 'zones=3'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('ingest has no such parameter; there are nodes, connections'),
  });
  expect(await bench(['--help'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('herd       agents that start all at once'),
  });
});
