import { drainSetSchema } from '../../../contract/schemas/drains.js';
import type { DrainSet } from '../../../client/types.gen.js';
import { exampleNode, secondsAgo } from './example-nodes.js';

export function exampleDrain(id: string, changes: Partial<DrainSet> = {}): DrainSet {
  const counts = {
    QUEUED: 1,
    DRAINING: 1,
    DRAINED: 1,
    ALREADY: 0,
    SKIPPED: 1,
    ACTIVATED: 0,
    REJECTED: 0,
    REMOVED: 0,
    RELEASED: 0,
    NOT_BEGUN: 0,
    UPDATING: 0,
    UPDATED: 0,
    FAILED: 0,
    NOT_MANAGED: 0,
  };
  const member = (node: string, state: string, seconds: number, reason = '') => ({
    id: node,
    uid: exampleNode(node).uid,
    state,
    since: secondsAgo(seconds),
    reason,
  });
  return drainSetSchema.parse({
    ...{
      id,
      state: 'RUNNING',
      labels: ['pool=a'],
      reason: 'new kernel',
      by: 'ana',
      at: secondsAgo(600),
      endedAt: null,
      maxUnavailable: 1,
      deadline: '15m',
      onDeadline: 'terminate',
      beginsAt: null,
      until: null,
      window: null,
    },
    ruling: { at: secondsAgo(600), by: 'ana', applied: true },
    counts,
    others: { waiting: false, count: 0, nodes: [] },
    nodes: [
      member('node-1', 'DRAINED', 300),
      member('node-2', 'SKIPPED', 300, 'node node-2 awaits approval'),
      member('node-3', 'DRAINING', 299),
      member('node-4', 'QUEUED', 600),
    ],
    workflow: { id: `drain-set-${id}`, url: `http://127.0.0.1:8233/namespaces/default/workflows/drain-set-${id}` },
    ...changes,
  });
}
