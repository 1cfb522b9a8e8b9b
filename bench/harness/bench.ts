import type { BenchCluster, BenchClusterOptions } from './bench-cluster.js';

/** What one bench was run with: `--set name=value` changes one. Lists are sizes to go through. */
export type Parameters = Record<string, number | readonly number[]>;

/** One line of the bench's table; all of its lines have the same columns. */
export type Row = Record<string, string | number | null>;

/** Something that the bench must show. */
export interface Claim {
  what: string;
  required: string;
  measured: string;
  /** null where this run could not tell. */
  holds: boolean | null;
}

export interface Findings {
  rows: Row[];
  claims: Claim[];
  /** What a reader has to know to understand the figures. */
  notes: string[];
}

export interface BenchContext {
  say: (line: string) => void;
  /** A cluster of its own, which ends with the bench. */
  startCluster: (options?: BenchClusterOptions) => Promise<BenchCluster>;
  /** Called when the bench ends, whatever its outcome, the latest first. */
  atEnd: (end: () => Promise<unknown>) => void;
}

export interface Bench<Given extends Parameters = Parameters> {
  name: string;
  shows: string;
  /** For a machine that does nothing else. */
  whole: Given;
  /** For a few seconds: shows that the harness works, and no figure means anything. */
  small: Given;
  run(given: Given, context: BenchContext): Promise<Findings>;
}

/** A bench among others, whose parameters only it knows. */
export function defineBench<Given extends Parameters>(bench: Bench<Given>): Bench {
  return bench;
}

/** A list of sizes, of which `--set` may have left one. */
export function sizesOf(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}
