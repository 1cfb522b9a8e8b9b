import { Logger as NestPinoLogger, PinoLogger, type Params } from 'nestjs-pino';
import type { Logger } from 'pino';
import { processLog } from '../../contract/process/process-log.js';
import { RECENT_LINES } from './recent-lines.js';
import { tracing } from '../tracing/tracing.js';

const SECRETS = ['token', 'secret', 'bootstrapToken', 'accessToken', 'assertion', 'authorization', 'cookie'].flatMap(
  (key) => [key, `*.${key}`, `*.headers.${key}`],
);

/** Contexts of Nest that log each module and each route at the start. */
const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

export function createServerLog(): Promise<Logger> {
  return processLog(SECRETS, null, (line) => RECENT_LINES.add(line), tracing && traceFields);
}

/** Adds the trace to log lines of a request or an activity. */
function traceFields(): { traceId?: string; spanId?: string } {
  const { traceId, spanId } = tracing?.current() ?? {};
  return { ...(traceId !== undefined && { traceId }), ...(spanId !== undefined && { spanId }) };
}

/** Receives what Nest's `Logger` writes. */
export class NestLog extends NestPinoLogger {
  /** @param params the same as LoggerModule's, if any, since nestjs-pino uses only the first that it gets */
  constructor(log: Logger, params: Params = { pinoHttp: { logger: log } }) {
    super(new PinoLogger(params), params);
  }

  override log(message: unknown, ...optionalParams: unknown[]): void {
    if (isFramework(optionalParams)) super.debug(message, ...optionalParams);
    else super.log(message, ...optionalParams);
  }

  /** Drops errors of Nest's start, which are thrown as well and reported by the program's main. */
  override error(message: unknown, ...optionalParams: unknown[]): void {
    if (isFramework(optionalParams)) super.debug(message, ...optionalParams);
    else super.error(message, ...optionalParams);
  }
}

/** Nest passes the context as the last parameter. */
function isFramework(parameters: unknown[]): boolean {
  return FRAMEWORK.has(String(parameters.at(-1)));
}
