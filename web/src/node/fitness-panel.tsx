import type { Node } from '../../../client/index.js';
import type { Fitness } from '../../../contract/fitness.js';
import { FITNESS_LOOKS } from '../parts/fitness-word.js';
import { Panel } from '../parts/panel.js';
import { StateWord } from '../parts/state-word.js';
import { Age } from '../time/age.js';
import classes from './conditions-panel.module.css';

/** Worst first. */
const ORDER: readonly Fitness[] = ['UNFIT', 'UNKNOWN', 'FIT'];

/** Results of the node's checks: since when, by which check, and why. */
export function FitnessPanel({ node: { conditions } }: { node: Node }) {
  if (!conditions?.length) return null;
  const sorted = conditions.toSorted((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status));
  return (
    <Panel title="Fitness">
      <dl className={classes['conditions']}>
        {sorted.map(({ type, status, since, reason, message, by }) => (
          <div key={type} data-condition={type}>
            <dt>{type}</dt>
            <dd>
              <StateWord tone={FITNESS_LOOKS[status].tone} title={reason}>
                {FITNESS_LOOKS[status].word}
              </StateWord>
              <span className={classes['who']}>
                <Age at={since} /> by {by}
              </span>
              <span className={classes['why']}>{message === '' ? reason : message}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
