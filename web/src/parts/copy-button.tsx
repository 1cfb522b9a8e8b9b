import { Button, VisuallyHidden, type ButtonProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { announce } from './toasts.js';
import { Icon } from './icon.js';

const SHOWN_MS = 2_500;

interface CopyButtonProps extends ButtonProps {
  text: string;
  /** The button's accessible name, of which the first word is visible: `Copy the token`. */
  label: string;
  onCopied?: () => void;
  'data-autofocus'?: boolean | undefined;
}

/** Copies, and says whether it succeeded. */
export function CopyButton({ text, label, onCopied, ...props }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    if (await copyText(text)) {
      setCopied(true);
      onCopied?.();
    } else {
      announce({
        kind: 'failure',
        text: 'The browser did not let the page copy: select the text and copy it by hand.',
      });
    }
  };
  return (
    <Button
      variant="default"
      size="xs"
      miw={92}
      style={{ flexShrink: 0 }}
      leftSection={<Icon name={copied ? 'check' : 'copy'} />}
      onClick={() => void copy()}
      {...props}
    >
      <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      <VisuallyHidden>{label.replace(/^Copy/, '')}</VisuallyHidden>
    </Button>
  );
}

/** Puts text into the clipboard; false if the browser refuses. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain HTTP this is the only way.
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const write = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', write, { once: true });
  try {
    return document.execCommand('copy');
  } finally {
    document.removeEventListener('copy', write);
  }
}
