import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { OwnAvailability, OwnAvailabilityRequest } from '../../../client/index.js';
import { configFromArgv } from '../../../contract/config/config-from-argv.js';
import { ConfigError } from '../../../contract/config/config-error.js';
import { ON_DEADLINE } from '../../../contract/decision.js';
import { parseDuration } from '../../../contract/duration.js';
import { plainText } from '../../../contract/plain-text.js';
import { EXIT, type AgentExitCode } from '../../process/exit-codes.js';
import { askAgent, NoAgent } from './ask-agent.js';

/** How long the agent holds each request while the command waits. */
const WAIT = '25s';

type Answer = OwnAvailability & { node: string };

interface Options {
  reason: string;
  deadlineMs: number | undefined;
  onDeadline: OwnAvailabilityRequest['onDeadline'];
  wait: boolean;
  stateDir: string;
}

/** `rollcall-agent drain` and `rollcall-agent resume`: asks this machine's agent to take its node out, or to bring it back. */
export async function ownDrainCommand(
  verb: 'drain' | 'resume',
  argv: string[],
  env: NodeJS.ProcessEnv,
): Promise<AgentExitCode> {
  try {
    const options = optionsOf(verb, argv, env);
    const first = await decide(verb, options);
    const last = verb === 'drain' && options.wait ? await untilDrained(first, options.stateDir) : first;
    process.stdout.write(`${sentence(last)}\n`);
    return last.availability === 'ACTIVE' && verb === 'drain' ? EXIT.failed : EXIT.stopped;
  } catch (error) {
    process.stderr.write(`rollcall-agent: ${(error as Error).message}\n`);
    if (error instanceof ConfigError) return EXIT.misconfigured;
    if (error instanceof NoAgent) return EXIT.failed;
    throw error;
  }
}

function decide(verb: 'drain' | 'resume', { reason, deadlineMs, onDeadline, stateDir }: Options): Promise<Answer> {
  const wish =
    verb === 'drain'
      ? { value: 'DRAINED', reason, onDeadline, ...(deadlineMs !== undefined && { deadlineMs }) }
      : { value: 'ACTIVE', reason };
  return askAgent<Answer>(stateDir, { method: 'PUT', path: '/availability', body: wish });
}

/** Waits until the node's last session has ended, or somebody has brought the node back. */
async function untilDrained(first: Answer, stateDir: string): Promise<Answer> {
  let latest = first;
  if (latest.availability === 'DRAINING') process.stderr.write(`${sentence(latest)}\n`);
  while (latest.availability === 'DRAINING')
    latest = await askAgent<Answer>(stateDir, { method: 'GET', path: `/availability?wait=${WAIT}` });
  return latest;
}

function sentence({ node, availability, own, by, reason, deadline, sessions }: Answer): string {
  const who = own ? 'by its own word' : `by ${plainText(by)}`;
  const why = reason === '' ? '' : `: ${plainText(reason)}`;
  switch (availability) {
    case 'ACTIVE':
      return `${node} is active: it may get sessions`;
    case 'DRAINED':
      return `${node} is drained, ${who}${why}`;
    case 'DRAINING': {
      const left = `${sessions} ${sessions === 1 ? 'session' : 'sessions'} left`;
      return `${node} is draining, ${who}${why} (${left}${deadline === null ? '' : `, until ${deadline}`})`;
    }
  }
}

/** @throws ConfigError if the arguments are invalid */
function optionsOf(verb: 'drain' | 'resume', argv: string[], env: NodeJS.ProcessEnv): Options {
  const {
    reason = '',
    deadline,
    'on-deadline': onDeadline = 'wait',
    wait = false,
    config,
    set = [],
  } = valuesOf(verb, argv);
  const deadlineMs = deadline === undefined ? undefined : parseDuration(deadline);
  if (deadline !== undefined && deadlineMs === undefined)
    throw new ConfigError('--deadline: a duration is written as 15s, 1m or 1h30m');
  const known = ON_DEADLINE.find((word) => word === onDeadline);
  if (known === undefined) throw new ConfigError(`--on-deadline is ${ON_DEADLINE.join(' or ')}`);
  const words = [...(config === undefined ? [] : ['--config', config]), ...set.flatMap((word) => ['--set', word])];
  const { Compute } = configFromArgv(words, env);
  return { reason, deadlineMs, onDeadline: known, wait, stateDir: resolve(Compute.StateDir) };
}

function valuesOf(verb: 'drain' | 'resume', argv: string[]) {
  const text = { type: 'string' } as const;
  const options = {
    reason: text,
    deadline: text,
    'on-deadline': text,
    wait: { type: 'boolean' },
    config: text,
  } as const;
  try {
    const { values } = parseArgs({ args: argv, options: { ...options, set: { type: 'string', multiple: true } } });
    const ofDrains = (['deadline', 'on-deadline', 'wait'] as const).find((name) => values[name] !== undefined);
    if (verb === 'resume' && ofDrains !== undefined) throw new Error(`resume takes no --${ofDrains}`);
    return values;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split(/\. |\n/)[0]}; see rollcall-agent --help`);
  }
}
