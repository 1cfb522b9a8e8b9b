import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { program } from '../../embedded/installation.js';
import { SimulatedHardware } from '../../agent/sim/simulated-hardware.js';
import { deactivateNode } from '../../client/index.js';
import { MEASURE_KEYS, MEASURES, MEASURE_UNITS, measure, roundFigure } from '../../contract/measures.js';
import { historyPoint } from '../../src/history/history-point.js';
import { MinuteMeans } from '../../src/history/minute-means.js';
import type { MinutePoint } from '../../src/history/history-store.js';
import type { NodeDocument } from '../../src/mongo/schemas/node.schema.js';
import { eventually } from '../support/eventually.js';
import { useBrowser, useTab } from '../support/browser/browser.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { SeededRandom } from '../support/seeded-random.js';

/**
 * The pictures of the documents: a fleet that lives, of 300 simulated agents with real workflows. It lives for minutes only: the day before
 * that is written into the record by this file, as the product writes it, of the same made-up hardware.
 */
const NODES = 300;
const POOLS = ['batch', 'web', 'etl'];
const BEATS_MS = 15_000;
const DAY_MS = 86_400_000;
/** Whose page is shown. */
const SHOWN = 'etl-42';

const cluster = useCluster([], { DisconnectTimeout: '60s' }, { env: { Compute__Heartbeat__Interval: '15s' } });
const browser = useBrowser();
const tab = useTab(browser, cluster, '/nodes');
const fleets: ChildProcess[] = [];

beforeAll(async () => {
  const env = { ...process.env, ROLLCALL_SERVER: cluster.url, ROLLCALL_TOKEN: cluster.adminToken };
  for (const [index, pool] of POOLS.entries()) {
    const args = ['sim', '--nodes', String(NODES / POOLS.length), '--name-prefix', `${pool}-`, '--join-rate', '10'];
    args.push('--label', `pool=${pool}`, '--label', `zone=eu-${index + 1}`, '--seed', String(index + 1));
    args.push('--fault', 'die:2%@2m', '--fault', 'miss:2%@150s+10m');
    fleets.push(spawn(process.execPath, [program('cli/main.js'), ...args], { env, stdio: 'ignore' }));
  }
  await eventually(async () => expect(await healthy()).toBeGreaterThan(NODES * 0.95), 300_000);
  const since = Date.now() - DAY_MS - 3_600_000;
  await cluster.db
    .collection<NodeDocument>('nodes')
    .updateMany({ type: 'Compute' }, { $set: { joinedAt: since, 'decision.register.at': since } });
  const { _id: uid } = await cluster.record(SHOWN);
  await cluster.db.collection('minutehistory').insertMany(await dayOf(uid));
}, 420_000);

afterAll(async () => {
  for (const fleet of fleets) {
    if (fleet.exitCode !== null) continue;
    fleet.kill('SIGINT');
    await once(fleet, 'exit');
  }
});

function healthy(): Promise<number> {
  return cluster.db.collection('nodes').countDocuments({ type: 'Compute', liveness: 'HEALTHY' });
}

/** Minutes of a day, with an hour in which nothing was heard. */
async function dayOf(uid: string): Promise<object[]> {
  const random = new SeededRandom(42);
  const hardware = new SimulatedHardware(SHOWN, '0.1.0', () => random.next());
  const means = new MinuteMeans();
  const minutes: MinutePoint[] = [];
  const end = Date.now() - 10 * 60_000;
  for (let at = end - DAY_MS; at < end; at += BEATS_MS) {
    const resources = await hardware.read();
    const hour = new Date(at).getHours();
    if (hour === 5) continue;
    const minute = means.add(
      historyPoint({ uid, activeSessions: hour > 8 && hour < 20 ? 3 : 1 }, resources, at),
      false,
    );
    if (minute) minutes.push(minute);
  }
  return minutes.map(stored);
}

function stored({ uid, at, late, ...figures }: MinutePoint): object {
  const fields = MEASURE_KEYS.flatMap((key) => {
    const figure = figures[key];
    const { storedIn } = MEASURE_UNITS[measure(key).unit];
    return figure === undefined ? [] : [[MEASURES[key].stored, roundFigure(key, figure / storedIn)] as const];
  });
  return { uid, at: new Date(at), late, ...Object.fromEntries(fields) };
}

test('the list, the overview and a node of a fleet of three hundred', async () => {
  await deactivateNode({
    client: cluster.admin,
    throwOnError: true,
    path: { id: SHOWN },
    body: { reason: 'new disks' },
  });
  const { page } = tab;
  await page.goto('/nodes?limit=50');
  await page.locator('tr[data-node]').nth(20).waitFor();
  await tab.screenshot('picture-nodes');
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await tab.screenshot('picture-overview');
  await page.goto(`/nodes/${SHOWN}/health?window=24h`);
  await page.getByRole('img', { name: /^CPU over/ }).waitFor();
  await tab.screenshot('picture-node');
  tab.takeComplaints();
});
