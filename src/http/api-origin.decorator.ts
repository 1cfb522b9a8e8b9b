import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem-error.js';

/** The origin at which the caller reached the api, such as `http://10.0.0.1:8480`, where a node near them can probably reach it too. */
export const ApiOrigin = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { protocol, host } = context.switchToHttp().getRequest<FastifyRequest>();
  const url = URL.parse(`${protocol}://${host}`);
  // Only plain characters, since people will paste the host into a shell.
  if (url === null || !/^[A-Za-z0-9.:[\]-]+$/.test(url.host)) {
    throw new ProblemError({ code: 'VALIDATION_FAILED', detail: 'the Host header is no host name', field: 'Host' });
  }
  return url.origin;
});
