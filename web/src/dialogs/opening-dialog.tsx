import { Button, Group } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { Loading } from '../parts/loading.js';
import classes from './opening-dialog.module.css';

interface OpeningDialogProps {
  onClose: () => void;
  /** Why there is no dialog yet; it is on its way where absent. */
  children?: ReactNode;
}

/** In the place of a dialog whose script is on its way or did not come: the first press is answered at once. The browser's own, since Mantine's comes with that script. */
export function OpeningDialog({ onClose, children = <Loading what="dialog" /> }: OpeningDialogProps) {
  const frame = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opened = frame.current;
    const before = document.activeElement;
    opened?.showModal();
    return () => {
      opened?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={frame}
      className={classes['frame']}
      aria-label="Opening"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
      <Group justify="flex-end" mt="md">
        <Button variant="default" size="xs" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </dialog>
  );
}
