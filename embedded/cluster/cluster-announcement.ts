import type { Home } from '../home.js';
import { shellWord } from '../shell-word.js';
import type { Network } from './network.js';

/** Addresses and commands for the user, once the cluster is up. */
export function clusterAnnouncement(
  home: Home,
  network: Network,
  { url, authority, tokenFile }: { url: string; authority: string; tokenFile: string },
): string {
  const all = (service: string) =>
    network
      .of(service)
      .map((name) => network.at(name))
      .join(', ');
  const rows: [string, string][] = [
    ['Web, API', `${url}/, ${url}/v1`],
    ['its authority', authority],
    ['Administrator', `the token in ${tokenFile}`],
    ['apis', all('api')],
    ['workers', `metrics at ${all('worker')}`],
    ['MongoDB', all('mongodb')],
    ['PostgreSQL', all('postgres')],
    ['Temporal', `${all('temporal')} (no Web UI: temporal workflow list --address ${all('temporal')})`],
    ['Logs', home.logs],
  ];
  const table = rows.map(([name, value]) => `  ${name.padEnd(14)} ${value}`).join('\n');
  return `The cluster is up.\n\n${table}\n\n  Try: ./rollcall node list --home ${shellWord(home.path)}\n  Ctrl-C stops everything.\n`;
}
