import { firstDecision, type Decision } from '../../../contract/decision.js';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import type { Phase } from '../../../contract/phase.js';
import type { EpochMs, Liveness } from '../../../contract/states.js';
import type { NodeRecord } from '../../../src/record/node-record.js';

export const T0: EpochMs = Date.UTC(2026, 0, 1);

interface Sketch {
  phase?: Phase;
  liveness?: Liveness;
  bootId?: string;
  /** False: the workflow has not reported anything yet. */
  applied?: boolean;
  decision?: Decision;
  view?: Partial<LifecycleView>;
}

/** A node's record, with the parts that a test sets. */
export function nodeRecord({
  phase = 'ACTIVE',
  liveness = 'HEALTHY',
  bootId,
  applied = true,
  view = {},
  ...rest
}: Sketch = {}): NodeRecord {
  const decision =
    rest.decision ?? firstDecision({ at: T0, by: 'admin', reason: 'known', registered: true, approval: 'APPROVED' });
  const condition = { since: T0, reason: 'a heartbeat came', by: 'system' };
  const reported: LifecycleView = {
    nodeId: 'node-1',
    uid: 'uid-1',
    seq: 1,
    revision: 1,
    phase,
    approval: { value: 'APPROVED', ...condition },
    availability: { value: 'ACTIVE', ...condition },
    liveness: { value: liveness, ...condition },
    drainedSeq: 0,
    activeSessions: 0,
    ...(bootId === undefined ? {} : { bootId }),
    ...view,
  };
  return {
    uid: 'uid-1',
    name: 'node-1',
    living: true,
    type: 'Compute',
    labels: {},
    description: '',
    decision,
    phase,
    liveness: applied ? liveness : 'UNKNOWN',
    applied: applied ? { seq: reported.seq, revision: reported.revision, view: reported } : null,
    credential: null,
    copied: null,
    agentWish: null,
    conditions: null,
    info: null,
    createdAt: T0,
    joinedAt: T0,
    removedAt: null,
  };
}
