import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { DAY, HOUR, SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

/** Finds what grows with time: a node beats, works, drains, restarts and falls silent for a year. */

const MAX_RUN_EVENTS = 300;
/** A run ends when no change is pending; pending changes may add to it. */
const MORE_EVENTS = 60;
const KIB = 1_024;

const harness = useHarness();

interface Run {
  /** Size of the state that the previous run handed over, in bytes of JSON. */
  carriedBytes: number;
  events: number;
}

class Year {
  readonly runs = new Map<string, Run>();
  #day = 0;

  constructor(private readonly node: NodeUnderTest) {}

  async live(days: number): Promise<void> {
    for (this.#day = 1; this.#day <= days; this.#day += 1) {
      if (this.#day % 3 === 0) await this.#work();
      else await this.#rest();
      if (this.#day % 7 === 0) await this.#maintain();
      if (this.#day % 30 === 0) this.node.bootId = randomUUID();
      if (this.#day % 91 === 0) await this.#fallSilent();
      await this.measure();
    }
  }

  /** A session that starts in the morning and has ended by the evening. */
  async #work(): Promise<void> {
    const { node } = this;
    const session = `s${this.#day}`;
    await node.open(session);
    await node.report([session]);
    await this.#peace(12 * HOUR);
    await node.report([], { ended: [session] });
    await this.#peace(12 * HOUR);
    await node.beat();
    await node.caughtUp();
  }

  async #rest(): Promise<void> {
    await this.#peace(12 * HOUR);
    await this.node.beat();
    await this.#peace(12 * HOUR);
    await this.node.beat();
  }

  /** A signal that meets a run's end would stop the time-skipping server's clock. */
  async #peace(ms: number): Promise<void> {
    await this.node.caughtUp();
    await this.node.pass(ms);
    await this.node.caughtUp();
  }

  async #maintain(): Promise<void> {
    await this.node.decide('deactivate', { reason: 'maintenance' });
    await this.node.until(({ phase }) => phase === 'DRAINED');
    await this.node.caughtUp();
    await this.node.decide('activate');
    await this.node.caughtUp();
  }

  async #fallSilent(): Promise<void> {
    await this.node.pass(2 * DAY);
    await this.node.until(({ liveness }) => liveness.value === 'UNKNOWN');
    await this.node.beat();
    await this.node.caughtUp();
  }

  async measure(): Promise<void> {
    const { runId, historyLength } = await this.node.handle.describe();
    const known = this.runs.get(runId);
    if (known) known.events = historyLength;
    else this.runs.set(runId, { events: historyLength, carriedBytes: await this.#carriedBytes() });
  }

  async #carriedBytes(): Promise<number> {
    const { events } = await this.node.handle.fetchHistory();
    const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    return input?.data?.length ?? 0;
  }
}

test('a year of a node leaves no more behind than a month: short histories, a small state, and records of events only', async () => {
  const node = await harness.node({
    maxRunEvents: MAX_RUN_EVENTS,
    policy: { disconnectTimeoutMs: 13 * HOUR, unknownTimeoutMs: 13 * HOUR },
  });
  await node.beat();
  const year = new Year(node);
  await year.live(365);
  await node.pass(SECOND);
  const view = await node.settled();
  const runs = [...year.runs.values()];
  const states = runs.slice(1).map(({ carriedBytes }) => carriedBytes);
  const events = node.ports.eventTypes;
  const tally = Object.fromEntries(
    [...new Set(events)].toSorted().map((type) => [type, events.filter((one) => one === type).length]),
  );
  const viewBytes = JSON.stringify(node.ports.latest?.view).length;
  console.info(
    `a year: ${runs.length} runs of at most ${Math.max(...runs.map((run) => run.events))} events, state carried ${Math.min(...states)} to ${Math.max(...states)} bytes, view ${viewBytes} bytes, ${events.length} events told: ${JSON.stringify(tally)}`,
  );

  expect(view).toMatchObject({ phase: 'ACTIVE', liveness: { value: 'HEALTHY' }, activeSessions: 0, seq: 1 + 2 * 52 });
  expect(runs.length).toBeGreaterThan(3);
  expect(Math.max(...runs.map((run) => run.events))).toBeLessThan(MAX_RUN_EVENTS + MORE_EVENTS);
  expect(Math.max(...states)).toBeLessThan(4 * KIB);
  expect(viewBytes).toBeLessThan(2 * KIB);
  // Heartbeats, ordinary sessions and new runs cause no events.
  expect(tally).toEqual({
    FirstHeartbeat: 1,
    NodeDrained: 52,
    NodeHealthy: 5,
    NodeRestarted: 12,
    NodeUnhealthy: 4,
    NodeUnknown: 4,
  });
  expect((await node.sessionCache()).sessions).toEqual([]);
}, 300_000);
