import { expect, test } from '@jest/globals';
import { auditFilterOf, auditQueryOf, isWanted } from '../../../web/src/audit/audit-filter.js';

const NOON = Date.UTC(2027, 0, 1, 12);
const read = (address: string) => auditFilterOf(new URLSearchParams(address));

test('an address filters the audit; invalid parts are ignored', () => {
  expect(auditQueryOf(read('by=ana&node=node-1&type=NodeApproved&type=Nonsense&range=24h&since=soon'), NOON)).toEqual({
    by: 'ana',
    node: 'node-1',
    type: ['NodeApproved'],
    since: '2026-12-31T12:00:00.000Z',
  });
  expect(auditQueryOf(read('since=2026-12-01T00:00:00Z&until=2026-12-02T00:00:00Z'), NOON)).toEqual({
    since: '2026-12-01T00:00:00.000Z',
    until: '2026-12-02T00:00:00.000Z',
  });
  expect(auditQueryOf(read(''), NOON)).toEqual({});
});

test('observations are filtered in live events only', () => {
  const filter = read('type=NodeUnhealthy&by=system');
  expect(auditQueryOf(filter, NOON)).toEqual({ by: 'system' });
  expect(isWanted(filter, { by: 'system', node: 'node-1', type: 'NodeUnhealthy' })).toBe(true);
  expect(isWanted(filter, { by: 'system', node: 'node-1', type: 'NodeHealthy' })).toBe(false);
  expect(isWanted(filter, { by: 'ana', node: 'node-1', type: 'NodeUnhealthy' })).toBe(false);
});
