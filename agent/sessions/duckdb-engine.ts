import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from '../process/log.js';
import { DuckDbSession } from './duckdb-session.js';
import type { EngineSession, SessionEngine, SessionOrder } from './session-engine.js';
import type { Query } from './worker-messages.js';

const WORKER = fileURLToPath(new URL('duckdb-worker.js', import.meta.url));

/** Heap of a session's process, in megabytes: it turns rows into text and keeps none of them. */
const FLAGS = ['--max-old-space-size=128', '--max-semi-space-size=4'];

export interface DuckDbSettings {
  /** Whether SQL may access files and the network, with the rights of the agent's user. */
  allowExternal: boolean;
}

/** Runs each session on a DuckDB in a process of its own, so that no query can harm the agent or another query. */
export class DuckDbEngine implements SessionEngine {
  constructor(
    private readonly settings: DuckDbSettings,
    private readonly log: Log,
    private readonly worker = WORKER,
  ) {}

  begin({ id, sql, resources }: SessionOrder, folder: string): EngineSession {
    const query: Query = { sql, resources, folder, allowExternal: this.settings.allowExternal };
    const child = fork(this.worker, [], {
      execArgv: FLAGS,
      // The agent's environment may hold its token, and a query that reads files must not find it in its own.
      env: process.env['TZ'] === undefined ? {} : { TZ: process.env['TZ'] },
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    return new DuckDbSession(child, query, id, this.log);
  }
}
