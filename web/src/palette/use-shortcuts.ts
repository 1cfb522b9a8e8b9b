import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { openSheet } from '../actions/open-sheet.js';
import { navigationFor } from '../shell/navigation.js';
import { useLogin } from '../sign-in/login-context.js';
import { GO } from './shortcuts.js';

/** Time for the second key of a sequence, in milliseconds. */
const TOGETHER_MS = 1_500;

/** Handles the page's keys, except while the viewer types or a dialog is open. */
export function useShortcuts(): void {
  const login = useLogin();
  const [, navigate] = useLocation();
  useEffect(() => {
    let goneAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isInDialog()) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openSheet('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event.target)) return;
      const isSecond = event.timeStamp - goneAt < TOGETHER_MS;
      goneAt = event.key === GO && !isSecond ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const page = isSecond ? navigationFor(login).find(({ shortcut }) => shortcut === event.key) : undefined;
      if (page !== undefined) navigate(page.path);
      else if (event.key === '/') openSheet('palette');
      else if (event.key === '?') openSheet('shortcuts');
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [login, navigate]);
}

function isInDialog(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null;
}

function isTyped(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
