import { describe, expect, test } from '@jest/globals';
import type { NodeInfo } from '../../../contract/schemas/agents.js';
import { matchOf, type ApprovalRule, type JoinFacts } from '../../../src/approval/approval-rule.js';

const NOW = Date.UTC(2026, 11, 1);
const GIBIBYTE = 1_024 ** 3;

function rule(changes: Partial<ApprovalRule>): ApprovalRule {
  return {
    ...{ name: 'r', version: 1, order: 100, decision: 'approve', reason: '', createdAt: NOW, createdBy: 'ada' },
    ...{ joinTokens: [], namePattern: null, labels: [], networks: [], hardware: {}, expiresAt: null },
    ...changes,
  };
}

const FACTS: JoinFacts = {
  name: 'gpu-7',
  labels: { pool: 'gpu', zone: 'a' },
  token: 'tok1',
  from: '10.1.2.3',
  info: { cpu: { logicalCores: 32 }, memory: { totalBytes: 64 * GIBIBYTE }, gpus: [{}] } as unknown as NodeInfo,
};
const match = (changes: Partial<ApprovalRule>, facts: Partial<JoinFacts> = {}) =>
  matchOf([rule(changes)], { ...FACTS, ...facts }, NOW);

describe('a rule', () => {
  test.each<[string, Partial<ApprovalRule>]>([
    ['without conditions', {}],
    ['for its token', { joinTokens: ['other', 'tok1'] }],
    ['for its name', { namePattern: 'gpu-*' }],
    ['for its labels', { labels: ['pool=gpu', 'zone'] }],
    ['for its network', { networks: ['192.168.0.0/16', '10.0.0.0/8'] }],
    ['for its address', { networks: ['10.1.2.3'] }],
    ['for its hardware', { hardware: { cores: 32, memory: 64 * GIBIBYTE, gpus: 1 } }],
    ['that expires later', { expiresAt: NOW + 1 }],
  ])('%s matches', (_title, changes) => {
    expect(match(changes).rule?.name).toBe('r');
  });

  test.each<[string, Partial<ApprovalRule>, Partial<JoinFacts>, string]>([
    ['for another token', { joinTokens: ['other'] }, {}, 'it joined with token tok1'],
    ['for a token, of a node without one', { joinTokens: ['tok1'] }, { token: null }, 'its join token is not known'],
    ['for other names', { namePattern: 'cpu-*' }, {}, 'its name is not cpu-*'],
    ['for a label that it lacks', { labels: ['pool=gpu', 'rack=1'] }, {}, 'it lacks the label rack=1'],
    ['for another network', { networks: ['10.2.0.0/16'] }, {}, 'its address is 10.1.2.3'],
    ['for IPv6 only', { networks: ['fd00::/8'] }, {}, 'its address is 10.1.2.3'],
    ['for a network, of an unknown address', { networks: ['10.0.0.0/8'] }, { from: null }, 'its address is not known'],
    ['for more cores', { hardware: { cores: 33 } }, {}, 'it has 32 cores'],
    ['for more memory', { hardware: { memory: 65 * GIBIBYTE } }, {}, 'it has 68719476736 bytes of memory'],
    ['for more GPUs', { hardware: { gpus: 2 } }, {}, 'it has 1 GPUs'],
    ['for hardware, of a node without figures', { hardware: { gpus: 1 } }, { info: null }, 'its hardware is not known'],
    ['that has expired', { expiresAt: NOW }, {}, 'it has expired'],
  ])('%s does not match', (_title, changes, facts, because) => {
    expect(match(changes, facts)).toEqual({ rule: undefined, passedOver: [{ rule: 'r', because }] });
  });
});

test('the first rule that matches decides', () => {
  const rules = [
    rule({ name: 'z', order: 1, namePattern: 'cpu-*' }),
    rule({ name: 'a', decision: 'wait' }),
    rule({ name: 'b', decision: 'reject' }),
  ];
  const { rule: decides, passedOver } = matchOf(rules, FACTS, NOW);
  expect(decides?.name).toBe('a');
  expect(passedOver).toEqual([{ rule: 'z', because: 'its name is not cpu-*' }]);
});
