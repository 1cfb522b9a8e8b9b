import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../run-command.js';
import type { BinarySource } from '../server-binary.js';

const BUILD_TIMEOUT_MS = 20 * 60_000;
const SERVER = 'go.temporal.io/server/cmd/server';
const SQL_TOOL = 'go.temporal.io/server/cmd/tools/sql';

/** Temporal's server and its schema tool, built from their Go module. */
export function temporalServerFromGo(version: string): BinarySource {
  return {
    name: `building the Temporal server ${version} with Go (takes minutes)`,
    into: `temporal-server-${version}/temporal-server`,
    async fetch(folder, tell, signal) {
      const source = join(folder, 'source');
      await mkdir(source);
      const go = (...args: string[]) => runCommand('go', args, { cwd: source, timeoutMs: BUILD_TIMEOUT_MS, signal });
      await go('mod', 'init', 'rollcall.invalid/temporal-server');
      await go('get', `${SERVER}@v${version}`, `${SQL_TOOL}@v${version}`);
      tell('the server');
      await go('build', '-o', join(folder, 'temporal-server'), SERVER);
      tell('its tool for schemas');
      await go('build', '-o', join(folder, 'temporal-sql-tool'), SQL_TOOL);
      await rm(source, { recursive: true, force: true });
    },
  };
}
