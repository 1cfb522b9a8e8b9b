import { Notification } from '@mantine/core';
import { Icon } from '../parts/icon.js';
import { dismiss, useToasts, type Toast } from '../parts/toasts.js';
import classes from './toast-list.module.css';

const LOOKS: Record<Toast['kind'], { color: string; icon: 'check' | 'alert' | 'refresh' }> = {
  success: { color: 'teal', icon: 'check' },
  failure: { color: 'red', icon: 'alert' },
  information: { color: 'blue', icon: 'refresh' },
};

/** Always rendered, so that screen readers announce additions. */
export function ToastList() {
  const toasts = useToasts();
  return (
    <div className={classes['list']} role="status" aria-live="polite">
      {toasts.map(({ id, kind, text }) => (
        <Notification
          key={id}
          role="presentation"
          withBorder
          color={LOOKS[kind].color}
          icon={<Icon name={LOOKS[kind].icon} />}
          onClose={() => dismiss(id)}
          closeButtonProps={{ 'aria-label': 'Close this message' }}
          data-kind={kind}
        >
          {text}
        </Notification>
      ))}
    </div>
  );
}
