import { Button, Tooltip, VisuallyHidden, type ButtonProps } from '@mantine/core';
import { useId, type MouseEvent, type ReactNode, type Ref } from 'react';

interface ActionButtonProps extends ButtonProps {
  /** Why it is disabled; the button stays in the tab order, so that everybody can read it. */
  whyNot?: string | undefined;
  onClick: () => void;
  type?: 'button' | 'submit';
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

/** A button that says why it is disabled: on hover, on focus, and to screen readers. Never a bare `disabled`. */
export function ActionButton({ whyNot, onClick, children, ...props }: ActionButtonProps) {
  const id = useId();
  const press = (event: MouseEvent) => {
    if (whyNot === undefined) onClick();
    else event.preventDefault();
  };
  if (whyNot === undefined) {
    return (
      <Button {...props} onClick={press}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip label={whyNot} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <Button {...props} onClick={press} aria-disabled data-disabled aria-describedby={id}>
        {children}
        <VisuallyHidden id={id} aria-hidden>
          {whyNot}
        </VisuallyHidden>
      </Button>
    </Tooltip>
  );
}
