import { useState } from 'react';
import { BulkDialog } from './bulk-dialog.js';
import { DecisionDialog } from './decision-dialog.js';
import type { DialogRequest } from '../actions/dialog-context.js';
import type { DialogState } from './dialog-frame.js';
import { RegenerateTokenDialog } from './regenerate-token-dialog.js';
import { RegisterNodeDialog } from './register-node-dialog.js';
import { ReleaseDialog } from './release-dialog.js';

/** The open dialog. */
export default function DialogHost({ request, onClosed }: { request: DialogRequest; onClosed: () => void }) {
  const [opened, setOpened] = useState(true);
  const state: DialogState = { opened, close: () => setOpened(false), onClosed };
  switch (request.kind) {
    case 'register':
      return <RegisterNodeDialog state={state} />;
    case 'release':
      return <ReleaseDialog state={state} silence={request.silence} />;
    case 'regenerate':
      return <RegenerateTokenDialog state={state} node={request.node} />;
    case 'bulk':
      return (
        <BulkDialog
          state={state}
          action={request.action}
          nodes={request.nodes}
          unseen={request.unseen}
          onDone={request.onDone}
        />
      );
    default:
      return <DecisionDialog state={state} node={request.node} action={request.kind} />;
  }
}
