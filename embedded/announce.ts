import type { Home } from './home.js';
import { DEFAULT_HOME } from './installation.js';
import { shellWord } from './shell-word.js';

export interface Addresses {
  api: string;
  temporalWebUI: string | undefined;
}

/** Addresses and commands for the user, once the cluster is up. */
export function announcement(home: Home, addresses: Addresses, newToken?: { token: string; file: string }): string {
  const rows = [
    ['API', `${addresses.api}/v1`],
    ['Web', `${addresses.api}/`],
    ['Temporal UI', addresses.temporalWebUI ?? 'that of the Temporal in config.yaml'],
    ['Logs', home.logs],
    ...(newToken === undefined
      ? []
      : [['Administrator', `${newToken.token} (shown this once; kept in ${newToken.file})`]]),
  ] as [string, string][];
  const table = rows.map(([name, value]) => `  ${name.padEnd(14)} ${value}`).join('\n');
  return `Rollcall is up.\n\n${table}\n\n  Try: ./rollcall node list${home.path === DEFAULT_HOME ? '' : ` --home ${shellWord(home.path)}`}\n  Ctrl-C stops everything.\n`;
}
