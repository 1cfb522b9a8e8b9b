import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import {
  availabilityOf,
  decide,
  firstDecision,
  RULING_ORIGINS,
  type Decision,
  type RulingOrigin,
} from '../../../contract/decision.js';
import { ERRORS } from '../../../contract/errors.js';
import { derivePhase, PHASES, type Phase } from '../../../contract/phase.js';
import { LIVENESSES, NODE_TYPES } from '../../../contract/states.js';
import { ADMIN_ACTIONS, type AdminAction } from '../../../contract/node-actions.js';
import { PLAN_ACTIONS } from '../../../contract/plan-actions.js';
import { POLICY_ACTIONS } from '../../../contract/policy-actions.js';
import { refusalsOf, TRANSITIONS, whyNot, type Subject } from '../../../contract/transitions.js';

const subject: fc.Arbitrary<Subject> = fc.record({
  id: fc.constantFrom('node-1', 'node-10', 'gpu.example.org'),
  type: fc.constantFrom(...NODE_TYPES),
  phase: fc.constantFrom(...PHASES),
  liveness: fc.constantFrom(...LIVENESSES),
  activeSessions: fc.nat(3),
});
const action = fc.constantFrom(...ADMIN_ACTIONS);
const compute = (phase: Phase, activeSessions = 0): Subject => ({
  id: 'node-1',
  type: 'Compute',
  phase,
  liveness: 'HEALTHY',
  activeSessions,
});
const mayTake = (taken: AdminAction, phase: Phase): boolean =>
  (TRANSITIONS[taken].from as readonly Phase[]).includes(phase);

describe('whyNot', () => {
  test.prop([action, subject, fc.boolean()], { numRuns: 2_000 })(
    "either allows, or gives reason and remedy with the node's name",
    (taken, node, force) => {
      const fault = whyNot(taken, node, { force });
      if (!fault) return;
      expect(ERRORS).toHaveProperty(fault.code);
      expect(fault.detail.startsWith(`node ${node.id} `)).toBe(true);
      expect(fault.hint).toBeTruthy();
      expect(fault.hint).not.toContain('<id>');
    },
  );

  test.prop([action, subject], { numRuns: 2_000 })(
    'allows exactly the table for a compute node without sessions',
    (taken, node) => {
      expect(whyNot(taken, { ...node, type: 'Compute', activeSessions: 0 }) === undefined).toBe(
        mayTake(taken, node.phase),
      );
    },
  );

  test.prop([fc.constantFrom(...PHASES), fc.integer({ min: 1, max: 9 })])(
    'removes a node with active sessions only with force',
    (phase, activeSessions) => {
      if (!mayTake('remove', phase)) return;
      expect(whyNot('remove', compute(phase, activeSessions))).toMatchObject({ code: 'NODE_HAS_SESSIONS' });
      expect(whyNot('remove', compute(phase, activeSessions), { force: true })).toBeUndefined();
    },
  );

  test('counts the sessions in good English', () => {
    expect(whyNot('remove', compute('ACTIVE', 1))?.detail).toBe('node node-1 has 1 active session');
    expect(whyNot('remove', compute('ACTIVE', 2))?.detail).toBe('node node-1 has 2 active sessions');
  });

  test.prop([action, subject])('allows nothing for an api replica, except removing one that is gone', (taken, node) => {
    const fault = whyNot(taken, { ...node, type: 'Requester', activeSessions: 0 });
    if (taken === 'remove' && node.liveness !== 'HEALTHY' && node.phase !== 'REMOVED') expect(fault).toBeUndefined();
    else
      expect(fault?.code).toBe(
        taken === 'remove' && node.liveness !== 'HEALTHY' ? 'NODE_NOT_FOUND' : 'NODE_IS_REQUESTER',
      );
  });

  test.each<[AdminAction, Phase, string]>([
    ['approve', 'REGISTERED', 'NODE_NOT_JOINED'],
    ['approve', 'ACTIVE', 'NODE_ALREADY_APPROVED'],
    ['approve', 'DRAINED', 'NODE_ALREADY_APPROVED'],
    ['reject', 'REJECTED', 'NODE_REJECTED'],
    ['activate', 'ACTIVE', 'NODE_ALREADY_ACTIVE'],
    ['activate', 'WAITING', 'NODE_ALREADY_ACTIVE'],
    ['deactivate', 'PENDING', 'NODE_NOT_APPROVED'],
    ['deactivate', 'DRAINING', 'NODE_DRAINING'],
    ['deactivate', 'DRAINED', 'NODE_DRAINED'],
    ['decommission', 'REJECTED', 'NODE_REJECTED'],
    ['remove', 'REMOVED', 'NODE_NOT_FOUND'],
  ])('refuses to %s a node that is %s: %s', (taken, phase, code) => {
    expect(whyNot(taken, compute(phase))?.code).toBe(code);
  });
});

describe('origins', () => {
  const out = (origin?: RulingOrigin): Subject => ({
    ...compute('DRAINED'),
    ruling: { value: 'DRAINED', ...(origin !== undefined && { origin }) },
  });
  const WHO = [undefined, ...RULING_ORIGINS] as const;

  test.each(WHO.flatMap((origin) => WHO.map((ruled) => [origin, ruled] as const)))(
    '%s brings back what %s took out if it is its own, or a person asks',
    (origin, ruled) => {
      const code = whyNot('activate', out(ruled), { origin })?.code;
      expect(code).toBe(origin === undefined || origin === ruled ? undefined : 'NODE_TAKEN_OUT_BY_OTHERS');
    },
  );

  test.each([
    [undefined, 'check', undefined],
    [undefined, 'node', undefined],
    ['node', 'check', undefined],
    ['node', 'node', 'NODE_DRAINED'],
    ['node', undefined, 'NODE_DRAINED'],
    ['check', 'node', 'NODE_DRAINED'],
    ['check', 'check', 'NODE_DRAINED'],
    ['check', undefined, 'NODE_DRAINED'],
    [undefined, undefined, 'NODE_DRAINED'],
  ] as const)('%s takes over what %s took out: %s', (origin, ruled, code) => {
    expect(whyNot('deactivate', out(ruled), { origin })?.code).toBe(code);
  });

  test('a person activates a node that checks keep new sessions from', () => {
    const kept: Subject = { ...compute('ACTIVE'), ruling: { value: 'ACTIVE', origin: 'check', noNewSessions: true } };
    expect(whyNot('activate', kept)).toBeUndefined();
    expect(whyNot('activate', kept, { origin: 'node' })?.code).toBe('NODE_ALREADY_ACTIVE');
    expect(whyNot('activate', { ...kept, phase: 'REMOVED' })?.code).toBe('NODE_NOT_FOUND');
  });

  test.each(RULING_ORIGINS)('%s approves nobody', (origin) => {
    const pending: Subject = { ...compute('PENDING'), ruling: { value: 'ACTIVE' } };
    expect(whyNot('activate', pending, { origin })?.code).toBe('NODE_TAKEN_OUT_BY_OTHERS');
  });
});

describe('the refusals of an action', () => {
  test.each([
    ['approve', ['NODE_NOT_JOINED', 'NODE_ALREADY_APPROVED', 'NODE_NOT_FOUND']],
    ['remove', ['NODE_HAS_SESSIONS', 'NODE_NOT_FOUND']],
  ] as const)('of %s, each once and in the order of a life: %j', (refused, codes) => {
    expect(refusalsOf(refused)).toEqual(codes);
  });
});

describe('the table and the decisions agree', () => {
  const at = { at: 5, by: 'ada', reason: '' };
  const slot = firstDecision({ ...at, registered: false, approval: 'PENDING' });
  const pending = decide(slot, 'register', at);
  const approved = decide(pending, 'approve', at);
  const draining = decide(approved, 'deactivate', at);
  const NODES: Record<Exclude<Phase, 'REMOVED'>, { decision: Decision; heard: boolean; drained: boolean }> = {
    REGISTERED: { decision: slot, heard: false, drained: false },
    PENDING: { decision: pending, heard: false, drained: false },
    REJECTED: { decision: decide(pending, 'reject', at), heard: false, drained: false },
    WAITING: { decision: approved, heard: false, drained: false },
    ACTIVE: { decision: approved, heard: true, drained: false },
    DRAINING: { decision: draining, heard: true, drained: false },
    DRAINED: { decision: draining, heard: true, drained: true },
  };
  const CASES = (['register', ...ADMIN_ACTIONS, ...POLICY_ACTIONS, ...PLAN_ACTIONS] as const).flatMap((taken) =>
    TRANSITIONS[taken].from.map((from) => ({ taken, from })),
  );

  test.each(CASES)('$taken from $from', ({ taken, from }) => {
    const { decision, heard, drained } = NODES[from];
    const phaseOf = (of: Decision) =>
      derivePhase({
        registered: of.registered,
        removed: of.removal?.when === 'now',
        approval: of.approval.value,
        availability: availabilityOf(of.availability, drained ? decision.availability.seq : 0),
        heardSinceApproval: heard && of.approval.seq === decision.approval.seq,
      });
    expect(phaseOf(decision)).toBe(from);
    expect(TRANSITIONS[taken].to).toContain(phaseOf(decide(decision, taken, at)));
  });
});
