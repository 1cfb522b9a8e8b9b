import { beforeAll, expect, test } from '@jest/globals';
import type { CDPSession } from 'playwright-core';
import { NodeList } from '../support/browser/node-list.js';
import { useBrowser } from '../support/browser/browser.js';
import { insertFleet } from '../support/browser/overview-fleet.js';
import type { Tab } from '../support/browser/tab.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';

/** Once a second: 3,600 are an hour. */
const POLLS = Number(process.env['ROLLCALL_POLLS'] ?? 300);
/** Number of heap readings, evenly among the polls; the first third fills caches and bounded lists. */
const READINGS = 12;
const WARM = READINGS / 3;
/** Maximum growth per poll in bytes: less than the smallest answer. */
const LEFT_BY_A_POLL = 256;
/** Variation of a constant heap from reading to reading. */
const NOISE_BYTES = 500_000;
const POLL_WITHIN_MS = 10_000;

const cluster = useCluster(['node-1'], { DisconnectTimeout: '3h', UnknownTimeout: '3h' });
const browser = useBrowser();
beforeAll(() => insertFleet(cluster, 300));

/** Live heap of a page, after a garbage collection. */
interface Held {
  polls: number;
  bytes: number;
  elements: number;
  listeners: number;
}

/** A polling page, and its number of polls. */
class PollingPage {
  polls = 0;

  private constructor(
    readonly tab: Tab,
    private readonly devTools: CDPSession,
  ) {
    // Each page requests the cluster with each of its polls.
    tab.page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/v1/cluster') this.polls += 1;
    });
  }

  static async open(path: string): Promise<PollingPage> {
    const [tab] = await NodeList.open(browser, cluster, { path });
    const devTools = await tab.page.context().newCDPSession(tab.page);
    await devTools.send('Performance.enable');
    return new PollingPage(tab, devTools);
  }

  async held(): Promise<Held> {
    // The second collection frees what the first one's finalizers released.
    for (let round = 0; round < 2; round += 1) await this.devTools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.devTools.send('Runtime.getHeapUsage');
    const { metrics } = await this.devTools.send('Performance.getMetrics');
    const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
    return {
      polls: this.polls,
      bytes: usedSize,
      elements: metric('Nodes'),
      listeners: metric('JSEventListeners'),
    };
  }
}

/** Growth from the first third to the end; the minimum of some readings, since a page may be busy. */
function growth(readings: readonly Held[], what: Exclude<keyof Held, 'polls'>): number {
  const least = (of: readonly Held[]) => Math.min(...of.map((held) => held[what]));
  return least(readings.slice(-WARM)) - least(readings.slice(WARM, 2 * WARM));
}

test(
  'polling leaks nothing in the overview, the list and the page of a node',
  async () => {
    const pages = new Map<string, PollingPage>();
    for (const path of ['/', '/nodes', '/nodes/node-1/health']) pages.set(path, await PollingPage.open(path));
    const readings = new Map<string, Held[]>([...pages.keys()].map((path) => [path, []]));
    for (let reading = 1; reading <= READINGS; reading += 1)
      for (const [path, page] of pages) {
        const until = Math.floor((reading * POLLS) / READINGS);
        await eventually(() => expect(page.polls).toBeGreaterThanOrEqual(until), (POLLS / READINGS) * POLL_WITHIN_MS);
        const held = await page.held();
        readings.get(path)?.push(held);
        if (process.env['ROLLCALL_FIGURES']) process.stderr.write(`${path} ${JSON.stringify(held)}\n`);
      }
    for (const [path, of] of readings) {
      const polls = (of.at(-1)?.polls ?? 0) - (of[WARM]?.polls ?? 0);
      const most = { bytes: Math.max(NOISE_BYTES, polls * LEFT_BY_A_POLL), elements: 200, listeners: 50 };
      for (const what of ['bytes', 'elements', 'listeners'] as const)
        expect({ path, what, grown: Math.max(most[what], growth(of, what)) }).toEqual({
          path,
          what,
          grown: most[what],
        });
      pages.get(path)?.tab.expectQuiet();
    }
  },
  Math.max(240_000, POLLS * POLL_WITHIN_MS),
);
