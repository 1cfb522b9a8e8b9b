import { Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialog-frame.module.css';

/** What every dialog is given: whether it is open (it leaves slowly), and how to leave. */
export interface DialogState {
  opened: boolean;
  close: () => void;
  /** When it is out of sight. */
  onClosed: () => void;
}

interface DialogFrameProps {
  state: DialogState;
  title: string;
  /** Instead of closing at once: Escape, the cross and a click beside the dialog come here too. */
  onCloseAsked?: () => void;
  size?: ModalProps['size'];
  children: ReactNode;
}

/** A dialog: keeps the focus inside, and gives it back. (Its head is no `<header>`: that would be the page's, once more.) */
export function DialogFrame({ state, title, onCloseAsked, size = 'lg', children }: DialogFrameProps) {
  return (
    <Modal.Root
      opened={state.opened}
      onClose={onCloseAsked ?? state.close}
      onExitTransitionEnd={state.onClosed}
      size={size}
      centered
      transitionProps={{ duration: 120 }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes['head']}>
          <Modal.Title className={classes['title'] ?? ''}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close this dialog" />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
