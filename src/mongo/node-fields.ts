import { randomBytes } from 'node:crypto';
import type { Decision } from '../../contract/decision.js';
import type { EpochMs } from '../../contract/states.js';
import type { Joining, NewNode } from '../record/node-store.js';
import { phaseInForce } from '../record/phase-in-force.js';
import { listKeys } from './list-keys.js';
import { agentLabelsLeft, labelsAfter } from '../record/agent-labels.js';
import { fromPairs, toPairs } from './node-mapping.js';
import type { NodeDocument } from './schemas/node.schema.js';

/** The document of a new node. */
export function newDocument({
  uid,
  name,
  type,
  labels,
  agentLabels,
  description,
  origin,
  removeAfterMs,
  decision,
  at,
  joining,
}: NewNode): NodeDocument {
  const described = { name, labels: toPairs(labels), description, info: joining?.info ?? null };
  return {
    _id: uid,
    ...described,
    listed: listKeys(described),
    living: true,
    ...(agentLabels && { agentLabels }),
    ...(origin && { origin }),
    ...(removeAfterMs !== undefined && { removeAfterMs }),
    type,
    decision: identified(decision),
    phase: phaseInForce(decision, { removed: false, drainedSeq: 0 }),
    liveness: 'UNKNOWN',
    applied: null,
    unappliedSince: at,
    copied: null,
    credential: joining ? { publicKeyX: joining.publicKeyX, generation: 1, since: at } : null,
    createdAt: at,
    joinedAt: joining ? at : null,
    removedAt: null,
  };
}

/** Gives a decision its id when it is committed. One that is restored has its id already. */
export function identified(decision: Decision): Decision {
  return { ...decision, id: decision.id ?? randomBytes(9).toString('base64url') };
}

/** Fields that joining changes. */
export function joiningFields(before: NodeDocument, joining: Joining, at: EpochMs): Partial<NodeDocument> {
  return {
    credential: { publicKeyX: joining.publicKeyX, generation: (before.credential?.generation ?? 0) + 1, since: at },
    copied: null,
    info: joining.info,
    ...(joining.info.labels && labelsTold(before, joining.info.labels)),
    joinedAt: before.joinedAt ?? at,
  };
}

/** Fields that change when the agent reports these labels. */
export function labelsTold(
  before: NodeDocument,
  says: Record<string, string>,
): Pick<NodeDocument, 'labels' | 'agentLabels'> {
  const said = before.info?.labels;
  const { labels, agentLabels } = labelsAfter({ ...before, labels: fromPairs(before.labels), said }, says);
  return { labels: toPairs(labels), agentLabels };
}

/** Fields that change when an administrator replaces the labels with these. */
export function labelsReplaced(
  before: NodeDocument,
  labels: Record<string, string>,
): Pick<NodeDocument, 'labels' | 'agentLabels'> {
  return {
    labels: toPairs(labels),
    agentLabels: agentLabelsLeft({ ...before, labels: fromPairs(before.labels) }, labels),
  };
}
