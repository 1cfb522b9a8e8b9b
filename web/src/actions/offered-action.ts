import type { Node } from '../../../client/index.js';
import {
  grantText,
  isWithin,
  powersText,
  scopesFor,
  type Powers,
  type Scope,
  type Role,
} from '../../../contract/grants.js';
import { ADMIN_ACTIONS, NODE_ACTIONS as DECISIONS, type AdminAction } from '../../../contract/node-actions.js';
import { whyNot, type Subject } from '../../../contract/transitions.js';
import type { IconName } from '../parts/icon.js';

/** Actions on one node: the contract's decisions, and regenerating its token. */
export type OfferedAction = AdminAction | 'regenerate';

interface ActionLook {
  label: string;
  icon: IconName;
  destructive: boolean;
  role: Role;
  /** Phases in which it has a button of its own. */
  next: readonly Node['phase'][];
}

const REGENERATE: ActionLook = {
  label: 'Regenerate token',
  icon: 'refresh',
  destructive: true,
  role: 'operator',
  next: ['REGISTERED'],
};

/** In the order of the menu: removing a node comes last. */
export const OFFERED_ACTIONS: readonly OfferedAction[] = [
  ...ADMIN_ACTIONS.filter((action) => action !== 'remove'),
  'regenerate',
  'remove',
];

/** The actions of a node's menu. Two decisions that share a label (a rejected node is approved, a drained one activated) appear once. */
export function offeredActions(node: Node): OfferedAction[] {
  return OFFERED_ACTIONS.filter((action) => {
    const same = OFFERED_ACTIONS.filter((other) => lookOf(other).label === lookOf(action).label);
    return action === (same.findLast((one) => whyNotByState(one, node) === undefined) ?? same.at(-1));
  });
}

export function lookOf(action: OfferedAction): ActionLook {
  if (action === 'regenerate') return REGENERATE;
  const { page, destructive, role } = DECISIONS[action];
  return { label: page.label, icon: page.icon, next: page.next, destructive, role };
}

/** Actions on several nodes at once. Of decisions that share a label, the one that applies to most of the nodes. */
export function bulkActions(nodes: readonly Node[]): AdminAction[] {
  const takers = (action: AdminAction) => nodes.filter((node) => whyNotByState(action, node) === undefined).length;
  const all = OFFERED_ACTIONS.filter((action) => action !== 'regenerate');
  return all.filter((action) => {
    const same = all.filter((other) => lookOf(other).label === lookOf(action).label);
    return action === same.reduce((best, other) => (takers(other) >= takers(best) ? other : best));
  });
}

/** The usual next actions for a node in this phase, destructive ones last; the menu has all actions. */
export function nextActions(phase: Node['phase']): OfferedAction[] {
  return OFFERED_ACTIONS.filter((action) => lookOf(action).next.includes(phase)).toSorted(
    (one, other) => Number(lookOf(one).destructive) - Number(lookOf(other).destructive),
  );
}

/**
 * Why the button of an action is disabled, as a sentence; undefined if it is enabled. The viewer's role comes first, then the
 * contract's transition table. Sessions do not disable `remove`: its dialog asks whether they may end.
 */
export function whyDisabled(action: OfferedAction, node: Node, powers: Powers): string | undefined {
  return whyNotOn([node], powers, lookOf(action).role) ?? whyNotByState(action, node);
}

/** Why the viewer may not do what requires `needed` everywhere; undefined if they may. */
export function whyNotByRole(powers: Powers, needed: Role = 'operator'): string | undefined {
  const scopes = scopesFor(powers, needed);
  if (scopes === undefined) return undefined;
  return whyNotAnywhere(powers, needed) ?? `${limits(needed, scopes)}: this concerns the whole cluster.`;
}

/** The same for an action on these nodes. */
export function whyNotOn(
  nodes: readonly Pick<Node, 'labels'>[],
  powers: Powers,
  needed: Role = 'operator',
): string | undefined {
  const scopes = scopesFor(powers, needed);
  const outside = nodes.filter(({ labels }) => !isWithin(scopes, labels)).length;
  if (scopes === undefined || outside === 0) return undefined;
  const which =
    nodes.length === 1 ? 'this node is' : `${outside} of ${nodes.length} nodes ${outside === 1 ? 'is' : 'are'}`;
  return whyNotAnywhere(powers, needed) ?? `${limits(needed, scopes)}: ${which} outside.`;
}

/** The same for reads, and for actions on nodes that the page does not know: the api checks those. */
export function whyNotAnywhere(powers: Powers, needed: Role = 'operator'): string | undefined {
  if (scopesFor(powers, needed)?.length !== 0) return undefined;
  return `Your role is ${powersText(powers)}: this takes an ${needed}.`;
}

/** `You are operator on pool=gpu only`, of somebody who may do what requires `needed` to some nodes; undefined of others. */
export function limitsOf(powers: Powers, needed: Role = 'operator'): string | undefined {
  const scopes = scopesFor(powers, needed);
  return scopes === undefined || scopes.length === 0 ? undefined : limits(needed, scopes);
}

function limits(role: Role, scopes: readonly Scope[]): string {
  return `You are ${scopes.map((scope) => grantText({ role, scope: [...scope] })).join(' or ')} only`;
}

export function whyNotByState(action: OfferedAction, node: Node): string | undefined {
  const fault =
    action === 'regenerate' ? whyNoNewToken(node) : whyNot(action, subjectOf(node), { force: true })?.detail;
  return fault === undefined ? undefined : sentence(fault);
}

function whyNoNewToken(node: Node): string | undefined {
  if (node.type === 'Requester') return `node ${node.id} is a replica of the api: it has no token`;
  return node.phase === 'REMOVED' ? `node ${node.id} was removed` : undefined;
}

function subjectOf({ id, type, phase, liveness, activeSessions, quarantine, until, planned, drain }: Node): Subject {
  const subject = {
    ...{ id, type, phase, liveness: liveness.value, activeSessions, planned: planned !== null },
    leaves: drain?.thenRemove ?? false,
  };
  if (until !== null) return { ...subject, ruling: { value: 'DRAINED', until: Date.parse(until) } };
  if (!quarantine) return subject;
  const ruling: Subject['ruling'] =
    quarantine.policy === 'drain'
      ? { value: 'DRAINED', origin: 'check' }
      : { value: 'ACTIVE', origin: 'check', noNewSessions: true };
  return { ...subject, ruling };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
