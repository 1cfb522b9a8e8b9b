import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { firstDecision } from '../../../contract/decision.js';
import { lifecycleInput } from '../../../src/lifecycle/lifecycle-input.js';
import { lifecycleSettings } from '../../../src/lifecycle/lifecycle-settings.js';
import type { NodeRecord } from '../../../src/record/node-record.js';

const decision = firstDecision({ at: 0, by: 'alice', reason: '', registered: true, approval: 'APPROVED' });
const NODE = { uid: 'u', name: 'n', type: 'Compute', decision, applied: null } as unknown as NodeRecord;
const SETTINGS = lifecycleSettings(loadConfig({ env: {}, flags: { 'Orchestrator.NodeManager.RemoveAfter': '7d' } }));

test('an ephemeral node is removed by its own time, any other by the policy', () => {
  const policy = { removeAfterMs: 7 * 86_400_000 };
  expect(lifecycleInput({ ...NODE, removeAfterMs: 60_000 }, SETTINGS, 1)).toMatchObject({
    policy,
    removeAfterMs: 60_000,
  });
  const input = lifecycleInput(NODE, SETTINGS, 1);
  expect(input).toMatchObject({ policy });
  expect(input).not.toHaveProperty('removeAfterMs');
});
