import { join } from 'node:path';
import type { Query } from './worker-messages.js';

/** Where DuckDB puts what does not fit into memory. */
export function spillFolder(folder: string): string {
  return join(folder, 'spill');
}

/** DuckDB's settings for one session. */
export function duckDbOptions({ resources, folder, allowExternal }: Query): Record<string, string> {
  return {
    threads: String(Math.max(1, Math.ceil(resources.cpu))),
    memory_limit: `${resources.memory}B`,
    temp_directory: spillFolder(folder),
    // Where SQL reaches files, `~` is the session's folder and never the agent's home.
    home_directory: folder,
    secret_directory: join(folder, 'secrets'),
    extension_directory: join(folder, 'extensions'),
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
    // An extension comes over the network and is code: only by the explicit word of a query that may reach the network.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: String(allowExternal),
  };
}

/**
 * What has to be said to the open database, before any other SQL. DuckDB takes the limit on what spills as an option too, shows it, and does
 * not keep to it. The lock comes last: from then on no SQL changes any setting, so what is refused stays refused.
 */
export function openingStatements({ resources }: Query): string[] {
  return [`SET max_temp_directory_size = '${resources.disk}B'`, 'SET lock_configuration = true'];
}
