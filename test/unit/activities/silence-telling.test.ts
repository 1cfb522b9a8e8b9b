import { expect, test } from '@jest/globals';
import {
  createSilenceSweepActivities,
  type SilenceSearch,
  type SilentNode,
} from '../../../activities/silence-sweep-activities.js';

const SECOND = 1_000;
const POLICY = { disconnectTimeoutMs: 60 * SECOND, unknownTimeoutMs: 300 * SECOND, removeAfterMs: 0 };
const FOUND_AT_ONCE = 2_000;
const STOP = 'the worker stops';

const NODES = Array.from({ length: 4_000 }, (_, index) => ({
  uid: String(index).padStart(4, '0'),
  name: `node-${index}`,
}));

/** A cluster that lost this many nodes at once, and attempts of the sweep one after the other. */
class Sweeping {
  readonly told: string[] = [];
  readonly searches: SilenceSearch[] = [];
  beats = 0;
  notice: (node: SilentNode) => Promise<boolean> = () => Promise.resolve(true);
  private now = 1_000_000_000;
  private details: unknown;

  constructor(private readonly silent: SilentNode[]) {}

  /** @param endAfter number of signals after which its worker stops */
  async try(passes: number, endAfter = Infinity): Promise<void> {
    const silentSince = 1_000_000_000 - 70 * SECOND;
    const first = this.told.length;
    let pass = 0;
    const beat = (progress: unknown) => {
      this.beats += 1;
      this.details = progress;
      if (this.told.length - first >= endAfter) throw new Error(STOP);
    };
    const activities = createSilenceSweepActivities({
      watchForMassSilence: () => Promise.resolve(false),
      silence: {
        findHeld: () => Promise.resolve([]),
        now: () => this.now,
        blindSince: () => Promise.resolve(0),
        fleetSize: () => Promise.resolve(NODES.length),
        find: (search) => {
          this.searches.push(search);
          const found =
            search.after < silentSince && silentSince <= search.until
              ? this.silent.filter(({ uid }) => uid > search.beyond)
              : [];
          return Promise.resolve({ nodes: found.slice(0, FOUND_AT_ONCE), more: found.length > FOUND_AT_ONCE });
        },
      },
      notice: async (node) => {
        this.told.push(node.uid);
        return this.notice(node);
      },
      pulse: {
        progress: () => this.details,
        beat,
        rest: async (ms, progress) => {
          beat(progress);
          this.now += ms;
          if (++pass === passes) throw new Error(STOP);
        },
      },
      policy: () => POLICY,
      pacing: { intervalMs: 15 * SECOND, maxPerSecond: 2_000 },
    });
    await activities.sweepForSilence();
  }
}

test('reports its progress with each node, and finds all nodes even if they do not fit into one search', async () => {
  const sweeping = new Sweeping(NODES);
  await expect(sweeping.try(1)).rejects.toThrow(STOP);
  expect(sweeping.told.toSorted()).toEqual(NODES.map(({ uid }) => uid));
  expect(sweeping.beats).toBe(NODES.length + 1);
});

test('another worker continues where one stopped, and tells only those in flight again', async () => {
  const sweeping = new Sweeping(NODES);
  await expect(sweeping.try(1, 2_345)).rejects.toThrow(STOP);
  const before = sweeping.told.length;
  await expect(sweeping.try(1)).rejects.toThrow(STOP);
  expect(new Set(sweeping.told)).toEqual(new Set(NODES.map(({ uid }) => uid)));
  expect(before).toBeLessThan(2_345 + 16);
  expect(sweeping.told.length).toBeLessThanOrEqual(NODES.length + 16);
});

test('a lifecycle that fails delays no other, and is told again for a minute', async () => {
  const sweeping = new Sweeping(NODES);
  sweeping.notice = ({ uid }) => Promise.resolve(uid !== '0007');
  await expect(sweeping.try(1)).rejects.toThrow(STOP);
  expect(new Set(sweeping.told).size).toBe(NODES.length);

  const few = new Sweeping(NODES.slice(0, 20));
  few.notice = ({ uid }) => (uid === '0007' ? Promise.reject(new Error('no answer within 2s')) : Promise.resolve(true));
  await expect(few.try(100)).rejects.toThrow(STOP);
  // Every ten seconds, while the search looks back that far, and up to the number of attempts.
  expect(few.told.filter((uid) => uid === '0007').length).toBeGreaterThanOrEqual(6);
});

test('ends if Temporal does not answer at all', async () => {
  const sweeping = new Sweeping(NODES);
  sweeping.notice = () => Promise.reject(new Error('no answer within 2s'));
  await expect(sweeping.try(1)).rejects.toThrow('no answer within 2s');
  expect(sweeping.told.length).toBeLessThanOrEqual(32);
});
