// jest's order of files. Where it has not seen how long each takes (a fresh clone), levels that wait longest begin, so that no long
// file is left for the end, to run alone.
import { sep } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

const LEVELS = ['e2e', 'browser', 'integration', 'workflow', 'unit'];

const rank = ({ path }) => {
  const at = LEVELS.findIndex((level) => path.includes(`${sep}test${sep}${level}${sep}`));
  return at === -1 ? LEVELS.length : at;
};

export default class HeaviestFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const known = sorted.some(({ duration }) => duration !== undefined);
    return known ? sorted : sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
