import { join } from 'node:path';
import type { Query } from './worker-messages.js';

/** Folder for what does not fit into memory. */
export function spillFolder(folder: string): string {
  return join(folder, 'spill');
}

/** DuckDB's settings for one session. */
export function duckDbOptions({ resources, folder, allowExternal }: Query): Record<string, string> {
  return {
    threads: String(Math.max(1, Math.ceil(resources.cpu))),
    memory_limit: `${resources.memory}B`,
    temp_directory: spillFolder(folder),
    // If SQL may access files, `~` is the session's folder and never the agent's home.
    home_directory: folder,
    secret_directory: join(folder, 'secrets'),
    extension_directory: join(folder, 'extensions'),
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
    // An extension is code from the network: loaded only if a query that may use the network says so explicitly.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: String(allowExternal),
  };
}

/**
 * Statements to run on the open database before any other SQL. DuckDB also accepts the limit on spilling as an option, and shows it, but does
 * not enforce it. The lock comes last: from then on no SQL can change a setting.
 */
export function openingStatements({ resources }: Query): string[] {
  return [`SET max_temp_directory_size = '${resources.disk}B'`, 'SET lock_configuration = true'];
}
