import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Logger } from 'pino';

/** systemd-notify waits at most 5 s for systemd to read. In milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Notifies systemd of the state of a service with Type=notify (sd_notify(3)); does nothing in other processes. Node.js cannot open datagram
 * sockets of the file system, so systemd-notify sends the messages: the unit needs NotifyAccess=all.
 */
export class Systemd {
  /** Messages are sent in order, one at a time. */
  private last: Promise<void> = Promise.resolve();
  private hasWarned = false;

  constructor(
    private readonly log: Pick<Logger, 'warn'>,
    private readonly env: Readonly<Record<string, string | undefined>> = process.env,
  ) {}

  /** The service is ready. From now on the watchdog is notified twice per WatchdogSec that the event loop runs. */
  ready(status: string): void {
    this.tell('READY=1', `STATUS=${status}`);
    const { WATCHDOG_USEC, WATCHDOG_PID } = this.env;
    const everyMs = Number(WATCHDOG_USEC) / 1_000 / 2;
    if (!(everyMs > 0) || (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== process.pid)) return;
    this.tell('WATCHDOG=1');
    setInterval(() => this.tell('WATCHDOG=1'), everyMs).unref();
  }

  /** One line of status for `systemctl status`. */
  status(line: string): void {
    this.tell(`STATUS=${line}`);
  }

  /** @param withinMs time to stop in milliseconds, which may exceed TimeoutStopSec: systemd waits that long (sd_notify(3), EXTEND_TIMEOUT_USEC) */
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
