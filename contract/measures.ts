import { MACHINE_BOUNDS } from './machine-bounds.js';

/** What a figure counts. It decides how the figure is written, drawn and rounded. */
export const MEASURE_UNITS = {
  /** A share, from 0 to 1. */
  fraction: { decimals: 3, storedIn: 1 },
  /** Stored in MiB: whole numbers that change little take less space. */
  bytes: { decimals: 0, storedIn: 1_048_576 },
  count: { decimals: 0, storedIn: 1 },
  /** Processes that run or wait, with a fraction, since it is an average. */
  load: { decimals: 2, storedIn: 1 },
} as const;
export type MeasureUnit = keyof typeof MEASURE_UNITS;

/** One figure of a node over time. */
export interface Measure {
  /** Title of its plot, its column, and its line in descriptions. */
  title: string;
  unit: MeasureUnit;
  /** Its place in a heartbeat: a field of its own, or one within `cpu`, `memory` or `disk`. Absent: the control plane counts it. */
  reported?: readonly [field: string] | readonly [group: string, field: string];
  /** The maximum that one machine can report: a heartbeat with more is refused. */
  bound: number;
  /** Not every machine has it, and no agent must send it; if absent, nothing is stored and nothing is shown. */
  optional?: true;
  /** Its name in stored documents. */
  stored: string;
  /** How several readings are aggregated. */
  folds: 'mean' | 'min' | 'max' | 'last' | 'sum';
  /** The minimum or maximum of this measure during the time, which its mean hides. No single reading has it. */
  extremeOf?: string;
  /** Shown in plots and the table, or the table alone; absent: it only defines the scale of another measure. */
  shown?: 'plot' | 'table';
  /** End of its scale: a number, or the value of another measure. Absent: the maximum of its values. */
  end?: number | string;
  /**
   * The shares of its scale from which on it is a warning, and an emergency. Absent: no value is a problem. Busy cores are what nodes are
   * for, whereas full memory and disks end sessions and agents.
   */
  warns?: { high: number; full: number };
  /** For readers of the api's description. */
  means: string;
}

/**
 * Every figure that is kept of a node over time. Heartbeats' fields, stored documents, aggregation by minute, plots, and what the page, the
 * CLI and the documentation show are derived from this table. The agent has a reader for each: agent/resources/measure-readers.ts.
 */
export const MEASURES = {
  cpu: {
    title: 'CPU',
    unit: 'fraction',
    reported: ['cpu', 'utilization'],
    bound: 1,
    stored: 'cpu',
    folds: 'mean',
    shown: 'plot',
    end: 1,
    means: 'how busy the cores are that the agent may use',
  },
  memoryUsedBytes: {
    title: 'Memory',
    unit: 'bytes',
    reported: ['memory', 'usedBytes'],
    bound: MACHINE_BOUNDS.memoryBytes,
    stored: 'memory',
    folds: 'mean',
    shown: 'plot',
    end: 'memoryTotalBytes',
    warns: { high: 0.85, full: 0.95 },
    means: 'memory in use',
  },
  memoryTotalBytes: {
    title: 'Memory, total',
    unit: 'bytes',
    reported: ['memory', 'totalBytes'],
    bound: MACHINE_BOUNDS.memoryBytes,
    stored: 'memoryTotal',
    folds: 'last',
    means: 'memory that the agent may use',
  },
  diskUsedBytes: {
    title: 'Disk',
    unit: 'bytes',
    reported: ['disk', 'usedBytes'],
    bound: MACHINE_BOUNDS.diskBytes,
    stored: 'disk',
    folds: 'mean',
    shown: 'plot',
    end: 'diskTotalBytes',
    warns: { high: 0.85, full: 0.95 },
    means: "in use on the filesystem of the agent's state folder; 0 where it could not be read",
  },
  diskTotalBytes: {
    title: 'Disk, total',
    unit: 'bytes',
    reported: ['disk', 'totalBytes'],
    bound: MACHINE_BOUNDS.diskBytes,
    stored: 'diskTotal',
    folds: 'last',
    means: "size of the filesystem of the agent's state folder; 0 where it could not be read",
  },
  connections: {
    title: 'Connections',
    unit: 'count',
    reported: ['connections'],
    bound: MACHINE_BOUNDS.connections,
    stored: 'connections',
    folds: 'mean',
    shown: 'plot',
    means: 'established TCP connections of the machine',
  },
  loadAverage: {
    title: 'Load average',
    unit: 'load',
    reported: ['loadAverage'],
    bound: MACHINE_BOUNDS.load,
    optional: true,
    stored: 'load',
    folds: 'mean',
    shown: 'plot',
    means:
      'processes of the machine that ran or waited, on average over the last minute; absent where the system keeps none',
  },
  swapUsedBytes: {
    title: 'Swap used',
    unit: 'bytes',
    reported: ['swapUsedBytes'],
    bound: MACHINE_BOUNDS.memoryBytes,
    optional: true,
    stored: 'swap',
    folds: 'mean',
    shown: 'plot',
    means: 'swap of the machine that is in use; absent where it has none',
  },
  sessions: {
    title: 'Sessions',
    unit: 'count',
    bound: Number.MAX_SAFE_INTEGER,
    stored: 'sessions',
    folds: 'mean',
    shown: 'plot',
    means: "sessions that the node's workflow counted",
  },
  gpu: {
    title: 'GPU',
    unit: 'fraction',
    bound: 1,
    optional: true,
    stored: 'gpu',
    folds: 'mean',
    shown: 'plot',
    end: 1,
    means: 'how busy its GPUs are, on average over those that tell; absent where none does',
  },
  gpuMemoryUsedBytes: {
    title: 'GPU memory',
    unit: 'bytes',
    bound: MACHINE_BOUNDS.memoryBytes,
    optional: true,
    stored: 'gpuMemory',
    folds: 'mean',
    shown: 'plot',
    end: 'gpuMemoryTotalBytes',
    means: 'memory of its GPUs in use, of those that tell; absent where none does',
  },
  gpuMemoryTotalBytes: {
    title: 'GPU memory, total',
    unit: 'bytes',
    bound: MACHINE_BOUNDS.memoryBytes,
    optional: true,
    stored: 'gpuMemoryTotal',
    folds: 'last',
    means: 'memory of its GPUs, of those that tell',
  },
  ...extremes('cpu', 'CPU', 'fraction', 1),
  ...extremes('memoryUsedBytes', 'Memory', 'bytes', MACHINE_BOUNDS.memoryBytes),
  ...extremes('connections', 'Connections', 'count', MACHINE_BOUNDS.connections),
  ...extremes('loadAverage', 'Load average', 'load', MACHINE_BOUNDS.load),
  ...extremes('gpu', 'GPU', 'fraction', 1),
} as const satisfies Record<string, Measure>;

/** The minimum and maximum of a measure between two points of a plot. */
function extremes<const Key extends string, Unit extends MeasureUnit>(
  key: Key,
  title: string,
  unit: Unit,
  bound: number,
): { [Name in `${Key}Min` | `${Key}Max`]: Measure & { unit: Unit; stored: Name; optional: true } } {
  const row = (name: string, folds: 'min' | 'max', word: string): Measure => ({
    title: `${title}, ${word}`,
    unit,
    bound,
    optional: true,
    stored: name,
    folds,
    extremeOf: key,
    means: `the ${word} that \`${key}\` was in one heartbeat; absent where it was that in all of them`,
  });
  const rows: Record<string, Measure> = {
    [`${key}Min`]: row(`${key}Min`, 'min', 'least'),
    [`${key}Max`]: row(`${key}Max`, 'max', 'most'),
  };
  return rows as { [Name in `${Key}Min` | `${Key}Max`]: Measure & { unit: Unit; stored: Name; optional: true } };
}

type Rows = typeof MEASURES;
export type MeasureKey = keyof Rows;
export type StoredMeasure = Rows[MeasureKey]['stored'];
/** Measures that not every machine has. */
export type OptionalMeasure = {
  [Key in MeasureKey]: Rows[Key] extends { optional: true } ? Key : never;
}[MeasureKey];
/** Measures that have a field of their own in a heartbeat. */
export type ReportedMeasure = {
  [Key in MeasureKey]: Rows[Key] extends { reported: readonly [Key] } ? Key : never;
}[MeasureKey];

/** The figures of a node at one time, or over a span of time. */
export type Figures = Record<Exclude<MeasureKey, OptionalMeasure>, number> & Partial<Record<OptionalMeasure, number>>;

export const MEASURE_KEYS = Object.keys(MEASURES) as readonly MeasureKey[];
/** Measures that one heartbeat can contain. */
export const SINGLE_MEASURES = MEASURE_KEYS.filter((key) => measure(key).extremeOf === undefined);
export const REPORTED_MEASURES = MEASURE_KEYS.filter(
  (key): key is ReportedMeasure => measure(key).reported?.length === 1,
);

/** One row, without what distinguishes it from the others. */
export function measure(key: MeasureKey): Measure {
  return MEASURES[key];
}

/** End of its scale: a number, or the value of another measure. */
export function scaleEnd(key: MeasureKey): number | MeasureKey | undefined {
  return measure(key).end as number | MeasureKey | undefined;
}

/** The minimum and maximum of a measure, if they are kept. */
export function extremesOf(key: MeasureKey): { least: MeasureKey; most: MeasureKey } | undefined {
  const [least, most] = (['min', 'max'] as const).map((folds) =>
    MEASURE_KEYS.find((other) => measure(other).extremeOf === key && measure(other).folds === folds),
  );
  return least && most && { least, most };
}

/** A figure rounded to the precision with which its unit is kept. */
export function roundFigure(key: MeasureKey, figure: number): number {
  const factor = 10 ** MEASURE_UNITS[measure(key).unit].decimals;
  return Math.round(figure * factor) / factor;
}
