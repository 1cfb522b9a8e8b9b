import { ConfigError } from '../../contract/config/config-error.js';
import type { Config } from '../../contract/config/schema.js';

/** Addresses of the servers that api and worker need. */
export interface ServerAddresses {
  mongoUri: string;
  temporalAddress: string;
}

/**
 * Addresses from the configuration. Api and worker run no servers themselves: `npm start`, docker compose or an operator provides them.
 * @throws ConfigError where one is not set
 */
export function serverAddresses({ Orchestrator }: Config): ServerAddresses {
  return {
    mongoUri: mongoUriOf(Orchestrator),
    temporalAddress: required('Orchestrator.Temporal.Address', Orchestrator.Temporal.Address, '127.0.0.1:7233'),
  };
}

/** @throws ConfigError where it is not set */
export function mongoUriOf({ MongoDB }: Config['Orchestrator']): string {
  return required('Orchestrator.MongoDB.URI', MongoDB.URI, 'mongodb://127.0.0.1:27017/rollcall');
}

function required(key: string, value: string | undefined, example: string): string {
  if (value !== undefined) return value;
  const hint = `set it, for example to ${example}; npm start does so by itself`;
  throw new ConfigError(`${key} is not set: ${hint}`, key, hint);
}
