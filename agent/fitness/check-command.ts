import { resolve } from 'node:path';
import type { ReportedCondition } from '../../client/index.js';
import { configFromArgv } from '../../contract/config/config-from-argv.js';
import { ConfigError } from '../../contract/config/config-error.js';
import type { CheckSettings } from '../../contract/config/check-keys.js';
import type { Config } from '../../contract/config/schema.js';
import { formatDuration, formatSpan } from '../../contract/duration.js';
import type { Fitness } from '../../contract/fitness.js';
import { systemClock } from '../process/agent-clock.js';
import { EXIT, type AgentExitCode } from '../process/exit-codes.js';
import { KernelFiles } from '../resources/kernel-files.js';
import { agentStatusAt } from '../sessions/endpoint/ask-for-status.js';
import { conditionText } from './check-result.js';
import { ClockOffset } from './clock-check.js';
import { knownChecks } from './known-checks.js';

/** Exit codes of `check run`, which are those of a check. */
const EXITS = { FIT: EXIT.stopped, UNFIT: EXIT.failed, UNKNOWN: EXIT.misconfigured } as const satisfies Record<
  Fitness,
  AgentExitCode
>;

/** `rollcall-agent check list|run [NAME]…`: shows or tries the configured checks, for their authors. */
export async function checkCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<AgentExitCode> {
  const options = argv.findIndex((word) => word.startsWith('-'));
  const [verb, ...names] = options < 0 ? argv : argv.slice(0, options);
  try {
    if (verb !== 'list' && verb !== 'run') throw new ConfigError('check takes the word list or run');
    const { Compute } = configFromArgv(options < 0 ? [] : argv.slice(options), env);
    const checks = chosen(Compute.Checks, names);
    return verb === 'list' ? await list(checks, Compute) : await runAll(checks, Compute);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`rollcall-agent: ${error.message}\n`);
    return EXIT.misconfigured;
  }
}

function chosen(checks: readonly CheckSettings[], names: readonly string[]): readonly CheckSettings[] {
  const missing = names.find((name) => !checks.some(({ Name }) => Name === name));
  if (missing !== undefined) throw new ConfigError(`Compute.Checks has no check named ${missing}`);
  if (checks.length === 0) process.stderr.write('Compute.Checks names no check.\n');
  return names.length === 0 ? checks : checks.filter(({ Name }) => names.includes(Name));
}

/** Lists the checks, with the running agent's verdicts if there is one. */
async function list(checks: readonly CheckSettings[], { StateDir }: Config['Compute']): Promise<AgentExitCode> {
  const said = await conditionsOfAgent(resolve(StateDir));
  const rows = checks.map(({ Name, Executable, Arguments, Interval, Timeout }) => {
    const condition = said?.find(({ type }) => type === Name);
    return [
      Name,
      Executable === undefined ? 'built-in' : [Executable, ...Arguments].join(' '),
      formatDuration(Interval),
      formatDuration(Timeout),
      condition?.status ?? '-',
      condition ? formatSpan(condition.ageMs) : '-',
      condition?.message ?? '',
    ];
  });
  print([['CHECK', 'BY', 'EVERY', 'TIMEOUT', 'STATUS', 'FOR', 'MESSAGE'], ...rows]);
  return EXIT.stopped;
}

/** Runs each check once in this process: as the agent would, provided that its user runs the command. */
async function runAll(checks: readonly CheckSettings[], { StateDir }: Config['Compute']): Promise<AgentExitCode> {
  const sources = { files: new KernelFiles(), clock: new ClockOffset(systemClock), stateDir: resolve(StateDir) };
  const checkOf = knownChecks(sources);
  const stop = new AbortController().signal;
  const results = await Promise.all(checks.map(async (check) => ({ check, ...(await checkOf(check).run(stop)) })));
  print(
    results.map(({ check, status, reason, message }) => [
      check.Name,
      status,
      reason,
      conditionText(message, 'message'),
    ]),
  );
  const statuses = results.map(({ status }) => status);
  return EXITS[(['UNFIT', 'UNKNOWN'] as const).find((status) => statuses.includes(status)) ?? 'FIT'];
}

async function conditionsOfAgent(stateDir: string): Promise<ReportedCondition[] | undefined> {
  try {
    return ((await agentStatusAt(stateDir)) as { conditions?: ReportedCondition[] }).conditions;
  } catch {
    return undefined;
  }
}

function print(rows: readonly string[][]): void {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(cell.length, widest[at] ?? 0)),
    [],
  );
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}
