import { describe, expect, test } from '@jest/globals';
import { decisionRequest } from '../../../contract/decision-request.js';

describe("a decision's request", () => {
  test.each([
    ['approve', {}, { body: { reason: '' } }],
    ['activate', { reason: 'new disks', force: true }, { body: { reason: 'new disks' } }],
    ['reject', { reason: 'unknown' }, { body: { message: 'unknown' } }],
    ['deactivate', {}, { body: { reason: '' } }],
    [
      'decommission',
      { reason: 'old', deadline: '15m', onDeadline: 'terminate' },
      { body: { reason: 'old', deadline: '15m', onDeadline: 'terminate' } },
    ],
    ['remove', {}, { query: { force: 'false' } }],
    ['remove', { force: true, reason: 'gone', deadline: '15m' }, { query: { force: 'true', reason: 'gone' } }],
  ] as const)('%s %j', (action, words, request) => {
    expect(decisionRequest(action, words)).toEqual(request);
  });
});
