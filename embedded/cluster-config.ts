import { readFile } from 'node:fs/promises';
import { ConfigError } from '../contract/config/config-error.js';
import { readConfig } from '../contract/config/read-config.js';
import type { Config } from '../contract/config/schema.js';
import type { Home } from './home.js';
import type { StartOptions } from './options.js';

/** The configuration shared by api, worker and agents. */
export interface ClusterConfig {
  config: Config;
  /** Text of config.yaml; absent if there is none. */
  path?: string;
  text?: string;
}

/**
 * Reads the file named on the command line, or else the home's config.yaml if there is one, and the environment.
 * @throws ConfigError
 */
export async function readClusterConfig(home: Home, options: StartOptions): Promise<ClusterConfig> {
  const path = options.config ?? ((await home.has(home.configFile)) ? home.configFile : undefined);
  const flags = options.port === undefined ? {} : { 'Orchestrator.API.Port': String(options.port) };
  const config = readConfig({ path, env: process.env, flags });
  refuseTls(config);
  return path === undefined ? { config } : { config, path, text: await readFile(path, 'utf8') };
}

/** The supervisor and its agents speak plain HTTP with the api, over the loopback interface. */
function refuseTls({ Orchestrator }: Config): void {
  if (Orchestrator.API.TLS.CertFile === undefined) return;
  const hint = 'put a proxy before it, or run api, worker and agents by themselves (docs/operations.md)';
  throw new ConfigError(
    `Orchestrator.API.TLS is set, and npm start runs its api on this machine without TLS: ${hint}`,
    'Orchestrator.API.TLS',
    hint,
  );
}
