import { describe, expect, test } from '@jest/globals';
import type { DrainSetInput, DrainSetMember } from '../../../contract/drain-set.js';
import { RunningDrainSet } from '../../../workflows/running-drain-set.js';

const SECOND = 1_000;
const NO_ONE = { over: [], begun: [], others: { count: 0, named: [] }, full: false };
const member = (name: string, state: DrainSetMember['state']): DrainSetMember => ({
  uid: name,
  name,
  state,
  since: 0,
  reason: '',
});

function stateOf(states: DrainSetMember['state'][], changes: Partial<DrainSetInput> = {}): RunningDrainSet {
  return new RunningDrainSet(
    {
      ...{
        id: 'abc',
        by: 'ada',
        reason: '',
        labels: ['pool=a'],
        maxUnavailable: 2,
        patienceMs: null,
        onDeadline: 'wait',
        revision: 0,
        maxRunEvents: 100,
      },
      ruling: { seq: 1, value: 'resume', at: 0, by: 'ada' },
      members: states.map((state, index) => member(`node-${index}`, state)),
      ...changes,
    },
    0,
  );
}

describe('the next look at a set', () => {
  test('comes a second after a change, and then ever later, half a minute at most', () => {
    const set = stateOf(['QUEUED', 'QUEUED']);
    set.begun('node-0', 2, 100 * SECOND);
    const pauseAfter = (lookedAt: number) => (set.nextLook(lookedAt) ?? NaN) - lookedAt;
    expect(set.nextLook(0)).toBe(101 * SECOND);
    expect(pauseAfter(101 * SECOND)).toBe(SECOND);
    expect(pauseAfter(160 * SECOND)).toBe(6 * SECOND);
    expect(pauseAfter(10_000 * SECOND)).toBe(30 * SECOND);
    set.over('node-0', { state: 'DRAINED', reason: '' }, 10_010 * SECOND);
    set.begun('node-1', 2, 10_020 * SECOND);
    expect(set.nextLook(10_010 * SECOND)).toBe(10_021 * SECOND);
  });

  test('does not come if nothing is waited for', () => {
    expect(stateOf(['QUEUED', 'DRAINED']).nextLook(0)).toBeUndefined();
    expect(stateOf(['QUEUED'], { ruling: { seq: 2, value: 'pause', at: 0, by: 'ada' } }).nextLook(0)).toBeUndefined();
  });

  test('comes while only others keep a node from its turn', () => {
    const set = stateOf(['QUEUED']);
    set.wait({ count: 2, named: [] });
    expect(set.next).toBeUndefined();
    expect(set.nextLook(0)).toBe(SECOND);
    expect(set.nextLook(5 * SECOND)).toBe(6 * SECOND);
    set.learn(NO_ONE, 6 * SECOND);
    expect(set.next?.name).toBe('node-0');
    expect(set.nextLook(6 * SECOND)).toBeUndefined();
  });
});

describe('other unavailable nodes', () => {
  test('are projected when they change, and removed once no node is to start', () => {
    const set = stateOf(['DRAINING', 'QUEUED']);
    set.told(set.projection(0));
    set.learn(NO_ONE, 1);
    expect(set.hasUnprojected).toBe(false);
    const others = { count: 1, named: [{ name: 'node-9', why: 'UNKNOWN' }] };
    set.learn({ ...NO_ONE, others, full: true }, 2);
    expect(set.progress).toMatchObject({ others, waiting: true });
    set.told(set.projection(2));
    set.learn({ ...NO_ONE, others, full: true }, 3);
    expect(set.hasUnprojected).toBe(false);
    set.obey({ seq: 2, value: 'pause', at: 4, by: 'bob' }, 4);
    expect(set.progress).toMatchObject({ others: { count: 0 }, waiting: false });
  });

  test('are no reason to wait if the set itself uses up the budget', () => {
    const set = stateOf(['DRAINING', 'DRAINING', 'QUEUED']);
    set.learn({ ...NO_ONE, full: true }, 1);
    expect(set.progress.waiting).toBe(false);
    expect(set.next).toBeUndefined();
  });
});

test('drains that a lost predecessor started are found if the set starts cancelled, and are released', () => {
  const set = stateOf(['QUEUED', 'QUEUED'], { ruling: { seq: 2, value: 'cancel', at: 0, by: 'bob' } });
  expect(set.question).toMatchObject({ unsure: ['node-0', 'node-1'], draining: [] });
  set.learn({ ...NO_ONE, begun: [{ uid: 'node-0', seq: 7 }] }, 1);
  set.cancelTurns(1);
  expect(set.toRelease).toMatchObject([{ name: 'node-0', seq: 7 }]);
  expect(set.progress.members.map(({ state }) => state)).toEqual(['DRAINING', 'NOT_BEGUN']);
});
