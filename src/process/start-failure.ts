import type { Logger } from 'pino';
import { ConfigError } from '../../contract/config/config-error.js';
import type { Config } from '../../contract/config/schema.js';

/** Ends a process that could not start: with a sentence, for causes that an operator can mend; with the whole error, for a mistake of ours. */
export function exitWithFailure(program: string, error: unknown, config: Config, log: Logger): never {
  if (error instanceof ConfigError) {
    process.stderr.write(`${program}: ${error.message}\n`);
    process.exit(2);
  }
  const sentence = sentenceFor(error, config.Orchestrator.API);
  if (sentence === undefined) log.fatal({ err: error }, `the ${program} could not start`);
  else log.fatal(sentence);
  process.exit(1);
}

function sentenceFor(error: unknown, { Host, Port }: Config['Orchestrator']['API']): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${Port} on ${Host} is in use: stop what listens there, or set Orchestrator.API.Port to another port (0 takes a free one)`;
    case 'EACCES':
      return `port ${Port} on ${Host} may not be bound by this user: set Orchestrator.API.Port to a port above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${Host} is no address of this machine: set Orchestrator.API.Host to one, or to 0.0.0.0 for all of them`;
    default:
      return undefined;
  }
}
