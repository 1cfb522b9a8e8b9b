import { ActionIcon, Tooltip } from '@mantine/core';
import { Icon } from '../parts/icon.js';

interface TerminateIconProps {
  session: { id: string; principal: string };
  /** Why it cannot be terminated; the button stays, so that everybody can read it. */
  whyNot: string | undefined;
  onPress: () => void;
}

/** Ends the session of its row, after a confirmation. */
export function TerminateIcon({ session: { id, principal }, whyNot, onPress }: TerminateIconProps) {
  const name = `Terminate session ${id} of ${principal}`;
  return (
    <Tooltip label={whyNot ?? 'Terminate'} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <ActionIcon
        variant="subtle"
        color="red"
        aria-label={whyNot === undefined ? name : `${name}: ${whyNot}`}
        aria-disabled={whyNot !== undefined}
        {...(whyNot === undefined ? {} : { 'data-disabled': true, bg: 'transparent' })}
        onClick={() => whyNot === undefined && onPress()}
      >
        <Icon name="x" />
      </ActionIcon>
    </Tooltip>
  );
}
