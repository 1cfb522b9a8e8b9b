const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** How much a process logs: what ROLLCALL_LOG_LEVEL says, else `info`. A level that does not exist counts as not set: no process stays down for that. */
export function logLevel(env: Readonly<Record<string, string | undefined>>): LogLevel {
  const wanted = env['ROLLCALL_LOG_LEVEL']?.toLowerCase();
  return LEVELS.find((level) => level === wanted) ?? 'info';
}
