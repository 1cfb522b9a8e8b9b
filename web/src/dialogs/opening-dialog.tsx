import { Button, Group } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { Loading } from '../parts/loading.js';
import classes from './opening-dialog.module.css';

interface OpeningDialogProps {
  onClose: () => void;
  /** Why there is no dialog yet; absent while it loads. */
  children?: ReactNode;
}

/** Stands in for a dialog whose script is loading or failed to load, so that the first press is answered at once. Native, since Mantine's comes later. */
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
