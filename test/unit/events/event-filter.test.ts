import { expect, test } from '@jest/globals';
import type { NodeEventType } from '../../../contract/lifecycle.js';
import type { EventStreamQuery } from '../../../contract/schemas/events.js';
import { EventFilter } from '../../../src/events/event-filter.js';

const LABELS: Record<string, Record<string, string>> = { 'uid-1': { pool: 'a', gpu: '' }, 'uid-2': { pool: 'b' } };

async function taken(query: EventStreamQuery, events: [node: string, type: NodeEventType][]): Promise<string[]> {
  const filter = new EventFilter(query, (uid) => Promise.resolve(LABELS[uid] ?? {}));
  const rest = { id: 'e', at: 0, by: 'system', reason: '', from: null };
  const found: string[] = [];
  for (const [number, type] of events) {
    const event = { ...rest, uid: `uid-${number}`, node: `node-${number}`, type };
    if (await filter.takes(event)) found.push(`${number} ${type}`);
  }
  return found;
}

const EVENTS: [string, NodeEventType][] = [
  ['1', 'NodeHealthy'],
  ['1', 'NodeUnhealthy'],
  ['2', 'NodeUnknown'],
];

test.each<[string, EventStreamQuery, string[]]>([
  ['nothing asked for: all', {}, ['1 NodeHealthy', '1 NodeUnhealthy', '2 NodeUnknown']],
  ['by node', { node: 'node-2' }, ['2 NodeUnknown']],
  ['any of several nodes', { node: ['node-1', 'node-3'] }, ['1 NodeHealthy', '1 NodeUnhealthy']],
  ['by type', { type: ['NodeHealthy', 'NodeUnknown'] }, ['1 NodeHealthy', '2 NodeUnknown']],
  ['by severity: the more severe too', { severity: 'warning' }, ['1 NodeUnhealthy', '2 NodeUnknown']],
  ['by a label and its value', { label: 'pool=b' }, ['2 NodeUnknown']],
  ['all of several labels', { label: ['pool=a', 'gpu'] }, ['1 NodeHealthy', '1 NodeUnhealthy']],
  ['no label of that value', { label: ['pool=a', 'gpu=1'] }, []],
  ['no such label', { label: 'constructor' }, []],
])('%s', async (_title, query, expected) => {
  expect(await taken(query, EVENTS)).toEqual(expected);
});
