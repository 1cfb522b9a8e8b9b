import assert from 'node:assert/strict';
import { test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { decide, firstDecision } from '../../../contract/decision.js';
import type { LifecycleInput, LifecycleView, LivenessPolicy } from '../../../contract/lifecycle.js';
import type { CachedSession } from '../../../contract/sessions.js';
import { NodeState } from '../../../workflows/node-state.js';
import { nodeCommands, type NodeCommand } from '../../support/workflow/node-commands.js';

const MINUTE = 60_000;
const START = 1_800_000_000_000;
const UID = 'u1';
const POLICY: LivenessPolicy = { disconnectTimeoutMs: MINUTE, unknownTimeoutMs: 5 * MINUTE, removeAfterMs: 0 };

function input(policy = POLICY): LifecycleInput {
  return {
    nodeId: 'node-1',
    uid: UID,
    type: 'Compute',
    decision: firstDecision({ at: START, by: 'system', reason: '', registered: true, approval: 'APPROVED' }),
    policy,
    terminationGraceMs: 30_000,
    maxRunEvents: 2_000,
  };
}

/** A node's state with everything that can happen to it, with a clock that the test advances, without a workflow. */
class BareNode {
  now = START;
  recorded: number | undefined;

  constructor(readonly state: NodeState) {}

  happen(command: NodeCommand): void {
    const { state } = this;
    switch (command.does) {
      case 'decide': {
        const deadline = command.deadlineMs === undefined ? undefined : this.now + command.deadlineMs;
        const decision = decide(state.decision, command.action, {
          ...{ at: this.now, by: 'ada', reason: '', deadline },
          onDeadline: command.terminate ? 'terminate' : 'wait',
        });
        return state.obey({ uid: UID, action: command.action, decision });
      }
      case 'repeat':
        return state.obey({
          uid: UID,
          action: state.decision.action,
          decision: { ...state.decision, seq: state.decision.seq - (command.which % 3) },
        });
      case 'beat':
        return this.beat(this.now);
      case 'beatUnsignalled':
        this.recorded = this.now;
        return;
      case 'beatLate':
        return this.beat(this.now - command.byMs);
      case 'report':
        this.recorded = this.now;
        return state.adoptSessions(
          { uid: UID, at: this.now, bootId: 'b', sessions: sessions(command.sessions) },
          this.now,
        );
      case 'stranger':
        return state.hear({ uid: 'a stranger', at: this.now, bootId: 'b' }, this.now);
      case 'pass':
        this.now += command.ms;
        return this.judge();
    }
  }

  beat(at: number): void {
    this.recorded = Math.max(at, this.recorded ?? 0);
    this.state.hear({ uid: UID, at, bootId: 'b' }, this.now);
  }

  judge(blindMs = 0): void {
    this.state.weigh(
      {
        ...(this.recorded !== undefined && { lastHeartbeat: this.recorded }),
        blindMs,
        now: this.now,
        policy: POLICY,
        minimumLookIntervalMs: 1,
      },
      this.now,
    );
  }
}

function sessions(count: number): CachedSession[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `s${index}`,
    principal: 'ada',
    statement: 'select 1',
    state: 'RUNNING',
    startedAt: START,
  }));
}

const withoutRevision = ({ revision: _revision, ...view }: LifecycleView) => view;

// Each asserts tens of thousands of times, for which jest's expect is too slow.
describe("a node's state, whatever happens to it", () => {
  test.prop([nodeCommands(60)], { numRuns: 500, seed: 1 })(
    'increments its revision with every visible change',
    (commands) => {
      const node = new BareNode(new NodeState(input(), START));
      for (const command of commands) {
        const { lastHeartbeat: _heard, deadline: _deadline, bootId: _boot, ...before } = node.state.view;
        node.happen(command);
        const { lastHeartbeat: _heardNow, deadline: _deadlineNow, bootId: _bootNow, ...after } = node.state.view;
        if (after.revision === before.revision) assert.deepEqual(after, before);
        else assert.ok(after.revision > before.revision);
      }
    },
  );

  test.prop([nodeCommands(60)], { numRuns: 500, seed: 2 })(
    'is carried completely into the next run, as plain data',
    (commands) => {
      const node = new BareNode(new NodeState(input(), START));
      for (const command of commands) node.happen(command);
      if (node.state.phase === 'REMOVED') return;
      const carried = node.state.carry();
      expect(JSON.parse(JSON.stringify(carried))).toEqual(carried);
      const next = new NodeState(carried, node.now);
      expect(withoutRevision(next.view)).toEqual(withoutRevision(node.state.view));
      expect(next.sessionCache).toEqual(node.state.sessionCache);
      expect(next.view.revision).toBeGreaterThan(node.state.view.revision);
    },
  );

  test.prop([nodeCommands(60)], { numRuns: 500, seed: 3 })(
    'after a look, is HEALTHY only if the node was heard within DisconnectTimeout, and has no sessions if it is UNKNOWN',
    (commands) => {
      const node = new BareNode(new NodeState(input(), START));
      for (const command of commands) {
        node.happen(command);
        // A node that is to be removed is no longer judged.
        if (node.state.phase === 'REMOVED') return;
        node.judge();
        const { liveness, activeSessions } = node.state.view;
        const silence = node.now - (node.recorded ?? 0);
        assert.equal(liveness.value === 'HEALTHY', silence < MINUTE);
        if (liveness.value === 'UNKNOWN') assert.equal(activeSessions, 0);
      }
    },
  );

  test.prop([nodeCommands(60)], { numRuns: 500, seed: 4 })(
    'reports each event once, under an id of its own',
    (commands) => {
      const node = new BareNode(new NodeState(input(), START));
      const told: string[] = [];
      for (const command of commands) {
        node.happen(command);
        const { projection } = node.state;
        told.push(...projection.events.map(({ id }) => id));
        node.state.learnFrom(undefined, projection, node.now);
        assert.equal(node.state.hasUnprojected, false);
      }
      expect(new Set(told).size).toBe(told.length);
    },
  );
});

describe('a change during a projection', () => {
  test('is projected next', () => {
    const node = new BareNode(new NodeState(input(), START));
    node.beat(START + 1);
    const { projection } = node.state;
    node.happen({ does: 'report', sessions: 1 });
    node.state.learnFrom(undefined, projection, node.now);
    expect(node.state.hasUnprojected).toBe(true);
    expect(node.state.projection.events).toEqual([]);
  });
});

describe('a node that is heard again before its loss is projected', () => {
  const silent = () => {
    const node = new BareNode(new NodeState(input(), START));
    node.now += 1;
    node.happen({ does: 'report', sessions: 2 });
    node.state.learnFrom(undefined, node.state.projection, node.now);
    node.happen({ does: 'pass', ms: 7 * MINUTE });
    expect(node.state.view).toMatchObject({ liveness: { value: 'UNKNOWN' }, activeSessions: 0 });
    return node;
  };

  test('has lost no session', () => {
    const node = silent();
    node.happen({ does: 'beat' });
    expect(node.state.view).toMatchObject({ liveness: { value: 'HEALTHY' }, activeSessions: 2 });
    const { sessionChanges, events } = node.state.projection;
    expect(sessionChanges).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(['NodeUnhealthy', 'NodeUnknown', 'NodeHealthy']);
  });

  test('has lost none in the next run either', () => {
    const node = silent();
    const next = new BareNode(new NodeState(node.state.carry(), node.now));
    next.now = node.now;
    next.happen({ does: 'beat' });
    expect(next.state.view.activeSessions).toBe(2);
    expect(next.state.projection.sessionChanges).toEqual([]);
  });

  test('has lost them if the heartbeat is out of date', () => {
    const node = silent();
    node.happen({ does: 'beatLate', byMs: 2 * MINUTE });
    expect(node.state.projection.sessionChanges).toHaveLength(2);
  });

  test('has lost those whose loss was projected', () => {
    const node = silent();
    node.state.learnFrom(undefined, node.state.projection, node.now);
    node.happen({ does: 'beat' });
    expect(node.state.view.activeSessions).toBe(0);
  });

  test('drains on if its drain had ended with its sessions', () => {
    const node = new BareNode(new NodeState(input(), START));
    node.happen({ does: 'report', sessions: 1 });
    node.happen({ does: 'decide', action: 'decommission', deadlineMs: undefined, terminate: false });
    node.happen({ does: 'pass', ms: 7 * MINUTE });
    node.state.markDrained(node.now);
    node.state.removal.schedule('drained', 'ada', 'sold', node.now);
    node.happen({ does: 'beat' });
    expect(node.state.view).toMatchObject({ phase: 'DRAINING', drain: { remaining: ['s0'], thenRemove: true } });
    expect(node.state.projection.events.map(({ type }) => type)).toEqual(
      expect.not.arrayContaining(['NodeDrained', 'NodeRemoved']),
    );
  });
});
