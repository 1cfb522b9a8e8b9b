import type { AlertKind } from '../../contract/alerts.js';
import type { NodeOverview } from '../record/node-record.js';
import type { AlertRecord } from './alert-store.js';

const RECOVERED: Record<AlertKind, string> = {
  NodeLost: 'is back',
  NodeUnfit: 'is fit again',
  NodePending: 'waits no longer for approval',
  NodeDrained: 'is in service again',
  IdentityCopied: 'has its identity for itself again',
  MassSilence: 'is heard again, or was released',
  BudgetExhausted: 'has room for all that wait for it',
  TokenExpiring: 'has expired, or was revoked',
};

/** Why an alert is cleared, in one sentence: its cause has ended, or the node is no longer expected to be in service. */
export function clearedText(
  { kind, name, isNode }: Pick<AlertRecord, 'kind' | 'name' | 'isNode'>,
  node: NodeOverview | undefined,
): string {
  if (!isNode) return `${name} ${RECOVERED[kind]}`;
  if (node?.living !== true) return `node ${name} was removed`;
  const isInService = node.phase === 'ACTIVE';
  return `node ${name} ${isInService || kind === 'IdentityCopied' ? RECOVERED[kind] : `is ${node.phase}`}`;
}
