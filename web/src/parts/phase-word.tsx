import type { Node } from '../../../client/index.js';
import { isWell } from '../../../contract/health.js';
import type { Phase } from '../../../contract/phase.js';
import { StateWord, type Tone } from './state-word.js';

const LOOKS: Record<Phase, { word: string; tone: Tone; means: string }> = {
  REGISTERED: { word: 'Registered', tone: 'idle', means: 'Its slot is created; its bootstrap token is unused' },
  PENDING: { word: 'Pending', tone: 'warn', means: 'It has joined, and waits for an administrator' },
  REJECTED: { word: 'Rejected', tone: 'bad', means: 'Rejected by an administrator' },
  WAITING: { word: 'Waiting', tone: 'busy', means: 'Approved; becomes active with its first heartbeat' },
  ACTIVE: { word: 'Active', tone: 'ok', means: 'It belongs to the cluster' },
  DRAINING: { word: 'Draining', tone: 'busy', means: 'No new sessions; running ones finish' },
  DRAINED: { word: 'Drained', tone: 'idle', means: 'No sessions are left' },
  REMOVED: { word: 'Removed', tone: 'idle', means: 'Removed for good' },
};

/** Names of the phases. */
export function phaseWord(phase: Phase): string {
  return LOOKS[phase].word;
}

/** A node's phase, explained on hover; never green beside a warning. */
export function PhaseWord({ node }: { node: Pick<Node, 'phase' | 'status' | 'warning' | 'copied'> }) {
  const { word, tone, means } = LOOKS[node.phase];
  return (
    <StateWord tone={tone === 'ok' && !isWell(node) ? 'idle' : tone} title={means}>
      {word}
    </StateWord>
  );
}
