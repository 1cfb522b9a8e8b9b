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

/** What a reader may use: never a process, since every heartbeat reads. */
export interface MeasureSources {
  files: KernelFiles;
  platform: NodeJS.Platform;
  /** What the inventory saw last, by slower means. */
  slow: { connections: number };
}

type Read<Key extends ReportedMeasure> = Key extends OptionalMeasure ? number | undefined : number;

/** How each measure that has a field of its own is read. Undefined where this machine does not have it. */
const READERS: { [Key in ReportedMeasure]: (sources: MeasureSources) => Promise<Read<Key>> } = {
  /** Of the network namespace, in a container. Linux keeps the number; elsewhere the inventory's stands in. */
  connections: async ({ files, slow }) =>
    parseEstablishedConnections((await files.read('/proc/net/snmp')) ?? '') ?? slow.connections,
  /** Of the machine, in a container too. Windows keeps none, and Node says 0. */
  loadAverage: async ({ files, platform }) => {
    if (platform === 'linux') return parseLoadAverage((await files.read('/proc/loadavg')) ?? '');
    return platform === 'win32' ? undefined : loadavg()[0];
  },
  /** Linux alone says it in a file. */
  swapUsedBytes: async ({ files }) => parseSwapUsed((await files.read('/proc/meminfo')) ?? ''),
};

export type ReadFigures = Record<Exclude<ReportedMeasure, OptionalMeasure>, number> &
  Partial<Record<OptionalMeasure & ReportedMeasure, number>>;

/** All of them, each within its bound and as exactly as it is kept. */
export async function readMeasures(sources: MeasureSources): Promise<ReadFigures> {
  const figures = await Promise.all(
    REPORTED_MEASURES.map(async (key) => {
      const figure = await READERS[key](sources);
      return figure === undefined ? [] : [[key, roundFigure(key, within(measure(key).bound, figure))] as const];
    }),
  );
  return Object.fromEntries(figures.flat()) as ReadFigures;
}
