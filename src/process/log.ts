import { Logger as NestPinoLogger, PinoLogger, type Params } from 'nestjs-pino';
import type { Logger } from 'pino';
import { processLog } from '../../contract/process/process-log.js';
import { RECENT_LINES } from './recent-lines.js';
import { tracing } from '../tracing/tracing.js';

const SECRETS = ['token', 'secret', 'bootstrapToken', 'accessToken', 'assertion', 'authorization', 'cookie'].flatMap(
  (key) => [key, `*.${key}`, `*.headers.${key}`],
);

/** Parts of Nest that speak while the program starts: of each module and each route. */
const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

export function createServerLog(): Promise<Logger> {
  return processLog(SECRETS, null, (line) => RECENT_LINES.add(line), tracing && traceFields);
}

/** What is logged for a request, or within an activity, names its trace. */
function traceFields(): { traceId?: string; spanId?: string } {
  const { traceId, spanId } = tracing?.current() ?? {};
  return { ...(traceId !== undefined && { traceId }), ...(spanId !== undefined && { spanId }) };
}

/** What Nest's own `Logger` writes to. */
export class NestLog extends NestPinoLogger {
  /** @param params the same as LoggerModule's, where the process has that: nestjs-pino heeds only the first that it is given */
  constructor(log: Logger, params: Params = { pinoHttp: { logger: log } }) {
    super(new PinoLogger(params), params);
  }

  override log(message: unknown, ...optionalParams: unknown[]): void {
    if (isFramework(optionalParams)) super.debug(message, ...optionalParams);
    else super.log(message, ...optionalParams);
  }

  /** What keeps the program from starting it throws as well, and its main says it in its own words. */
  override error(message: unknown, ...optionalParams: unknown[]): void {
    if (isFramework(optionalParams)) super.debug(message, ...optionalParams);
    else super.error(message, ...optionalParams);
  }
}

/** Nest passes the name of who speaks as the last parameter. */
function isFramework(parameters: unknown[]): boolean {
  return FRAMEWORK.has(String(parameters.at(-1)));
}
