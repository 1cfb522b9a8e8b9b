import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { DrainRequest, Node } from '../../../client/index.js';
import { parseDuration } from '../../../contract/duration.js';
import { plural } from '../parts/size-text.js';
import { DecisionDialog } from './decision-dialog.js';
import type { DialogState } from './dialog-state.js';
import { DurationField } from './duration-field.js';
import { ReasonField } from './reason-field.js';

type OnDeadline = NonNullable<DrainRequest['onDeadline']>;

interface DrainDialogProps {
  state: DialogState;
  node: Node;
  action: 'deactivate' | 'decommission';
}

/** Drains a node, and with `decommission` removes it once it is drained. */
export function DrainDialog({ state, node, action }: DrainDialogProps) {
  const [reason, setReason] = useState('');
  const [deadline, setDeadline] = useState('');
  const [onDeadline, setOnDeadline] = useState<OnDeadline>('wait');
  const removes = action === 'decommission';
  const badDeadline =
    deadline !== '' && !((parseDuration(deadline) ?? 0) > 0) ? 'Write it as 30s, 15m or 1h30m.' : undefined;
  return (
    <DecisionDialog
      state={state}
      node={node}
      title={`${removes ? 'Decommission' : 'Deactivate'} ${node.id}`}
      consequence={(now) => consequenceOf(now, removes)}
      decision={{ action, reason, ...(deadline === '' ? {} : { deadline, onDeadline }) }}
      confirm={removes ? 'Decommission' : 'Deactivate'}
      askForName={removes}
      obstacle={badDeadline}
      done={removes ? `Node ${node.id} is being decommissioned.` : `Node ${node.id} is deactivated.`}
    >
      <ReasonField value={reason} onChange={setReason} />
      <DurationField
        label="Deadline"
        description="Optional; how long running sessions may take from now, such as 30s, 15m or 1h30m."
        value={deadline}
        onChange={setDeadline}
        error={badDeadline}
      />
      <Radio.Group
        label="At the deadline"
        {...(deadline === '' && { description: 'Set a deadline to choose.' })}
        value={onDeadline}
        onChange={(value) => setOnDeadline(value)}
      >
        <Stack gap={6} mt={6}>
          <Radio
            value="wait"
            disabled={deadline === ''}
            label="Keep waiting"
            description="Sessions that still run may finish; the drain says that it is late."
          />
          <Radio
            value="terminate"
            disabled={deadline === ''}
            label="Terminate what still runs"
            description="Sessions that still run then are ended, and their work is lost."
          />
        </Stack>
      </Radio.Group>
    </DecisionDialog>
  );
}

function consequenceOf({ activeSessions, drain }: Node, removes: boolean): string {
  const running =
    activeSessions === 0 ? 'It runs none now' : `It runs ${plural(activeSessions, 'session')} now, which may finish`;
  const end = removes
    ? 'When the last one has ended the node is removed for good: its credential stops working, and its name is free again. Until then Activate cancels it.'
    : 'When the last one has ended the node is drained; Activate brings it back at any time.';
  return `${drain ? 'The node is draining already. ' : 'The node gets no new sessions. '}${running}. ${end}`;
}
