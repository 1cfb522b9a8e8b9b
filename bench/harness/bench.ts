import type { BenchCluster, BenchClusterOptions } from './bench-cluster.js';

/** Parameters of a run: `--set name=value` changes one. Lists are sizes to go through. */
export type Parameters = Record<string, number | readonly number[]>;

/** One row of the bench's table; all rows have the same columns. */
export type Row = Record<string, string | number | null>;

/** A claim that the bench checks. */
export interface Claim {
  what: string;
  required: string;
  measured: string;
  /** null if this run could not tell. */
  holds: boolean | null;
}

export interface Findings {
  rows: Row[];
  claims: Claim[];
  /** What a reader needs to know to understand the figures. */
  notes: string[];
}

export interface BenchContext {
  say: (line: string) => void;
  /** A cluster for this bench, which ends with it. */
  startCluster: (options?: BenchClusterOptions) => Promise<BenchCluster>;
  /** Called when the bench ends, whatever its outcome, in reverse order. */
  atEnd: (end: () => Promise<unknown>) => void;
}

export interface Bench<Given extends Parameters = Parameters> {
  name: string;
  shows: string;
  /** Parameters for an otherwise idle machine. */
  whole: Given;
  /** Parameters for a run of seconds, which shows that the harness works; its figures mean nothing. */
  small: Given;
  run(given: Given, context: BenchContext): Promise<Findings>;
}

/** A bench with parameters of its own. */
export function defineBench<Given extends Parameters>(bench: Bench<Given>): Bench {
  return bench;
}

/** A list of sizes, of which `--set` may have left one. */
export function sizesOf(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}
