import type { FastifyRequest } from 'fastify';
import { loginCookieOf } from './login-cookie.js';

/** What a request shows to be let in. `secret` is what only its owner has. */
export interface PresentedCredential {
  kind: 'bearer' | 'login';
  secret: string;
}

/** A bearer goes before a cookie: browsers send cookies unasked, nobody sends a bearer unasked. */
export function presentedCredential(request: FastifyRequest): PresentedCredential | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, secret] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
    return secret === undefined ? undefined : { kind: 'bearer', secret };
  }
  const secret = loginCookieOf(request);
  return secret === undefined ? undefined : { kind: 'login', secret };
}
