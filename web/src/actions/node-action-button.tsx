import type { ButtonProps } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { useDialogs } from './dialog-context.js';
import { ActionButton } from '../parts/action-button.js';
import { useLogin } from '../sign-in/login-context.js';
import { lookOf, whyDisabled, type OfferedAction } from './offered-action.js';

/** A button for one action on one node: opens its dialog, or says why it cannot be done. */
export function NodeActionButton({ action, node, ...props }: { action: OfferedAction; node: Node } & ButtonProps) {
  const login = useLogin();
  const { openDialog } = useDialogs();
  return (
    <ActionButton
      variant="default"
      size="xs"
      {...props}
      whyNot={whyDisabled(action, node, login)}
      onClick={() => openDialog({ kind: action, node })}
    >
      {lookOf(action).label}
    </ActionButton>
  );
}
