import { readFileSync } from 'node:fs';
import { expandHome } from './expand-home.js';
import { ConfigError, whyUnreadable } from './config-error.js';
import { loadConfig } from './load-config.js';
import type { Config } from './schema.js';
import { withSecretFiles } from './secret-files.js';

export interface ConfigLocation {
  /** Path of config.yaml; absent to use environment, flags and defaults only. */
  path?: string | undefined;
  env?: Readonly<Record<string, string | undefined>>;
  flags?: Readonly<Record<string, string>>;
}

/**
 * {@link loadConfig} with the file read from disk, as well as the files that the environment names for secrets.
 * @throws ConfigError, also if the file cannot be read
 */
export function readConfig({ path, env, flags }: ConfigLocation): Config {
  return loadConfig({
    file: path === undefined ? undefined : { path, text: textOf(expandHome(path)) },
    env: env && withSecretFiles(env),
    flags,
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`The configuration file ${path} cannot be read: ${whyUnreadable(error)}`);
  }
}
