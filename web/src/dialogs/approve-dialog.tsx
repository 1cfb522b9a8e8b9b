import { useState } from 'react';
import type { Node } from '../../../client/index.js';
import { DecisionDialog } from './decision-dialog.js';
import type { DialogState } from './dialog-state.js';
import { ReasonField } from './reason-field.js';

interface NodeDialogProps {
  state: DialogState;
  node: Node;
}

/** Lets a node into the cluster. */
export function ApproveDialog({ state, node }: NodeDialogProps) {
  const [reason, setReason] = useState('');
  return (
    <DecisionDialog
      state={state}
      node={node}
      title={`Approve ${node.id}`}
      consequence={({ phase }) =>
        `${phase === 'REJECTED' ? 'The rejection is taken back. ' : ''}The node belongs to the cluster from now on, and gets sessions from its next heartbeat on.`
      }
      decision={{ action: 'approve', reason }}
      confirm="Approve"
      done={`Node ${node.id} is approved.`}
    >
      <ReasonField value={reason} onChange={setReason} />
    </DecisionDialog>
  );
}

/** What activating a node does depends on where it stands. */
const ACTIVATION: Partial<Record<Node['phase'], string>> = {
  PENDING: 'The node is approved: it belongs to the cluster from now on, and gets sessions from its next heartbeat on.',
  DRAINING:
    'The drain is cancelled: running sessions go on, and the node gets new ones again. A decommission that was under way is cancelled with it.',
  DRAINED: 'The node gets new sessions again.',
};

/** Approves a pending node, cancels a drain, or brings a drained node back. */
export function ActivateDialog({ state, node }: NodeDialogProps) {
  const [reason, setReason] = useState('');
  return (
    <DecisionDialog
      state={state}
      node={node}
      title={`Activate ${node.id}`}
      consequence={({ phase }) => ACTIVATION[phase] ?? 'The node gets new sessions.'}
      decision={{ action: 'activate', reason }}
      confirm="Activate"
      done={`Node ${node.id} is activated.`}
    >
      <ReasonField value={reason} onChange={setReason} />
    </DecisionDialog>
  );
}
