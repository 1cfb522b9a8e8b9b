import { join } from 'node:path';
import { INSTALLATION } from '../installation.js';
import { givenOptions, MAX_AGENTS, pathOf, wholeNumber } from '../options.js';

const DEFAULT_HOME = join(INSTALLATION, '.rollcall-cluster');

export const CLUSTER_USAGE = `Usage: npm run cluster -- [options]

Runs what docker-compose.yml describes on this machine without containers: PostgreSQL, a Temporal server, a replica set of three mongod, two
apis behind a proxy with TLS, two workers and some agents, each at a loopback address of its own.

  --home DIR     where everything is kept: data, logs, secrets, config.yaml (default: .rollcall-cluster here)
  --agents N     how many agents, node-1 to node-N, run on this machine (default: 3)
  --config FILE  settings of api, workers and agents beyond docker-compose.yml (default: config.yaml in the home, if there is one)
  --fresh        forgets what an earlier start left in the home, but config.yaml
  --help         this text
`;

export interface ClusterOptions {
  home: string;
  agents: number;
  config?: string;
  fresh: boolean;
  help: boolean;
}

/**
 * Parses the command line.
 * @throws StartupError (exit code 2) that names the option and its possible values
 */
export function parseClusterOptions(argv: string[], env: Readonly<Record<string, string | undefined>>): ClusterOptions {
  const { home, agents, config, fresh, help } = givenOptions(
    argv,
    {
      home: { type: 'string' },
      agents: { type: 'string' },
      config: { type: 'string' },
      fresh: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    '--home DIR, --agents N, --config FILE, --fresh and --help',
  );
  return {
    home: pathOf(home || DEFAULT_HOME, env),
    agents: agents === undefined ? 3 : wholeNumber('--agents', agents, MAX_AGENTS),
    ...(config === undefined ? {} : { config: pathOf(config, env) }),
    fresh: fresh ?? false,
    help: help ?? false,
  };
}
