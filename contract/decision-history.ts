import { REMEMBERED_DECISIONS, type Decision, type Ruling } from './decision.js';
import { SYSTEM, type EpochMs } from './states.js';

/**
 * The order of two decisions about one node: the record's and its workflow's. Normally the record's is the same or later. If either side was
 * set back (MongoDB restored from a dump, a workflow reset), the same seq may stand for two decisions. Therefore a decision has a random id,
 * and remembers the ids of its predecessors. See docs/adr/0018.
 */
export type DecisionOrder =
  | 'same'
  /** The record's is later: the workflow has not heard of it yet. */
  | 'record later'
  /** The record has forgotten the workflow's. */
  | 'record behind'
  /** The record has forgotten the workflow's, and something else was decided since. */
  | 'apart';

export function orderOf(record: Decision, workflow: Decision): DecisionOrder {
  if (record.seq > workflow.seq) return 'record later';
  if (record.seq === workflow.seq && record.id === workflow.id) return 'same';
  const lineage = workflow.lineage ?? [];
  if (record.id !== undefined && lineage.includes(record.id)) return 'record behind';
  // Beyond the remembered predecessors, the clock decides.
  const isRemembered = workflow.seq - record.seq <= lineage.length;
  return isRemembered || makerOf(record).since > makerOf(workflow).since ? 'apart' : 'record behind';
}

/** Whether the two sides have different decisions under one seq, or the record has forgotten the workflow's. */
export function isAstray(
  record: Pick<Decision, 'seq' | 'id'>,
  workflow: { seq: number; decisionId?: string | undefined },
): boolean {
  if (record.seq !== workflow.seq) return record.seq < workflow.seq;
  return record.id !== undefined && workflow.decisionId !== undefined && record.id !== workflow.decisionId;
}

/** The record's decision with a seq above both, so that it is not confused with the workflow's. */
export function renumbered(record: Decision, workflow: Decision): Decision {
  const seq = Math.max(record.seq, workflow.seq) + 1;
  const of = <Part extends Omit<Ruling<string>, 'value'>>(
    part: Part,
    other: Omit<Ruling<string>, 'value'> | undefined,
  ): Part => (part.seq === other?.seq && part.since === other.since && part.by === other.by ? part : { ...part, seq });
  const { id, lineage = [], ...rest } = record;
  const { approval, availability, removal, planned } = rest;
  return {
    ...rest,
    seq,
    ...(id !== undefined && { lineage: [id, ...lineage].slice(0, REMEMBERED_DECISIONS) }),
    approval: of(approval, workflow.approval),
    availability: of(availability, workflow.availability),
    ...(removal && { removal: of(removal, workflow.removal) }),
    ...(planned && { planned: of(planned, workflow.planned) }),
  };
}

/** When, by whom and why it was decided. */
export function makerOf({ seq, removal, planned, availability, approval }: Decision): {
  since: EpochMs;
  by: string;
  reason: string;
} {
  const parts = [removal, planned, availability, approval].flatMap((part) => (part ? [part] : []));
  const latest = parts.find((part) => part.seq === seq) ?? parts.toSorted((one, other) => other.since - one.since)[0];
  return latest ?? { since: 0, by: SYSTEM, reason: '' };
}
