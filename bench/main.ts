import { join } from 'node:path';
import { INSTALLATION } from '../embedded/installation.js';
import { compare } from './compare.js';
import { cost } from './cost.js';
import { decision } from './decision.js';
import { fleet } from './fleet.js';
import { flatness } from './flatness.js';
import type { Bench } from './harness/bench.js';
import { Clusters } from './harness/clusters.js';
import { readCommandLine, usage, UsageError } from './harness/command-line.js';
import { describeMachine } from './harness/machine.js';
import { asMarkdown, writeResult } from './harness/report.js';
import { runBench } from './harness/run-bench.js';
import { describeSurroundings, lookAround, MOST_BUSY_CORES } from './harness/surroundings.js';
import { herd } from './herd.js';
import { ingest } from './ingest.js';
import { list } from './list.js';
import { sessions } from './sessions.js';

/** In the order in which they run. */
const BENCHES: readonly Bench[] = [ingest, flatness, fleet, herd, list, decision, sessions, cost];

process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code: 1 if a bench could not be carried out; whether claims hold is for people to judge */
async function main(argv: readonly string[]): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  let chosen;
  try {
    if (argv[0] === 'compare') {
      process.stdout.write(await compare(argv.slice(1), say));
      return 0;
    }
    chosen = readCommandLine(argv, BENCHES);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(error.message);
    return 2;
  }
  if (chosen === 'help') {
    process.stdout.write(usage(BENCHES));
    return 0;
  }
  const { size, benches, busy } = chosen;
  const folder = chosen.out ?? join(INSTALLATION, 'bench', 'results', ...(size === 'small' ? ['small'] : []));
  const machine = await describeMachine();
  const clusters = new Clusters(size === 'small');
  let failed = 0;
  for (const { bench, parameters } of benches) {
    say(`${bench.name}: ${bench.shows}`);
    try {
      const before = size === 'small' ? undefined : await lookAround();
      if (before !== undefined && before.busyCores > MOST_BUSY_CORES && !busy)
        throw new UsageError(
          `the machine does other things: ${describeSurroundings(before)}; --busy measures all the same`,
        );
      const ran = await runBench(bench, parameters, size, machine, clusters, say);
      const result = before === undefined ? ran : { ...ran, beside: { before, after: await lookAround() } };
      process.stdout.write(`${asMarkdown(result)}\n`);
      say(`${bench.name}: written to ${await writeResult(folder, result)}`);
    } catch (error) {
      failed += 1;
      say(
        `${bench.name} could not be carried out: ${error instanceof UsageError ? error.message : (error as Error).stack}`,
      );
    }
  }
  await clusters.stopAll();
  return failed === 0 ? 0 : 1;
}
