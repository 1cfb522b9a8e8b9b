import type { ChildProcess } from 'node:child_process';
import type { Log } from '../process/log.js';
import { folderBytes } from './folder-bytes.js';
import { inBytes } from '../../contract/byte-size.js';
import { processUsage } from './process-usage.js';
import { without, type EngineSession, type SessionOutcome, type SessionUsage } from './session-engine.js';
import type { FromWorker, Query, ToWorker } from './worker-messages.js';

/**
 * Memory of a session's process beyond what was requested, in bytes: for Node itself, and for rows on their way from DuckDB to the
 * result. DuckDB keeps within its limit for most of what it allocates; this also covers what it does not count.
 */
export const MEMORY_OVERHEAD = 256 * 1_024 ** 2;
/** Bytes of the session's folder that are the agent's own and do not count: its note, and a block for each file. */
const DISK_OVERHEAD = 1_024 ** 2;
/** How often memory and folder are checked, in milliseconds. */
const WATCH_EVERY_MS = 200;
/** How long an interrupted query may take to end, in milliseconds. */
const INTERRUPT_GRACE_MS = 1_000;
/** Characters of stderr that are kept, for the last words of V8 and C++. */
const STDERR_LENGTH = 4_096;

/** One session's process, seen from the agent. */
export class DuckDbSession implements EngineSession {
  readonly ended: Promise<SessionOutcome>;
  /** The outcome: what the process reported, or what the agent decided. The first one counts. */
  private outcome: SessionOutcome | undefined;
  private terminated: string | undefined;
  private stderr = '';
  private isGone = false;
  private isLooking = false;
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly child: ChildProcess,
    private readonly query: Query,
    private readonly id: string,
    private readonly log: Log,
  ) {
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(this.gone(this.whyGone(code, signal))));
      child.once('error', (error) => {
        // Also emitted if a message could not be sent to a process that has just ended; `exit` follows then.
        if (child.pid === undefined) resolve(this.gone(`its process could not be started: ${error.message}`));
      });
    });
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (this.stderr = (this.stderr + text).slice(-STDERR_LENGTH)));
    child.on('message', ({ outcome }: FromWorker) => this.end(outcome));
    this.tell({ kind: 'run', query });
    this.timers.push(setInterval(() => void this.watch(), WATCH_EVERY_MS));
  }

  terminate(reason: string): void {
    if (this.terminated !== undefined || this.isGone) return;
    this.terminated = reason;
    this.tell({ kind: 'interrupt' });
    this.timers.push(setTimeout(() => this.end(without('TERMINATED', reason)), INTERRUPT_GRACE_MS));
  }

  async usage(): Promise<SessionUsage | undefined> {
    return this.isGone || this.child.pid === undefined ? undefined : processUsage(this.child.pid);
  }

  private async watch(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      await this.look();
    } finally {
      this.isLooking = false;
    }
  }

  /** DuckDB and the worker keep spilled data and result within the requested disk; SQL that writes files there does not, hence this check. */
  private async look(): Promise<void> {
    const { folder, resources } = this.query;
    const [usage, bytes] = await Promise.all([this.usage(), folderBytes(folder)]);
    const { memory, disk } = resources;
    if (bytes > disk + DISK_OVERHEAD)
      this.end(
        without(
          'FAILED',
          `its files are larger than the ${inBytes(disk)} of disk that it asked for, and it was stopped`,
        ),
      );
    if (usage && usage.memoryBytes > memory + MEMORY_OVERHEAD) {
      this.end(
        without(
          'FAILED',
          `it took more memory than the ${inBytes(memory)} that it asked for (and ${inBytes(MEMORY_OVERHEAD)} for its process), and was stopped`,
        ),
      );
    }
  }

  private end(outcome: SessionOutcome): void {
    this.outcome ??= outcome;
    if (this.isGone || this.child.pid === undefined) return;
    try {
      // It leads a process group, so everything it started is killed with it.
      process.kill(process.platform === 'win32' ? this.child.pid : -this.child.pid, 'SIGKILL');
    } catch {
      this.child.kill('SIGKILL');
    }
  }

  private gone(why: string): SessionOutcome {
    this.isGone = true;
    for (const timer of this.timers) clearTimeout(timer);
    const outcome = this.outcome ?? without('FAILED', why);
    if (!this.outcome) this.log.warn({ session: this.id, stderr: this.stderr }, `session ${this.id} failed: ${why}`);
    return outcome.state === 'TERMINATED' ? { ...outcome, reason: this.terminated ?? outcome.reason } : outcome;
  }

  private whyGone(code: number | null, signal: NodeJS.Signals | null): string {
    if (/heap out of memory/.test(this.stderr))
      return 'its rows are too large to be written within the memory of a session';
    const how = signal === null ? `exit code ${code}` : signal;
    return signal === 'SIGKILL'
      ? `its process was killed (${how}): by somebody on the node, or by the system for want of memory`
      : `its process ended unexpectedly (${how})`;
  }

  /** A process that has just ended cannot be sent anything; its exit code tells the rest. */
  private tell(message: ToWorker): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }
}
