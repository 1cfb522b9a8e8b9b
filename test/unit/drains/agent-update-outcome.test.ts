import { expect, test } from '@jest/globals';
import { updateOutcome, whyNoUpdate } from '../../../src/drains/agent-update-outcome.js';

const UPDATE = { version: '1.2.0', downgrade: false, maxFailures: 1, timeoutMs: 60_000 };
const agent = (version: string, last?: { id: string; version: string; state: string; reason: string }) => ({
  liveness: 'HEALTHY' as const,
  agent: { version, updates: { managed: true, ...(last && { last }) } },
});

test.each([
  ['an agent that nothing is known of', { liveness: 'HEALTHY' as const, agent: null }, 'SKIPPED'],
  ['one that runs the version', agent('1.2.0'), 'ALREADY'],
  [
    'one that did not opt in',
    { ...agent('1.0.0'), agent: { version: '1.0.0', updates: { managed: false } } },
    'NOT_MANAGED',
  ],
  [
    'one that knows nothing of updates',
    { ...agent('1.0.0'), agent: { version: '1.0.0', updates: undefined } },
    'NOT_MANAGED',
  ],
  ['a later one', agent('1.10.0'), 'SKIPPED'],
  ['a silent one', { ...agent('1.0.0'), liveness: 'UNHEALTHY' as const }, 'SKIPPED'],
  ['an earlier one', agent('1.1.9'), undefined],
  ['an earlier one of the same release', agent('1.2.0-rc.1'), undefined],
  ['one whose version is none', agent('abc'), undefined],
])('of %s: %o', (_what, node, state) => {
  expect(whyNoUpdate(UPDATE, node)?.state).toBe(state);
});

test('a later version is downgraded if that was requested', () => {
  expect(whyNoUpdate({ ...UPDATE, downgrade: true }, agent('1.10.0'))).toBeUndefined();
});

test.each([
  ['says nothing of it', agent('1.0.0'), undefined],
  ['speaks of another', agent('1.2.0', { id: 'old', version: '1.2.0', state: 'DONE', reason: '' }), undefined],
  ['is being tried', agent('1.2.0', { id: 'new', version: '1.2.0', state: 'TRYING', reason: '' }), undefined],
  ['is done', agent('1.2.0', { id: 'new', version: '1.2.0', state: 'DONE', reason: '' }), 'UPDATED'],
  [
    'says done of a version that does not run yet',
    agent('1.0.0', { id: 'new', version: '1.2.0', state: 'DONE', reason: '' }),
    undefined,
  ],
  ['has refused', agent('1.0.0', { id: 'new', version: '1.2.0', state: 'REFUSED', reason: 'x' }), 'FAILED'],
  ['went back', agent('1.0.0', { id: 'new', version: '1.2.0', state: 'FAILED', reason: 'x' }), 'FAILED'],
  [
    'says a word that is not known',
    agent('1.0.0', { id: 'new', version: '1.2.0', state: 'RESTING', reason: '' }),
    undefined,
  ],
])('an agent that %s', (_what, node, state) => {
  expect(updateOutcome('new', UPDATE, node)?.state).toBe(state);
});
