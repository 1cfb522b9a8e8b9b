import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Logger } from 'pino';

/** systemd-notify waits 5 s at most for systemd to have read. In milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Tells systemd of a service with Type=notify how it is (sd_notify(3)); of other processes nobody. Node.js opens no datagram sockets of
 * the file system, so systemd's own systemd-notify does it: the unit needs NotifyAccess=all.
 */
export class Systemd {
  /** Messages go in order, one at a time. */
  private last: Promise<void> = Promise.resolve();
  private hasWarned = false;

  constructor(
    private readonly log: Pick<Logger, 'warn'>,
    private readonly env: Readonly<Record<string, string | undefined>> = process.env,
  ) {}

  /** The service serves. From now on systemd hears twice in its WatchdogSec that this process still comes to its timers. */
  ready(status: string): void {
    this.tell('READY=1', `STATUS=${status}`);
    const { WATCHDOG_USEC, WATCHDOG_PID } = this.env;
    const everyMs = Number(WATCHDOG_USEC) / 1_000 / 2;
    if (!(everyMs > 0) || (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== process.pid)) return;
    this.tell('WATCHDOG=1');
    setInterval(() => this.tell('WATCHDOG=1'), everyMs).unref();
  }

  /** One line of how the service is, for `systemctl status`. */
  status(line: string): void {
    this.tell(`STATUS=${line}`);
  }

  /** @param withinMs may be longer than TimeoutStopSec, in milliseconds: systemd waits that long (sd_notify(3), EXTEND_TIMEOUT_USEC) */
  stopping(withinMs?: number): void {
    this.tell('STOPPING=1', ...(withinMs === undefined ? [] : [`EXTEND_TIMEOUT_USEC=${withinMs * 1_000}`]));
  }

  private tell(...assignments: string[]): void {
    const socket = this.env['NOTIFY_SOCKET'];
    if (!socket) return;
    const env = { PATH: this.env['PATH'], NOTIFY_SOCKET: socket };
    this.last = this.last.then(() =>
      promisify(execFile)('systemd-notify', assignments, { env, timeout: PATIENCE_MS }).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => this.warn(error),
      ),
    );
  }

  private warn({ code, message }: NodeJS.ErrnoException): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    const why = code === 'ENOENT' ? 'systemd-notify is not installed' : message.trim();
    this.log.warn(
      `systemd is not told that this service works, and will end it: ${why}; set Type=exec and no WatchdogSec in its unit`,
    );
  }
}
