import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { expandHome } from '../contract/config/expand-home.js';
import { DEFAULT_HOME } from './installation.js';
import { StartupError } from './startup-error.js';

export const START_USAGE = `Usage: npm start -- [options]

Runs Rollcall on this machine: MongoDB, Temporal, the api, a worker and some agents.

  --home DIR     where everything is kept: data, logs, secrets, config.yaml (default: ROLLCALL_HOME, or .rollcall here)
  --port N       the api's port (default: Orchestrator.API.Port, 8480; 0 for any that is free)
  --agents N     how many agents, node-1 to node-N, run on this machine (default: 3)
  --config FILE  the configuration (default: config.yaml in the home, if there is one)
  --help         this text
`;

export const MAX_AGENTS = 100;

export interface StartOptions {
  home: string;
  port?: number;
  agents: number;
  config?: string;
  help: boolean;
}

/**
 * Parses the command line.
 * @throws StartupError (exit code 2) that names the option and its possible values
 */
export function parseOptions(argv: string[], env: Readonly<Record<string, string | undefined>>): StartOptions {
  const { home, port, agents, config, help } = givenOptions(
    argv,
    {
      home: { type: 'string' },
      port: { type: 'string' },
      agents: { type: 'string' },
      config: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    '--home DIR, --port N, --agents N, --config FILE and --help',
  );
  return {
    home: pathOf(home || env['ROLLCALL_HOME'] || DEFAULT_HOME, env),
    agents: agents === undefined ? 3 : wholeNumber('--agents', agents, MAX_AGENTS),
    ...(port === undefined ? {} : { port: wholeNumber('--port', port, 65_535) }),
    ...(config === undefined ? {} : { config: pathOf(config, env) }),
    help: help ?? false,
  };
}

/**
 * The given options.
 * @param shown list of all options for the error
 * @throws StartupError (exit code 2) for an unknown one
 */
export function givenOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  argv: string[],
  options: Options,
  shown: string,
) {
  try {
    return parseArgs({ args: argv, strict: true, options }).values;
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\. |\n/);
    throw new StartupError(`${sentence}; the options are ${shown}.`, 2);
  }
}

/** npm changes to the clone's folder; relative paths are relative to where the user is. */
export function pathOf(path: string, env: Readonly<Record<string, string | undefined>>): string {
  return resolve(env['INIT_CWD'] || process.cwd(), expandHome(path));
}

export function wholeNumber(option: string, text: string, max: number): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= max) return Number(text);
  throw new StartupError(`${option} takes a whole number from 0 to ${max}, not "${text}".`, 2);
}
