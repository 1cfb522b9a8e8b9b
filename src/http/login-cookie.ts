import type { FastifyRequest } from 'fastify';

const VALUE = /^[A-Za-z0-9_-]{43}$/;

/** What the browser sent as the cookie of a login; undefined where it sent none. */
export function loginCookieOf(request: FastifyRequest): string | undefined {
  const name = nameFor(request);
  const sent = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = sent.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return value !== undefined && VALUE.test(value) ? value : undefined;
}

/**
 * A Set-Cookie header: out of reach for scripts, sent to this origin's pages only, and over TLS only where the login came over TLS.
 * @param maxAgeS in seconds; 0 makes the browser forget the cookie
 */
export function setLoginCookie(request: FastifyRequest, value: string, maxAgeS: number): string {
  const secure = isSecure(request) ? '; Secure' : '';
  return `${nameFor(request)}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
}

/**
 * Browsers tell the ports of a host apart in everything but cookies: with the port in its name, two clusters on one machine do not
 * log each other's users out. A browser accepts `__Host-` only from this very host, over TLS.
 */
function nameFor(request: FastifyRequest): string {
  const { port } = request;
  return `${isSecure(request) ? '__Host-' : ''}rollcall-login${port ? `-${port}` : ''}`;
}

/** A trusted proxy's word for it counts. */
function isSecure({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}
