import { Logger as NestPinoLogger, PinoLogger } from 'nestjs-pino';
import { pino, type Logger } from 'pino';

/** Secrets are never logged on purpose; this is for the day on which somebody logs an object that holds one. */
const SECRETS = ['token', 'secret', 'bootstrapToken', 'accessToken', 'assertion', 'authorization', 'cookie'].flatMap((key) => [key, `*.${key}`, `*.headers.${key}`]);

/** Parts of Nest that announce each module and route while the program starts. */
const CHATTY = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/** JSON lines on stderr, or readable ones where a person looks on. Written at once: the last line before an exit is the one that matters. */
export async function createLog(): Promise<Logger> {
  const options = { base: null, redact: SECRETS };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  const { default: pretty } = await import('pino-pretty');
  return pino(options, pretty({ destination: 2, sync: true }));
}

/** What Nest's own `Logger` writes to. */
export class NestLog extends NestPinoLogger {
  constructor(log: Logger) {
    super(new PinoLogger({ pinoHttp: { logger: log } }), {});
  }

  override log(message: unknown, ...optionalParams: unknown[]): void {
    if (CHATTY.has(String(optionalParams.at(-1)))) super.debug(message, ...optionalParams);
    else super.log(message, ...optionalParams);
  }
}
