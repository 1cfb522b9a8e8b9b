import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';
import classes from './notice.module.css';

/** Kind of message: an error, a warning, a success, or information. */
export type NoticeKind = 'bad' | 'warn' | 'ok' | 'information';

const ICONS: Record<NoticeKind, IconName> = { bad: 'alert', warn: 'alert', ok: 'check', information: 'alert' };

interface NoticeProps {
  kind: NoticeKind;
  title?: string;
  children?: ReactNode;
  /** `alert` interrupts screen readers, `status` waits for them; absent if it is there from the beginning. */
  role?: 'alert' | 'status';
}

/** A message in its place in the page. */
export function Notice({ kind, title, children, role }: NoticeProps) {
  return (
    <Alert
      variant="default"
      icon={<Icon name={ICONS[kind]} />}
      title={title}
      role={role ?? 'note'}
      data-kind={kind}
      classNames={{ root: classes['root'] ?? '', title: classes['title'] ?? '', icon: classes['icon'] ?? '' }}
    >
      {children}
    </Alert>
  );
}
