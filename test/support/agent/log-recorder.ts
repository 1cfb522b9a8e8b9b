import type { Log } from '../../../agent/process/log.js';

/** A log that a test can read. */
export class LogRecorder implements Log {
  readonly lines: { level: string; text: string }[] = [];

  debug = this.at('debug');
  info = this.at('info');
  warn = this.at('warn');
  error = this.at('error');

  get text(): string {
    return this.lines.map(({ level, text }) => `${level} ${text}`).join('\n');
  }

  private at(level: string): Log['info'] {
    return (first: unknown, second?: unknown) => {
      this.lines.push({ level, text: typeof first === 'string' ? first : String(second) });
    };
  }
}
