import { Logger as NestPinoLogger, PinoLogger, type Params } from 'nestjs-pino';
import { pino, type Logger } from 'pino';
import { logLevel } from '../contract/log-level.js';

/** Secrets are never logged on purpose; this is for the day on which somebody logs an object that holds one. */
const SECRETS = ['token', 'secret', 'bootstrapToken', 'accessToken', 'assertion', 'authorization', 'cookie'].flatMap((key) => [key, `*.${key}`, `*.headers.${key}`]);

/** Parts of Nest that speak while the program starts: of each module and each route. */
const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/** JSON lines on stderr, or readable ones where a person looks on. Written at once: the last line before an exit is the one that matters. */
export async function createLog(): Promise<Logger> {
  const options = { base: null, redact: SECRETS, level: logLevel(process.env) };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  const { default: pretty } = await import('pino-pretty');
  return pino(options, pretty({ destination: 2, sync: true }));
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
