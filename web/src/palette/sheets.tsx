import { Suspense } from 'react';
import { openSheet, useOpenedSheet } from '../actions/open-sheet.js';
import { FailureBoundary } from '../loading/failure-boundary.js';
import { loadedPart, useLoadAhead } from '../loading/loaded-part.js';
import { OpeningDialog } from '../dialogs/opening-dialog.js';
import { useShortcuts } from './use-shortcuts.js';

const Palette = loadedPart(() => import('./palette.js'));
const ShortcutSheet = loadedPart(() => import('./shortcut-sheet.js'));

const close = () => openSheet(null);

/** The palette and the list of shortcuts, above the present page, and the keys that open them. */
export function Sheets() {
  const opened = useOpenedSheet();
  useShortcuts();
  useLoadAhead(Palette);
  if (opened === null) return null;
  const Opened = opened === 'palette' ? Palette : ShortcutSheet;
  return (
    <FailureBoundary
      key={opened}
      what={opened === 'palette' ? 'The search' : 'The list of shortcuts'}
      renderFrame={(notice) => <OpeningDialog onClose={close}>{notice}</OpeningDialog>}
    >
      <Suspense fallback={<OpeningDialog onClose={close} />}>
        <Opened onClosed={close} />
      </Suspense>
    </FailureBoundary>
  );
}
