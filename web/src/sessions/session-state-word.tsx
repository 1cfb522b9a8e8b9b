import type { SessionState } from '../../../contract/sessions.js';
import { inLocalTime } from '../time/time-text.js';
import { StateWord, type Tone } from '../parts/state-word.js';

const LOOKS: Record<SessionState, { word: string; tone: Tone; means: string }> = {
  PLACING: { word: 'Placing', tone: 'busy', means: 'Looking for a node' },
  ASSIGNED: { word: 'Assigned', tone: 'busy', means: 'Reserved on its node, which has not confirmed it yet' },
  RUNNING: { word: 'Running', tone: 'ok', means: 'Its node runs it' },
  TERMINATING: {
    word: 'Terminating',
    tone: 'warn',
    means: 'Termination was requested; its node has not confirmed it yet',
  },
  COMPLETED: { word: 'Completed', tone: 'ok', means: 'It finished' },
  FAILED: { word: 'Failed', tone: 'bad', means: 'It failed' },
  TERMINATED: { word: 'Terminated', tone: 'idle', means: 'It was ended early' },
  LOST: { word: 'Lost', tone: 'bad', means: 'Its node fell silent, or came back without it' },
};

/** A session's state, with its meaning or reason on hover. */
export function SessionStateWord({
  state,
  reason = '',
  isKnown = true,
}: {
  state: SessionState;
  reason?: string;
  /** Whether its node is heard; otherwise the state is the last one that the node reported. */
  isKnown?: boolean;
}) {
  const { word, tone, means } = LOOKS[state];
  return (
    <StateWord tone={tone === 'ok' && !isKnown ? 'idle' : tone} title={reason === '' ? means : inLocalTime(reason)}>
      {word}
    </StateWord>
  );
}
