import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Node } from '../../../client/index.js';
import { plural } from '../parts/size-text.js';
import { DecisionDialog } from './decision-dialog.js';
import type { DialogState } from './dialog-state.js';
import { ReasonField } from './reason-field.js';
import { useCurrentNode } from './use-current-node.js';

/** Removes a node for good; with active sessions only where they may end with it. */
export function RemoveDialog({ state, node: opened }: { state: DialogState; node: Node }) {
  const [reason, setReason] = useState('');
  const [force, setForce] = useState(false);
  const { activeSessions } = useCurrentNode(opened).node;
  const sessions = plural(activeSessions, 'active session');
  return (
    <DecisionDialog
      state={state}
      node={opened}
      title={`Remove ${opened.id}`}
      consequence={({ phase }) =>
        phase === 'REGISTERED'
          ? 'The slot is removed: its bootstrap token stops working at once, and the name is free again.'
          : 'The node is removed for good: its credential stops working at once, and its name is free again. To come back, the machine must be registered anew.'
      }
      decision={{ action: 'remove', force: force && activeSessions > 0, reason }}
      confirm="Remove"
      askForName
      obstacle={
        activeSessions > 0 && !force
          ? `The node has ${sessions}: decommission it instead, or let them be terminated.`
          : undefined
      }
      done={`Node ${opened.id} is removed.`}
    >
      {activeSessions > 0 && (
        <Checkbox
          checked={force}
          onChange={(event) => setForce(event.currentTarget.checked)}
          label={`Terminate its ${sessions}`}
          description="Their work is lost. To let them finish, decommission the node instead."
        />
      )}
      <ReasonField value={reason} onChange={setReason} />
    </DecisionDialog>
  );
}
