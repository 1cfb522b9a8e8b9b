import { parseArgs } from 'node:util';
import type { Bench, Parameters } from './bench.js';
import { MOST_BUSY_CORES } from './surroundings.js';

/** An unknown bench, or an unknown parameter. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Chosen {
  benches: { bench: Bench; parameters: Parameters }[];
  size: 'whole' | 'small';
  /** Runs even if the machine is busy. */
  busy: boolean;
  /** Folder for the results; absent for the default. */
  out?: string;
}

/** @throws UsageError with one sentence */
export function readCommandLine(argv: readonly string[], benches: readonly Bench[]): Chosen | 'help' {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        size: { type: 'string', default: 'whole' },
        out: { type: 'string' },
        busy: { type: 'boolean', default: false },
        set: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const { size } = values;
  if (size !== 'whole' && size !== 'small') throw new UsageError(`--size is whole or small, not "${size}"`);
  const chosen = positionals.length === 0 ? benches : positionals.map((name) => named(name, benches));
  const changes = values.set.map(readChange);
  for (const { key } of changes) {
    if (!chosen.some((bench) => key in bench[size]))
      throw new UsageError(
        `--set ${key}: ${chosen.map(({ name }) => name).join(', ')} has no such parameter; there are ${chosen.flatMap((bench) => Object.keys(bench[size])).join(', ')}`,
      );
  }
  return {
    size,
    busy: values.busy,
    ...(values.out === undefined ? {} : { out: values.out }),
    benches: chosen.map((bench) => ({
      bench,
      parameters: {
        ...bench[size],
        ...Object.fromEntries(changes.filter(({ key }) => key in bench[size]).map(({ key, value }) => [key, value])),
      },
    })),
  };
}

export function usage(benches: readonly Bench[]): string {
  const lines = benches.map(
    ({ name, shows, whole }) =>
      `  ${name.padEnd(10)} ${shows}\n${' '.repeat(13)}${Object.entries(whole)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(' ')}`,
  );
  return `Usage: npm run bench -- [name…] [--size whole|small] [--set parameter=value]… [--out DIR] [--busy]
       npm run bench -- compare BASE [--rounds N] [name…] [--set parameter=value]… [--busy]

Runs benches on real servers that it starts and ends; prints a table of each and writes JSON to bench/results/ (small ones: bench/results/small/).
Whole ones refuse to start while more than ${MOST_BUSY_CORES} cores are busy, unless --busy allows it; each result says what ran beside it. Without a name it runs all, one after the other:

${lines.join('\n')}
`;
}

function named(name: string, benches: readonly Bench[]): Bench {
  const found = benches.find((bench) => bench.name === name);
  if (!found)
    throw new UsageError(`There is no bench ${name}; there are ${benches.map((bench) => bench.name).join(', ')}`);
  return found;
}

function readChange(text: string): { key: string; value: number | number[] } {
  const [, key, numbers] = /^(\w+)=(\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?)*)$/.exec(text) ?? [];
  if (key === undefined || numbers === undefined)
    throw new UsageError(`--set ${text}: write it as parameter=number, or parameter=number,number where it is a list`);
  const values = numbers.split(',').map(Number);
  return { key, value: values.length === 1 ? (values[0] ?? 0) : values };
}
