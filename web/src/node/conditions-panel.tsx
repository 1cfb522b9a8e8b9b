import type { Node } from '../../../client/index.js';
import { isWell, shownLiveness } from '../../../contract/health.js';
import type { Approval, Availability, Liveness } from '../../../contract/states.js';
import { StateWord, type Tone } from '../parts/state-word.js';
import { Age } from '../time/age.js';
import { inLocalTime } from '../time/time-text.js';
import classes from './conditions-panel.module.css';
import { Panel } from '../parts/panel.js';

interface Look {
  word: string;
  tone: Tone;
}

const APPROVALS: Record<Approval, Look> = {
  PENDING: { word: 'Pending', tone: 'warn' },
  APPROVED: { word: 'Approved', tone: 'ok' },
  REJECTED: { word: 'Rejected', tone: 'bad' },
};
const AVAILABILITIES: Record<Availability, Look> = {
  ACTIVE: { word: 'Active', tone: 'ok' },
  DRAINING: { word: 'Draining', tone: 'busy' },
  DRAINED: { word: 'Drained', tone: 'idle' },
};
const LIVENESSES: Record<Liveness, Look> = {
  HEALTHY: { word: 'Healthy', tone: 'ok' },
  UNHEALTHY: { word: 'Unhealthy', tone: 'bad' },
  UNKNOWN: { word: 'Unknown', tone: 'idle' },
};
const CONNECTIONS: Record<Liveness, Look> = {
  HEALTHY: { word: 'Connected', tone: 'ok' },
  UNHEALTHY: { word: 'Disconnected', tone: 'bad' },
  UNKNOWN: { word: 'Disconnected', tone: 'bad' },
};

/** A node that is not approved is not usable, whatever its availability will be; and a node with problems is not shown as good. */
function availabilityLook(node: Node): Look {
  const { approval, availability } = node;
  if (approval.value === 'REJECTED') return { word: 'Not available', tone: 'bad' };
  if (approval.value === 'PENDING') return { word: 'Not available yet', tone: 'idle' };
  const look = AVAILABILITIES[availability.value];
  return look.tone === 'ok' && !isWell(node) ? { ...look, tone: 'idle' } : look;
}

/** The three axes of a node's state: each with since when, by whom, and why. */
export function ConditionsPanel({ node }: { node: Node }) {
  const { type, approval, availability } = node;
  const liveness = shownLiveness(node);
  const rows = [
    { name: 'Approval', condition: approval, look: APPROVALS[approval.value] },
    { name: 'Availability', condition: availability, look: availabilityLook(node) },
    { name: 'Liveness', condition: liveness, look: (type === 'Requester' ? CONNECTIONS : LIVENESSES)[liveness.value] },
  ];
  return (
    <Panel title="Conditions">
      <dl className={classes['conditions']}>
        {rows.map(({ name, condition, look }) => (
          <div key={name} data-condition={name}>
            <dt>{name}</dt>
            <dd>
              <StateWord tone={look.tone}>{look.word}</StateWord>
              <span className={classes['who']}>
                <Age at={condition.since} /> by {condition.by}
              </span>
              {condition.reason !== '' && <span className={classes['why']}>{inLocalTime(condition.reason)}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
