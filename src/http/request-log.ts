import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { Logger } from 'pino';
import { addressKey } from './address-key.js';
import { TokenBuckets } from '../mechanics/token-buckets.js';
import { Clock, SystemClock } from '../mechanics/clock.js';
import { hideSecrets } from '../../contract/hide-secrets.js';
import { tracing, traceIdOf } from '../tracing/tracing.js';

/** Frequently requested paths, of which only failures are logged. */
const ROUTINE = new Set(['/v1/agent/heartbeat', '/v1/agent/info', '/livez', '/readyz', '/metrics']);

/** Rate of logged refusals per address of the connection. */
const REFUSALS = { burst: 100, perSecond: 2, remembered: 1_000 };

/** Logs one line per request, and the request's id in every line of its handling. No headers, queries or bodies, since they may contain secrets. */
export function requestLog(log: Logger, clock: Clock = new SystemClock()): Params {
  const refusals = new LoggedRefusals(clock);
  return {
    // nestjs-pino's default matches nothing on Fastify.
    forRoutes: ['{*path}'],
    pinoHttp: {
      logger: log,
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'reqId', responseTime: 'ms' },
      customSuccessMessage: () => 'answered',
      customErrorMessage: () => 'answered',
      customLogLevel: (request, response) =>
        refusals.isLeftOut(request, response) ? 'silent' : levelOf(request, response),
      customSuccessObject: (request, response, value: { ms: number }) => ({
        ...describe(request, response, value),
        ...refusals.leftOut(),
      }),
      // Without the error that pino-http makes of every status from 500 on: the actual failure is logged separately.
      customErrorObject: (request, response, _error, value: { ms: number }) => ({
        ...describe(request, response, value),
        ...refusals.leftOut(),
      }),
      serializers: { req: () => undefined, res: () => undefined },
    },
  };
}

/** Limits logged refusals, since anybody can cause any number of them. The next logged line has the number of omitted ones. */
class LoggedRefusals {
  private readonly lines: TokenBuckets;
  private unlogged = 0;

  constructor(clock: Clock) {
    this.lines = new TokenBuckets(REFUSALS, clock);
  }

  isLeftOut(request: IncomingMessage, { statusCode }: ServerResponse): boolean {
    const isRefused = (statusCode >= 400 && statusCode < 500) || statusCode === 503;
    const isLeft = isRefused && this.lines.take(addressKey(request.socket.remoteAddress)) > 0;
    if (isLeft) this.unlogged += 1;
    return isLeft;
  }

  leftOut(): { refusedUnlogged?: number } {
    const refusedUnlogged = this.unlogged;
    this.unlogged = 0;
    return refusedUnlogged === 0 ? {} : { refusedUnlogged };
  }
}

function describe(request: IncomingMessage, { statusCode }: ServerResponse, { ms }: { ms: number }) {
  // Within a span, every line has the trace already.
  const traceId = tracing?.current() === undefined ? traceIdOf(request.headers) : undefined;
  return {
    method: request.method,
    path: hideSecrets(pathOf(request)),
    status: statusCode,
    ms,
    ...(traceId !== undefined && { traceId }),
  };
}

function levelOf(request: IncomingMessage, { statusCode }: ServerResponse): 'debug' | 'info' | 'error' {
  if (statusCode >= 500 && statusCode !== 503) return 'error';
  return statusCode < 400 && ROUTINE.has(pathOf(request)) ? 'debug' : 'info';
}

function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?', 1);
  return path;
}
