import { Suspense, useMemo, useState, type ReactNode } from 'react';
import { DialogContext, type DialogRequest } from '../actions/dialog-context.js';
import { FailureBoundary } from '../loading/failure-boundary.js';
import { loadedPart, useLoadAhead } from '../loading/loaded-part.js';
import { OpeningDialog } from './opening-dialog.js';

const DialogHost = loadedPart(() => import('./dialog-host.js'));

/** One dialog at a time, above the present page. */
export function DialogProvider({ children }: { children: ReactNode }) {
  // The counter resets the dialog's state when the same one is opened again.
  const [open, setOpen] = useState<{ request: DialogRequest; count: number } | null>(null);
  useLoadAhead(DialogHost);
  const dialogs = useMemo(
    () => ({
      openDialog: (request: DialogRequest) => setOpen((before) => ({ request, count: (before?.count ?? 0) + 1 })),
    }),
    [],
  );
  const close = () => setOpen(null);
  return (
    <DialogContext value={dialogs}>
      {children}
      {open && (
        <FailureBoundary
          key={open.count}
          what="This dialog"
          renderFrame={(notice) => <OpeningDialog onClose={close}>{notice}</OpeningDialog>}
        >
          <Suspense fallback={<OpeningDialog onClose={close} />}>
            <DialogHost request={open.request} onClosed={close} />
          </Suspense>
        </FailureBoundary>
      )}
    </DialogContext>
  );
}
