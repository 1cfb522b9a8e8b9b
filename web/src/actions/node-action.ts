import type { Node } from '../../../client/index.js';
import { mayActAs, type Role } from '../../../contract/roles.js';
import { whyNot, type AdminAction } from '../../../contract/transitions.js';
import type { IconName } from '../parts/icon.js';

/** What can be done to one node; all but the token's regeneration are rows of the contract's transition table. */
export const NODE_ACTIONS = [
  'approve',
  'reject',
  'activate',
  'deactivate',
  'decommission',
  'regenerate',
  'remove',
] as const;
export type NodeAction = (typeof NODE_ACTIONS)[number];

export const ACTION_LOOKS: Record<NodeAction, { label: string; icon: IconName; destructive: boolean }> = {
  approve: { label: 'Approve', icon: 'check', destructive: false },
  reject: { label: 'Reject', icon: 'x', destructive: true },
  activate: { label: 'Activate', icon: 'play', destructive: false },
  deactivate: { label: 'Deactivate', icon: 'pause', destructive: false },
  decommission: { label: 'Decommission', icon: 'trash', destructive: true },
  regenerate: { label: 'Regenerate token', icon: 'refresh', destructive: true },
  remove: { label: 'Remove', icon: 'trash', destructive: true },
};

/** Every change to nodes takes this role. */
const NEEDED: Role = 'operator';

/**
 * Why the button of an action is disabled, in a sentence; undefined where it is not. The role comes first, then what
 * contract's transition table says. Sessions are no obstacle to `remove` here: its dialog asks whether they may end.
 */
export function whyDisabled(action: NodeAction, node: Node, role: Role): string | undefined {
  return whyNotByRole(role) ?? whyNotByState(action, node);
}

/** Why this role may change no node; undefined where it may. */
export function whyNotByRole(role: Role): string | undefined {
  return mayActAs(role, NEEDED) ? undefined : `Your role is ${role}: this takes an ${NEEDED}.`;
}

export function whyNotByState(action: NodeAction, node: Node): string | undefined {
  const fault =
    action === 'regenerate'
      ? whyNoNewToken(node)
      : whyNot(action satisfies AdminAction, subjectOf(node), { force: true })?.detail;
  return fault === undefined ? undefined : sentence(fault);
}

function whyNoNewToken(node: Node): string | undefined {
  if (node.type === 'Requester') return `node ${node.id} is a replica of the api: it has no token`;
  return node.phase === 'REMOVED' ? `node ${node.id} was removed` : undefined;
}

function subjectOf({ id, type, phase, liveness, activeSessions }: Node) {
  return { id, type, phase, liveness: liveness.value, activeSessions };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
