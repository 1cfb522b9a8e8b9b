// Order of files if jest does not know yet how long each takes (a fresh clone): those that start a whole cluster are spread among the
// others. Two of them at once slow each other, and one at the end runs alone.
import { sep } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

const CLUSTERS = `${sep}test${sep}e2e${sep}`;

export default class ClustersApart extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    const [clusters, others] = [true, false].map((isOne) =>
      sorted.filter(({ path }) => path.includes(CLUSTERS) === isOne),
    );
    if (clusters.length === 0) return sorted;
    const between = Math.ceil(others.length / clusters.length);
    return clusters.flatMap((cluster, at) => [cluster, ...others.slice(at * between, (at + 1) * between)]);
  }
}
