import { expect, test } from '@jest/globals';
import { HOLD, NO_OTHERS, type DrainMemberState, type DrainSetRuling } from '../../../contract/drain-set.js';
import { drainSetInput } from '../../../src/drains/drain-set-input.js';
import type { DrainSetRecord } from '../../../src/drains/drain-set-record.js';

const RESUMED_AT = 1_000;
const resumed: DrainSetRuling = { seq: 3, value: 'resume', at: RESUMED_AT, by: 'ada' };
const update = { version: '1.2.0', downgrade: false, maxFailures: 1, timeoutMs: 60_000 };
const failedAt = (since: number, state: DrainMemberState = 'FAILED') => ({
  uid: `uid-${since}`,
  name: `n-${since}`,
  state,
  since,
  reason: '',
});

function record(change: Partial<DrainSetRecord> = {}): DrainSetRecord {
  return {
    id: 'abc',
    actor: { by: 'ada', from: null },
    at: 0,
    reason: '',
    labels: [],
    maxUnavailable: 1,
    patienceMs: null,
    onDeadline: 'wait',
    update,
    ruling: resumed,
    members: [failedAt(RESUMED_AT - 1), failedAt(RESUMED_AT - 2, 'UPDATED'), failedAt(RESUMED_AT + 1)],
    state: 'RUNNING',
    revision: 7,
    rulingSeq: 3,
    others: NO_OTHERS,
    waiting: false,
    endedAt: null,
    ...change,
  };
}

test('a lost workflow starts again with the failures that its last resume knew of', () => {
  expect(drainSetInput(record())).toMatchObject({ update, forgiven: 1, revision: 7 });
});

test('a workflow that was held forgives nothing when it starts again', () => {
  const held: DrainSetRuling = { seq: 2, value: HOLD, at: RESUMED_AT + 1, by: 'system' };
  expect(drainSetInput(record({ ruling: held }))).toMatchObject({ forgiven: 0 });
});

test('a drain set has no failures to forgive', () => {
  const { update: _none, ...drain } = record();
  expect(drainSetInput(drain)).not.toHaveProperty('forgiven');
});
