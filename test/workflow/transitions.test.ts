import { describe, expect, test } from '@jest/globals';
import type { Phase } from '../../contract/phase.js';
import { PHASES } from '../../contract/phase.js';
import { TRANSITIONS, type Transition, type TransitionName } from '../../contract/transitions.js';
import { DAY, MINUTE, useHarness } from '../support/workflow/lifecycle-harness.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();

const policy = { removeAfterMs: DAY };

/** A node in each phase in which something can still happen to it. */
const NODE_IN: Record<Exclude<Phase, 'REMOVED'>, () => Promise<NodeUnderTest>> = {
  REGISTERED: () => harness.node({ policy, registered: false, approval: 'PENDING' }),
  PENDING: () => harness.node({ policy, approval: 'PENDING' }),
  async REJECTED() {
    const node = await harness.node({ policy, approval: 'PENDING' });
    await node.decide('reject', { reason: 'unknown' });
    return node;
  },
  WAITING: () => harness.node({ policy }),
  async ACTIVE() {
    const node = await harness.node({ policy });
    await node.report(['s1']);
    return node;
  },
  async DRAINING() {
    const node = await NODE_IN.ACTIVE();
    await node.decide('deactivate');
    return node;
  },
  async DRAINED() {
    const node = await harness.node({ policy });
    await node.beat();
    await node.decide('deactivate');
    return node;
  },
};

/** How to bring about each transition. */
const BRING_ABOUT: Record<TransitionName, (node: NodeUnderTest) => Promise<unknown>> = {
  register: (node) => node.decide('register'),
  approve: (node) => node.decide('approve'),
  reject: (node) => node.decide('reject', { reason: 'a test' }),
  activate: (node) => node.decide('activate'),
  deactivate: (node) => node.decide('deactivate'),
  decommission: (node) => node.decide('decommission'),
  remove: (node) => node.decide('remove'),
  quarantine: (node) => node.decide('quarantine', { checks: ['disk'], origin: 'check' }),
  release: (node) => node.decide('release', { origin: 'check' }),
  // Its time is far enough away for the phase to be observed.
  plan: async (node) => node.decide('plan', { plannedAt: (await node.now()) + DAY }),
  begin: (node) => node.decide('begin'),
  end: (node) => node.decide('end'),
  lapse: (node) => node.decide('lapse'),
  firstHeartbeat: (node) => node.beat(),
  drained: (node) => node.report([]),
  sessionFound: (node) => node.report(['s1']),
  removeDrained: (node) => node.decide('decommission'),
  async removeSilent(node) {
    // A node that was never heard is never silent. If the first heartbeat itself leads on, it comes before the approval.
    if ((await node.view()).lastHeartbeat === undefined) await node.beat({ at: (await node.view()).approval.since });
    await node.pass(DAY + 7 * MINUTE);
  },
};

const ROWS = Object.entries(TRANSITIONS) as [TransitionName, Transition][];
const CASES = ROWS.flatMap(([name, { from, to }]) => from.map((phase) => ({ name, from: phase, to })));

/** `phases`, and what the workflow makes of them by itself. */
function withWhatFollows(phases: readonly Phase[]): readonly Phase[] {
  const following = ROWS.filter(([name]) => name === 'drained' || name === 'removeDrained')
    .filter(([, row]) => row.from.some((phase) => phases.includes(phase)))
    .flatMap(([, row]) => row.to);
  const all = [...new Set([...phases, ...following])];
  return all.length === phases.length ? all : withWhatFollows(all);
}

describe('each row of the transition table holds in the workflow', () => {
  test.each(CASES)('$name: from $from to $to', async ({ name, from, to }) => {
    if (from === 'REMOVED') throw new Error('nothing leads out of REMOVED');
    const node = await NODE_IN[from]();
    expect((await node.settled()).phase).toBe(from);
    const seen = node.ports.phases.length;
    await BRING_ABOUT[name](node);
    await node.until(({ phase, seq }) => seq === node.decision.seq && withWhatFollows(to).includes(phase));
    const passed = node.ports.phases.slice(seen);
    expect(withWhatFollows([from, ...to])).toEqual(expect.arrayContaining(passed));
  });

  test('some row leads on from every phase but REMOVED', () => {
    const left = new Set(ROWS.flatMap(([, { from }]) => from));
    expect(PHASES.filter((phase) => !left.has(phase))).toEqual(['REMOVED']);
  });

  test('some row leads to every phase but REGISTERED', () => {
    const reached = new Set<Phase>(ROWS.flatMap(([, { to }]) => to));
    expect(PHASES.filter((phase) => !reached.has(phase))).toEqual(['REGISTERED']);
  });
});
