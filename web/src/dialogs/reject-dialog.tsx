import { useState } from 'react';
import type { Node } from '../../../client/index.js';
import { plural } from '../parts/size-text.js';
import { DecisionDialog } from './decision-dialog.js';
import type { DialogState } from './dialog-state.js';
import { ReasonField } from './reason-field.js';

/** Turns a node away, with a message that reaches its agent. */
export function RejectDialog({ state, node }: { state: DialogState; node: Node }) {
  const [message, setMessage] = useState('');
  return (
    <DecisionDialog
      state={state}
      node={node}
      title={`Reject ${node.id}`}
      consequence={({ activeSessions }) =>
        `The node is told the message and can do nothing else. ${activeSessions > 0 ? `Its ${plural(activeSessions, 'active session')} will be terminated. ` : ''}It can be approved again later.`
      }
      decision={{ action: 'reject', message }}
      confirm="Reject"
      askForName={node.approval.value === 'APPROVED'}
      done={`Node ${node.id} is rejected.`}
    >
      <ReasonField
        label="Message"
        description="Optional; shown to administrators and written into the node's own log."
        value={message}
        onChange={setMessage}
      />
    </DecisionDialog>
  );
}
