import type { FastifyRequest } from 'fastify';
import { loginCookieOf } from './login-cookie.js';

/** The credential of a request, with its secret. */
export interface PresentedCredential {
  kind: 'bearer' | 'login';
  secret: string;
}

/** A bearer token takes precedence over a cookie, since browsers send cookies unasked. */
export function presentedCredential(request: FastifyRequest): PresentedCredential | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, secret] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
    return secret === undefined ? undefined : { kind: 'bearer', secret };
  }
  const secret = loginCookieOf(request);
  return secret === undefined ? undefined : { kind: 'login', secret };
}
