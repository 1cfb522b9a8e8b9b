import type { Node } from '../../../client/index.js';
import type { Fitness } from '../../../contract/fitness.js';
import { StateWord, type Tone } from './state-word.js';

/** Names of the values. */
export const FITNESS_LOOKS: Record<Fitness, { word: string; tone: Tone }> = {
  FIT: { word: 'Fit', tone: 'ok' },
  UNFIT: { word: 'Unfit', tone: 'bad' },
  UNKNOWN: { word: 'Not known', tone: 'idle' },
};

/** Names of the checks that report UNFIT. */
export function unfitBy(conditions: Node['conditions']): string[] {
  return (conditions ?? []).filter(({ status }) => status === 'UNFIT').map(({ type }) => type);
}

/** A node's fitness in one word, with the reasons on hover. */
export function FitnessWord({ conditions }: Pick<Node, 'conditions'>) {
  if (!conditions?.length) return <span data-nothing>none</span>;
  const unfit = unfitBy(conditions);
  const fitness = unfit.length > 0 ? 'UNFIT' : conditions.some(({ status }) => status === 'FIT') ? 'FIT' : 'UNKNOWN';
  const { word, tone } = FITNESS_LOOKS[fitness];
  return (
    <>
      <StateWord
        tone={tone}
        title={conditions.map(({ type, status, message }) => `${type}: ${status} ${message}`).join('\n')}
      >
        {word}
      </StateWord>
      {unfit.length > 0 && <small>{unfit.join(', ')}</small>}
    </>
  );
}
