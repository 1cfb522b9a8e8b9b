import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Node } from '../../../client/index.js';
import type { DecisionWords } from '../../../contract/decision-request.js';
import { parseDuration } from '../../../contract/duration.js';
import type { DecisionBody } from '../../../contract/node-actions.js';
import { whyNotThen } from '../../../contract/plan.js';
import { plural } from '../parts/size-text.js';
import { DrainFields } from './drain-fields.js';
import { ReasonField } from './reason-field.js';
import { whyNoMoment } from './said-moment.js';
import { SpanFields } from './span-fields.js';

interface FieldsProps {
  words: DecisionWords;
  onChange: (words: DecisionWords) => void;
  activeSessions: number;
}

/** Parameters of a kind of decision. */
export function DecisionFields({ kind, ...props }: FieldsProps & { kind: DecisionBody }) {
  const Fields = FIELDS[kind];
  return <Fields {...props} />;
}

const FIELDS: Record<DecisionBody, (props: FieldsProps) => ReactNode> = {
  reason: Reason,
  message: ({ words, onChange }) => (
    <ReasonField
      label="Message"
      description="Optional; shown to administrators and written into the node's own log."
      value={words.reason ?? ''}
      onChange={(reason) => onChange({ ...words, reason })}
    />
  ),
  drain: (props) => (
    <>
      <Reason {...props} />
      <DrainFields words={props.words} onChange={props.onChange} error={badDeadline(props.words)} />
    </>
  ),
  span: (props) => (
    <>
      <Reason {...props} />
      <SpanFields words={props.words} onChange={props.onChange} error={badSpan(props.words)} />
      <DrainFields words={props.words} onChange={props.onChange} error={badDeadline(props.words)} />
    </>
  ),
  force: (props) => (
    <>
      {props.activeSessions > 0 && (
        <Checkbox
          checked={props.words.force ?? false}
          onChange={(event) => props.onChange({ ...props.words, force: event.currentTarget.checked })}
          label={`Terminate its ${plural(props.activeSessions, 'active session')}`}
          description="Their work will be lost. To let them finish, decommission the node instead."
        />
      )}
      <Reason {...props} />
    </>
  ),
};

function Reason({ words, onChange }: FieldsProps) {
  return <ReasonField value={words.reason ?? ''} onChange={(reason) => onChange({ ...words, reason })} />;
}

/** Why the fields cannot be sent, as a sentence; undefined if they can. */
export function whyNotSayable(
  kind: DecisionBody,
  words: DecisionWords,
  { activeSessions }: Pick<Node, 'activeSessions'>,
): string | undefined {
  if (kind === 'drain') return badDeadline(words);
  if (kind === 'span') return badSpan(words) ?? badDeadline(words);
  if (kind !== 'force' || activeSessions === 0 || words.force) return undefined;
  return `The node has ${plural(activeSessions, 'active session')}: decommission it instead, or choose to terminate them.`;
}

function badDeadline({ deadline }: DecisionWords): string | undefined {
  return deadline !== undefined && !((parseDuration(deadline) ?? 0) > 0) ? 'Write it as 30s, 15m or 1h30m.' : undefined;
}

/** The api checks this too; here the user is told while typing. */
export function badSpan({ at, until }: Pick<DecisionWords, 'at' | 'until'>): string | undefined {
  const unsaid = whyNoMoment(at) ?? whyNoMoment(until);
  if (unsaid !== undefined) return unsaid;
  const moment = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  switch (whyNotThen({ at: moment(at), until: moment(until) }, Date.now())?.detail) {
    case undefined:
      return undefined;
    case 'until is not after at':
      return 'It ends before it begins: choose a later end.';
    case 'at is more than a year ahead':
    case 'until is more than a year ahead':
      return 'Choose times within a year.';
    default:
      return 'That time has passed: choose a later one.';
  }
}
