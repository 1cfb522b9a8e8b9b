import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { Logger } from 'pino';
import { hideSecrets } from '../../contract/hide-secrets.js';

/** Addresses that are asked all the time, of which only failures are news. */
const ROUTINE = new Set(['/v1/agent/heartbeat', '/v1/agent/info', '/livez', '/readyz', '/metrics']);

/** One line per request, and the request's id in every line that is written while it is answered. No headers, queries or bodies: they may hold secrets. */
export function requestLog(log: Logger): Params {
  return {
    // nestjs-pino's own default matches nothing on Fastify.
    forRoutes: ['{*path}'],
    pinoHttp: {
      logger: log,
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'reqId', responseTime: 'ms' },
      customSuccessMessage: () => 'answered',
      customErrorMessage: () => 'answered',
      customLogLevel: (request, response) => levelOf(request, response),
      customSuccessObject: (request, response, value: { ms: number }) => describe(request, response, value),
      // Without the error that pino-http makes of every status from 500 on: what really went wrong has a line of its own.
      customErrorObject: (request, response, _error, value: { ms: number }) => describe(request, response, value),
      serializers: { req: () => undefined, res: () => undefined },
    },
  };
}

function describe(request: IncomingMessage, { statusCode }: ServerResponse, { ms }: { ms: number }) {
  return { method: request.method, path: hideSecrets(pathOf(request)), status: statusCode, ms };
}

function levelOf(request: IncomingMessage, { statusCode }: ServerResponse): 'debug' | 'info' | 'error' {
  if (statusCode >= 500 && statusCode !== 503) return 'error';
  return statusCode < 400 && ROUTINE.has(pathOf(request)) ? 'debug' : 'info';
}

function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?', 1);
  return path;
}
