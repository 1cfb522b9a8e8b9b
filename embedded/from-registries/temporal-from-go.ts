import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../run-command.js';
import type { BinarySource } from '../server-binary.js';

/**
 * The SQLite driver to build with. The one that 1.5.1 requires (1.34) leaves its connection interrupted for good when a request is
 * cancelled during a statement, and Temporal has one connection: from then on it answers "interrupted (9)" to everything
 * (temporalio/temporal#9198).
 */
const SQLITE_DRIVER = 'modernc.org/sqlite@v1.44.3';
const BUILD_TIMEOUT_MS = 20 * 60_000;

/** Temporal's dev server of this version, built from its Go module. */
export function temporalFromGo(version: string): BinarySource {
  return {
    name: `building the Temporal CLI ${version} with Go (takes minutes)`,
    into: `temporal-${version}-${SQLITE_DRIVER.replace(/.*@v/, 'sqlite-')}/temporal`,
    async fetch(folder, _tell, signal) {
      const source = join(folder, 'source');
      await mkdir(source);
      const go = (...args: string[]) => runCommand('go', args, { cwd: source, timeoutMs: BUILD_TIMEOUT_MS, signal });
      await go('mod', 'init', 'rollcall.invalid/temporal');
      await go('get', `github.com/temporalio/cli/cmd/temporal@v${version}`, SQLITE_DRIVER);
      await go('build', '-o', join(folder, 'temporal'), 'github.com/temporalio/cli/cmd/temporal');
      await rm(source, { recursive: true, force: true });
    },
  };
}
