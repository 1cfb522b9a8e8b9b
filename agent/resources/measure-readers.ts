import { loadavg } from 'node:os';
import {
  measure,
  REPORTED_MEASURES,
  roundFigure,
  type OptionalMeasure,
  type ReportedMeasure,
} from '../../contract/measures.js';
import { within } from '../../contract/machine-bounds.js';
import type { KernelFiles } from './kernel-files.js';
import { parseEstablishedConnections, parseLoadAverage, parseSwapUsed } from './proc.js';

/** Sources of a reader. None starts a process, since every heartbeat reads. */
export interface MeasureSources {
  files: KernelFiles;
  platform: NodeJS.Platform;
  /** Last values of the inventory, which are slower to get. */
  slow: { connections: number };
}

type Read<Key extends ReportedMeasure> = Key extends OptionalMeasure ? number | undefined : number;

/** Reader of each measure that has a field of its own. Undefined if this machine does not have the measure. */
const READERS: { [Key in ReportedMeasure]: (sources: MeasureSources) => Promise<Read<Key>> } = {
  /** Of the network namespace, in a container. Linux counts them; elsewhere the inventory's number is used. */
  connections: async ({ files, slow }) =>
    parseEstablishedConnections((await files.read('/proc/net/snmp')) ?? '') ?? slow.connections,
  /** Of the machine, in a container too. Windows has none, and Node says 0. */
  loadAverage: async ({ files, platform }) => {
    if (platform === 'linux') return parseLoadAverage((await files.read('/proc/loadavg')) ?? '');
    return platform === 'win32' ? undefined : loadavg()[0];
  },
  /** Available on Linux only. */
  swapUsedBytes: async ({ files }) => parseSwapUsed((await files.read('/proc/meminfo')) ?? ''),
};

export type ReadFigures = Record<Exclude<ReportedMeasure, OptionalMeasure>, number> &
  Partial<Record<OptionalMeasure & ReportedMeasure, number>>;

/** All measures, within their bounds and rounded as they are stored. */
export async function readMeasures(sources: MeasureSources): Promise<ReadFigures> {
  const figures = await Promise.all(
    REPORTED_MEASURES.map(async (key) => {
      const figure = await READERS[key](sources);
      return figure === undefined ? [] : [[key, roundFigure(key, within(measure(key).bound, figure))] as const];
    }),
  );
  return Object.fromEntries(figures.flat()) as ReadFigures;
}
