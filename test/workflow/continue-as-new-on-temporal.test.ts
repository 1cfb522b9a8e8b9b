import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { eventually } from '../support/eventually.js';
import type { History } from './replay/history-files.js';
import { countedBundle } from '../support/workflow/lifecycle-bundle.js';
import { DrainSetUnderTest } from '../support/workflow/drain-set-under-test.js';
import { bringingHome } from '../support/workflow/workflow-coverage.js';
import { DAY, LifecycleHarness, SECOND, type NodeOptions } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';
import { untilAnswered } from '../support/workflow/until-answered.js';

const SHORT: NodeOptions = { maxRunEvents: 60 };

const runId = async (node: NodeUnderTest): Promise<string> => (await node.handle.describe()).runId;

describe('on a real server', () => {
  let real: LifecycleHarness;
  beforeAll(async () => {
    real = await LifecycleHarness.start({ realServer: true });
  });
  afterAll(() => real.stop());

  // The time-skipping server's clock stops for good when a signal meets a run's end.
  test('continue-as-new loses no signal that arrives meanwhile, and nothing in the Web UI', async () => {
    const node = await real.node({ ...SHORT, approval: 'PENDING' });
    const runs = new Set<string>();
    for (let round = 0; round < 60; round += 1) {
      const at = await node.now();
      await Promise.all([
        node.decide(round % 2 === 0 ? 'approve' : 'reject'),
        node.beat({ at }),
        node.beat({ at: at + 1 }),
      ]);
      runs.add(await runId(node));
    }
    expect(await node.until(({ seq }) => seq === 61)).toMatchObject({ phase: 'REJECTED' });
    expect(runs.size).toBeGreaterThan(2);
    const description = await node.handle.describe();
    expect(description.memo).toEqual({ uid: node.uid, nodeId: node.input.nodeId, type: 'Compute' });
    expect(await node.currentDetails()).toContain(`Compute node ${node.input.nodeId}`);
    expect(description.typedSearchAttributes.getAll()).toContainEqual({
      key: { name: 'NodePhase', type: 'KEYWORD' },
      value: 'REJECTED',
    });
    const revisions = node.ports.projections.map(({ view }) => view.revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  });

  test('runs stay short with 20 changes a second, and none is lost', async () => {
    const node = await real.node(SHORT);
    const runs = new Set<string>();
    const lengths: number[] = [];
    for (let report = 1; runs.size < 5; report += 1) {
      await Promise.all([node.report([`s${report}`], { at: await node.now() }), pause(50)]);
      const described = await node.handle.describe();
      runs.add(described.runId);
      lengths.push(described.historyLength);
      if (report > 1) continue;
      // Concurrent signals are not handled in their order.
      await node.until(({ phase }) => phase === 'ACTIVE');
      await node.decide('deactivate', { by: 'ada' });
      // Without new runs this one would have 2,000 events by now.
      expect(report).toBeLessThan(400);
    }
    // It includes what arrived while a run was ending.
    expect(Math.max(...lengths)).toBeLessThan(2 * 60);
    await node.report([]);
    expect(await node.until(({ phase }) => phase === 'DRAINED')).toMatchObject({
      availability: { by: 'ada' },
      activeSessions: 0,
    });
    expect(node.ports.eventTypes).toEqual(expect.arrayContaining(['NodeHealthy', 'FirstHeartbeat', 'NodeDrained']));
    // A run that ended with changes pending, and one that began with them.
    const [first, second] = [...runs].map((id) => real.env.client.workflow.getHandle(node.handle.workflowId, id));
    for (const ended of [first, second])
      await Worker.runReplayHistory(
        { workflowBundle: await countedBundle(), ...bringingHome() },
        await ended?.fetchHistory(),
        'replayed',
      );
  });

  test('does not wait for projections: the next run makes them', async () => {
    const node = await real.node(SHORT);
    await node.report(['s1']);
    await node.settled();
    const before = await runId(node);
    node.ports.down = true;
    await node.decide('reject', { by: 'ada' });
    await node.decide('approve', { by: 'bob' });
    node.bootId = 'another boot';
    for (let beats = 0; (await runId(node)) === before; beats += 1) {
      await node.beat();
      await node.caughtUp();
      expect(beats).toBeLessThan(60);
    }
    node.ports.down = false;
    expect(await node.until(({ phase }) => phase === 'ACTIVE')).toMatchObject({ approval: { by: 'bob' } });
    expect(node.ports.eventTypes).toEqual(expect.arrayContaining(['NodeRestarted']));
    expect(new Set(node.ports.events.map(({ id }) => id)).size).toBe(node.ports.events.length);
  });

  // The time-skipping server loses count of its time when a run ends while an activity of it waits for its next attempt.
  test('a drain set continues in a new run when its history is long, and loses nothing', async () => {
    const nodes = await Promise.all([1, 2, 3, 4].map(() => real.node({ policy: { disconnectTimeoutMs: DAY } })));
    for (const node of nodes) await node.report([`session-of-${node.input.nodeId}`]);
    await Promise.all(nodes.map((node) => node.settled()));
    const set = await DrainSetUnderTest.start(real, nodes, { maxRunEvents: 30 });
    try {
      for (const [turn, node] of nodes.entries()) {
        await set.shows(
          ...nodes.map((_, index) => (index < turn ? 'DRAINED' : index === turn ? 'DRAINING' : 'QUEUED')),
        );
        await node.report([]);
      }
      await set.shows('DRAINED', 'DRAINED', 'DRAINED', 'DRAINED');
      expect(await set.handle.result()).toMatchObject({ DRAINED: 4 });
      expect(set.ports).toMatchObject({ begun: nodes.map(({ input }) => input.nodeId), mostAtOnce: 1 });
      const { runId: lastRun, memo, typedSearchAttributes } = await set.handle.describe();
      expect(lastRun).not.toBe(set.firstRunId);
      expect(memo).toMatchObject({ id: expect.any(String) });
      expect(typedSearchAttributes.getAll()).toContainEqual({
        key: { name: 'DrainState', type: 'KEYWORD' },
        value: 'DONE',
      });
    } finally {
      await set.stop();
    }
  });

  test('a drain set within a maintenance window continues in a new run while that is open, and waits in one while it is closed', async () => {
    const nodes = await Promise.all([1, 2, 3].map(() => real.node({ policy: { disconnectTimeoutMs: DAY } })));
    for (const node of nodes) await node.report([`session-of-${node.input.nodeId}`]);
    await Promise.all(nodes.map((node) => node.settled()));
    const set = await DrainSetUnderTest.start(real, nodes, { maxRunEvents: 40, window: 'night' });
    try {
      await set.shows('QUEUED', 'QUEUED', 'QUEUED');
      await set.opens(DAY);
      await set.shows('DRAINING', 'QUEUED', 'QUEUED');
      const runs = new Set([set.firstRunId]);
      const newRun = async () => {
        const before = runs.size;
        return runs.add((await set.handle.describe()).runId).size > before;
      };
      await nodes[0]?.report([]);
      await set.shows('DRAINED', 'DRAINING', 'QUEUED');
      await eventually(async () => expect(await newRun()).toBe(true));
      // It was closed early, and the change of the window is signalled.
      await set.closes();
      await nodes[1]?.report([]);
      await set.shows('DRAINED', 'DRAINED', 'QUEUED');
      for (let told = 0; runs.size < 4; told += 1) {
        await set.closes();
        await newRun();
        expect(told).toBeLessThan(500);
      }
      expect(set.ports.begun).toHaveLength(2);
      await set.opens(DAY);
      await nodes[2]?.report([]);
      expect(await set.handle.result()).toMatchObject({ DRAINED: 3 });
    } finally {
      await set.stop();
    }
  });

  const kinds = ({ events }: History) => (events ?? []).map(({ attributes }) => attributes);

  /** The timer whose task made the look: an earlier one may have found that a heartbeat came meanwhile. */
  function timerOfLook(history: History): number | undefined {
    const first = kinds(history).indexOf('timerFiredEventAttributes');
    const look = first < 0 ? -1 : kinds(history).indexOf('markerRecordedEventAttributes', first);
    return look < 0 ? undefined : kinds(history).lastIndexOf('timerFiredEventAttributes', look);
  }

  /** A run in which MongoDB delays the first look. */
  async function run(maxRunEvents: number): Promise<History> {
    const node = await real.node({ maxRunEvents, policy: { disconnectTimeoutMs: SECOND }, held: 'look' });
    await node.beat();
    await node.reached('look');
    return untilAnswered(async () => {
      const history = await node.firstRun();
      const isOver =
        kinds(history).includes('workflowExecutionContinuedAsNewEventAttributes') || timerOfLook(history) !== undefined;
      return isOver ? history : undefined;
    }, 'the look was never given up');
  }

  test('a look that MongoDB delays is given up within its task, so that a replay reads the same result from the history', async () => {
    const ordinary = await run(2_000);
    const fired = timerOfLook(ordinary) ?? NaN;
    expect(kinds(ordinary).slice(fired + 1, fired + 5)).toEqual([
      'workflowTaskScheduledEventAttributes',
      'workflowTaskStartedEventAttributes',
      'workflowTaskCompletedEventAttributes',
      'markerRecordedEventAttributes',
    ]);
    // One event more than the task that looks has seen.
    const lookedAt = fired + 3;
    await Worker.runReplayHistory(
      { workflowBundle: await countedBundle(), ...bringingHome() },
      await run(lookedAt + 1),
      'replayed',
    );
  });
});

describe('on a real server that takes few updates of a run', () => {
  /** The server's own limit is 2,000, and a run has 500 events by default. */
  const MOST_UPDATES = 50;
  const ROUNDS = 55;
  let real: LifecycleHarness;
  beforeAll(async () => {
    real = await LifecycleHarness.start({
      realServer: true,
      dynamicConfig: [`history.maxTotalUpdates=${MOST_UPDATES}`],
    });
  });
  afterAll(() => real.stop());

  test('a run ends before the server refuses its updates, also amid changes', async () => {
    const node = await real.node({ maxRunEvents: MOST_UPDATES, policy: { disconnectTimeoutMs: DAY } });
    await node.report([]);
    await node.settled();
    const runs = new Set<string>();
    const answers: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      answers.push(
        ...(await Promise.all([
          node.open(`s${round}`),
          node.open(`too large ${round}`, { cpu: 1_000 }),
          node.terminate(`s${round - 1}`, { release: true }),
        ])),
      );
      runs.add(await runId(node));
    }
    expect(answers.length).toBeGreaterThan(3 * MOST_UPDATES);
    expect(answers.filter((answer) => !['accepted', 'LACKS_CPU', 'SESSION_NOT_FOUND'].includes(answer))).toEqual([]);
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(2 * ROUNDS - 1);
    expect(runs.size).toBeGreaterThan(2);
    expect((await node.sessionCache()).sessions.map(({ id }) => id)).toEqual([`s${ROUNDS - 1}`]);
  });
});
