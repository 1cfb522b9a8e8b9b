/**
 * @import { resultTables as ResultTables } from '../bench/harness/report.js'
 * @typedef {Parameters<typeof ResultTables>[0] & {
 *   bench: string, shows: string, size: string, date: string, seconds: number, parameters: Record<string, number | number[]>,
 *   beside?: { before: { busyCores: number }, after: { busyCores: number } },
 *   machine: { system: string, cpu: string, cores: number, memoryGb: number, node: string, mongod: string, temporal: string },
 * }} BenchResult
 */

/**
 * The results in bench/results as Markdown: a section for each bench with its machine, date, parameters and tables.
 * @param {readonly BenchResult[]} results
 * @param {typeof ResultTables} resultTables
 */
export function benchmarks(results, resultTables) {
  return results.map((result) => section(result, resultTables)).join('\n');
}

/**
 * @param {BenchResult} result
 * @param {typeof ResultTables} resultTables
 */
function section(result, resultTables) {
  const { bench, shows, size, date, seconds, parameters, machine, beside } = result;
  return [
    `### ${bench}`,
    '',
    `${shows[0]?.toUpperCase()}${shows.slice(1)}.`,
    '',
    '| | |',
    '|---|---|',
    `| date, length | ${date.slice(0, 10)}, ${Math.round(seconds)} s${size === 'whole' ? '' : ', at a small size: the figures mean nothing'} |`,
    `| machine | ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${version(machine.system)} |`,
    `| versions | Node ${version(machine.node)}, MongoDB ${version(machine.mongod)}, Temporal ${version(machine.temporal)} |`,
    ...(beside ? [`| busy besides | ${beside.before.busyCores} cores before, ${beside.after.busyCores} after |`] : []),
    `| parameters | ${Object.entries(parameters)
      .map(([name, value]) => `\`${name}=${[value].flat().join(',')}\``)
      .join(' ')} |`,
    '',
    ...resultTables(result),
  ].join('\n');
}

/** A version without its build: `db version v6.0.5` → `6.0.5`, `Linux 6.18.44-x` → `Linux 6.18.44`, Temporal's own → its server's. */
function version(/** @type {string} */ text) {
  const [number = text] = /\d+\.\d+\.\d+(?!-DEV)/.exec(text.replace(/^.*Server /, '')) ?? [];
  return text.startsWith('Linux') ? `Linux ${number}` : number;
}
