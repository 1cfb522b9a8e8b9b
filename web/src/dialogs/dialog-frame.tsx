import { Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DialogState } from './dialog-state.js';

interface DialogFrameProps {
  state: DialogState;
  title: string;
  /** Instead of closing at once: Escape, the cross and a click beside the dialog come here too. */
  onCloseAsked?: () => void;
  size?: ModalProps['size'];
  children: ReactNode;
}

/** A dialog: keeps the focus inside, gives it back, and fills the screen where that is narrow (dialogs.module.css). */
export function DialogFrame({ state, title, onCloseAsked, size = 'lg', children }: DialogFrameProps) {
  return (
    <Modal
      opened={state.opened}
      onClose={onCloseAsked ?? state.close}
      onExitTransitionEnd={state.onClosed}
      title={title}
      size={size}
      centered
      closeButtonProps={{ 'aria-label': 'Close this dialog' }}
      transitionProps={{ duration: 120 }}
      styles={{ title: { fontWeight: 650, fontSize: 'var(--mantine-font-size-lg)', overflowWrap: 'anywhere' } }}
    >
      {children}
    </Modal>
  );
}
