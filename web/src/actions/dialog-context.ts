import { createContext, use } from 'react';
import type { MassSilence, Node } from '../../../client/index.js';
import type { AdminAction } from '../../../contract/node-actions.js';
import type { OfferedAction } from './offered-action.js';

/** A dialog and its subject. */
export type DialogRequest =
  | { kind: 'register' }
  | { kind: 'release'; silence: MassSilence }
  | { kind: OfferedAction; node: Node }
  | { kind: 'bulk'; action: AdminAction; nodes: readonly Node[]; unseen: number; onDone: () => void };

export interface Dialogs {
  /** Opens a dialog in place of the one that is open. When it closes, the focus returns to what opened it. */
  openDialog: (request: DialogRequest) => void;
}

export const DialogContext = createContext<Dialogs | null>(null);

/** Lets any part of the page open a dialog: `openDialog({ kind: 'deactivate', node })`. */
export function useDialogs(): Dialogs {
  const dialogs = use(DialogContext);
  if (!dialogs) throw new Error('useDialogs is for what stands inside of the DialogProvider');
  return dialogs;
}
