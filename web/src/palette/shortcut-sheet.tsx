import { Kbd } from '@mantine/core';
import { useState } from 'react';
import { DialogFrame } from '../dialogs/dialog-frame.js';
import { useLogin } from '../sign-in/login-context.js';
import classes from './palette.module.css';
import { shortcutsFor } from './shortcuts.js';

/** The list of shortcuts. */
export default function ShortcutSheet({ onClosed }: { onClosed: () => void }) {
  const login = useLogin();
  const [opened, setOpened] = useState(true);
  return (
    <DialogFrame state={{ opened, close: () => setOpened(false), onClosed }} title="Keyboard shortcuts" size="md">
      <dl className={classes['shortcuts']}>
        {shortcutsFor(login).map(({ keys, does }) => (
          <div key={keys.join(' ')}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </DialogFrame>
  );
}
