import type { NodeHistory } from '../../../client/index.js';
import { measure, MEASURE_KEYS, type MeasureKey } from '../../../contract/measures.js';

/** What there is to show of a node: measures that are shown at all and that some heartbeat said. */
export function shownMeasures({ points }: Pick<NodeHistory, 'points'>): MeasureKey[] {
  return MEASURE_KEYS.filter(
    (key) => measure(key).shown !== undefined && points.some((point) => point[key] !== undefined),
  );
}
