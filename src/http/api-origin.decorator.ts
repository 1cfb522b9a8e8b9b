import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem-error.js';

/** The origin that the caller reached the api at, as in `http://10.0.0.1:8480`: the one that a node beside them can reach it at too. */
export const ApiOrigin = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { protocol, host } = context.switchToHttp().getRequest<FastifyRequest>();
  const url = URL.parse(`${protocol}://${host}`);
  // URL keeps odd characters of a host out of what people will paste into a shell.
  if (url === null || !/^[A-Za-z0-9.:[\]-]+$/.test(url.host)) {
    throw new ProblemError({ code: 'VALIDATION_FAILED', detail: 'the Host header is no host name', field: 'Host' });
  }
  return url.origin;
});
