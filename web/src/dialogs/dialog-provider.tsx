import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { DialogContext, type DialogRequest } from '../actions/dialog-context.js';

/** Loaded with the first dialog. */
const DialogHost = lazy(() => import('./dialog-host.js'));

/** One dialog at a time, above whatever page is open. */
export function DialogProvider({ children }: { children: ReactNode }) {
  // Counted, so that the same dialog opened anew begins anew.
  const [open, setOpen] = useState<{ request: DialogRequest; count: number } | null>(null);
  const dialogs = useMemo(
    () => ({
      openDialog: (request: DialogRequest) => setOpen((before) => ({ request, count: (before?.count ?? 0) + 1 })),
    }),
    [],
  );
  return (
    <DialogContext value={dialogs}>
      {children}
      {open && (
        <Suspense>
          <DialogHost key={open.count} request={open.request} onClosed={() => setOpen(null)} />
        </Suspense>
      )}
    </DialogContext>
  );
}
