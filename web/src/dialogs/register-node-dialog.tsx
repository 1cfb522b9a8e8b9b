import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CreateNodeResponse } from '../../../client/index.js';
import { nodeQuery } from '../api/node-queries.js';
import { NodeArrival } from './node-arrival.js';
import { RegisterNodeForm } from './register-node-form.js';
import { bootstrapSecret } from './shown-secret.js';
import { type DialogState, DialogFrame } from './dialog-frame.js';
import { TokenDialogFrame } from './token-dialog-frame.js';

/** Polling interval while the viewer waits for a node to arrive, in milliseconds. */
const ARRIVAL_POLL_MS = 1_500;

/** Creates a slot for a new node, shows its token, and waits until the node is active. */
export function RegisterNodeDialog({ state }: { state: DialogState }) {
  const [created, setCreated] = useState<CreateNodeResponse | null>(null);
  if (created) return <RegisteredNode state={state} created={created} />;
  return (
    <DialogFrame state={state} title="Register a node">
      <RegisterNodeForm onCreated={setCreated} onCancel={state.close} />
    </DialogFrame>
  );
}

function RegisteredNode({ state, created }: { state: DialogState; created: CreateNodeResponse }) {
  const { data } = useQuery({ ...nodeQuery(created.node.id), refetchInterval: ARRIVAL_POLL_MS });
  const node = data?.uid === created.node.uid ? data : created.node;
  return (
    <TokenDialogFrame
      state={state}
      title={`Register ${created.node.id}`}
      token={bootstrapSecret(created)}
      used={node.joinedAt !== null}
    >
      <NodeArrival node={node} />
    </TokenDialogFrame>
  );
}
