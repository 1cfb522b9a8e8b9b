import { Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Node } from '../../../client/index.js';
import { isInService } from '../../../contract/fleet-state.js';
import { isWell, shownLiveness } from '../../../contract/health.js';
import { exactTime, inLocalTime } from '../time/time-text.js';
import { Icon } from './icon.js';
import { plural } from './size-text.js';
import { StateWord, type Tone } from './state-word.js';
import classes from './status-word.module.css';

const LOOKS: Record<Node['status'], { word: string; tone: Tone }> = {
  HEALTHY: { word: 'Healthy', tone: 'ok' },
  UNHEALTHY: { word: 'Unhealthy', tone: 'bad' },
  UNKNOWN: { word: 'Unknown', tone: 'idle' },
  STOPPED: { word: 'Stopped', tone: 'idle' },
  CONNECTED: { word: 'Connected', tone: 'ok' },
  DISCONNECTED: { word: 'Disconnected', tone: 'bad' },
};

/** A node's status, with since when and why on hover; with a warning for missed heartbeats or a copied identity. */
export function StatusWord({
  node,
}: {
  node: Pick<
    Node,
    | 'id'
    | 'phase'
    | 'status'
    | 'warning'
    | 'missedHeartbeats'
    | 'overdue'
    | 'stoppedAt'
    | 'liveness'
    | 'lastHeartbeat'
    | 'copied'
  >;
}) {
  const { status, warning, missedHeartbeats, overdue, copied } = node;
  const { word } = LOOKS[status];
  // Unknown and in service means lost; an unused slot is not expected to be heard.
  const tone = status === 'UNKNOWN' && isInService(node) ? 'bad' : LOOKS[status].tone;
  const { reason, since } = shownLiveness(node);
  return (
    <span className={classes['status']}>
      <StateWord
        tone={tone === 'ok' && !isWell(node) ? 'warn' : tone}
        title={`${inLocalTime(reason)}, since ${exactTime(since)}`}
      >
        {word}
      </StateWord>
      {overdue && <Warning title="Silent for longer than its timeout, and not judged yet">Not judged</Warning>}
      {warning && (
        <Warning title={`${plural(missedHeartbeats, 'heartbeat')} missed in a row`}>
          {missedHeartbeats} <VisuallyHidden>{missedHeartbeats === 1 ? 'heartbeat' : 'heartbeats'}</VisuallyHidden>{' '}
          missed
        </Warning>
      )}
      {copied && <Warning title="Several machines use this identity">Copied identity</Warning>}
    </span>
  );
}

function Warning({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Text component="span" size="xs" className={`${classes['warning']} live`} title={title} data-warning>
      <Icon name="alert" size={14} />
      {children}
    </Text>
  );
}
