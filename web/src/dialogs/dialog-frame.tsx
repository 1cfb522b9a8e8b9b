import { Modal, type ModalProps } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { FailureBoundary } from '../loading/failure-boundary.js';
import { useUnsaved } from '../loading/unsaved.js';
import classes from './dialog-frame.module.css';

/** Props of all dialogs: whether it is open (it closes with a transition), and how to close it. */
export interface DialogState {
  opened: boolean;
  close: () => void;
  /** Called when it is no longer visible. */
  onClosed: () => void;
}

interface DialogFrameProps {
  state: DialogState;
  title: string;
  /** Called instead of closing, by Escape, the cross and a click beside the dialog. */
  onCloseAsked?: () => void;
  size?: ModalProps['size'];
  /** It shows something that cannot be shown again. */
  unsaved?: boolean;
  children: ReactNode;
}

/**
 * A dialog: traps the focus, and returns it. After the user has typed something, a click beside it does not close it, and the browser asks
 * before the page is left. (Its head is no `<header>`, which would be a second one of the page.)
 */
export function DialogFrame({ state, title, onCloseAsked, size = 'lg', unsaved = false, children }: DialogFrameProps) {
  const [typed, setTyped] = useState(false);
  useUnsaved(state.opened && (typed || unsaved));
  return (
    <Modal.Root
      opened={state.opened}
      onClose={onCloseAsked ?? state.close}
      onExitTransitionEnd={state.onClosed}
      size={size}
      centered
      closeOnClickOutside={!typed || onCloseAsked !== undefined}
      transitionProps={{ duration: 120 }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes['head']}>
          <Modal.Title className={classes['title'] ?? ''}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close this dialog" />
        </div>
        <Modal.Body onInput={(event) => isText(event) && setTyped(true)}>
          <FailureBoundary what="This dialog">{children}</FailureBoundary>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function isText({ target }: FormEvent): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !/^(checkbox|radio)$/.test(target.type))
  );
}
