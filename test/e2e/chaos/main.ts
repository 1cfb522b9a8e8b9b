import { parseArgs } from 'node:util';
import { LONG } from './plan.js';
import { runChaos } from './run-chaos.js';
import { runSupervisedChaos } from './run-supervised-chaos.js';

/* `npm run chaos`: prints its progress on stderr and its report on stdout; exits with 1 if a promise was broken. */

const NUMBERS = ['seed', 'agents', 'administrators', 'faults', 'decisions', 'minutes', 'supervised'] as const;
const USAGE =
  'npm run chaos -- [--seed N] [--agents 100-1000] [--administrators N] [--faults N] [--decisions N] [--minutes N]\n' +
  'npm run chaos -- --supervised FAULTS [--seed N] [--administrators N]: npm start, its supervisor ended and what that keeps killed';

// Unmounts its disk; the script that started it ends the processes of the run.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.once(signal, () => process.exit(code));

function numbers(args: string[]): Partial<Record<(typeof NUMBERS)[number], number>> {
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(NUMBERS.map((name) => [name, { type: 'string' as const }])),
  });
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => {
      const value = Number(text);
      if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not ${String(text)}`);
      return [name, value];
    }),
  );
}

try {
  const { minutes, supervised, ...given } = numbers(process.argv.slice(2));
  const plan = { ...LONG, ...given, ...(minutes !== undefined && { atMostMs: minutes * 60_000 }) };
  if (plan.agents < 1 || plan.agents > 1_000) throw new Error('--agents takes 1 to 1000');
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const report =
    supervised === undefined
      ? await runChaos(plan, say)
      : await runSupervisedChaos({ seed: plan.seed, administrators: plan.administrators, faults: supervised }, say);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  const broken = Object.entries(report.broken);
  if ('left' in report && report.left.length > 0) broken.push(['no process is left behind', report.left.map(String)]);
  for (const [promise, what] of broken)
    process.stderr.write(`BROKEN: ${promise}: ${what.length}, the first: ${what[0]}\n`);
  process.stderr.write(
    broken.length === 0
      ? 'every promise was kept\n'
      : `again with: npm run chaos -- --seed ${plan.seed} ${supervised === undefined ? `--agents ${plan.agents}` : `--supervised ${supervised}`}\n`,
  );
  process.exit(broken.length === 0 ? 0 : 1);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
  process.exit(2);
}
