import type { FastifyRequest } from 'fastify';

/** What a browser holds: a login, or what it has to bring back from the identity provider for one. */
type Held = 'login' | 'sign-in';

const VALUES: Record<Held, RegExp> = {
  login: /^[A-Za-z0-9_-]{43}$/,
  'sign-in': /^[A-Za-z0-9_-]{43}(?:\.[A-Za-z0-9_-]{43}){2}$/,
};

/** What the browser sent as the cookie of a login; undefined where it sent none. */
export function loginCookieOf(request: FastifyRequest, held: Held = 'login'): string | undefined {
  const name = nameFor(request, held);
  const sent = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = sent.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return value !== undefined && VALUES[held].test(value) ? value : undefined;
}

/**
 * A Set-Cookie header: out of reach for scripts, sent to this origin's pages only, and over TLS only where the login came over TLS.
 * @param maxAgeS in seconds; 0 makes the browser forget the cookie
 */
export function setLoginCookie(request: FastifyRequest, value: string, maxAgeS: number, held: Held = 'login'): string {
  const secure = isSecure(request) ? '; Secure' : '';
  return `${nameFor(request, held)}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
}

/**
 * Browsers tell the ports of a host apart in everything but cookies: with the port in its name, two clusters on one machine do not
 * log each other's users out. A browser accepts `__Host-` only from this very host, over TLS.
 */
function nameFor(request: FastifyRequest, held: Held): string {
  const { port } = request;
  return `${isSecure(request) ? '__Host-' : ''}rollcall-${held}${port ? `-${port}` : ''}`;
}

/** A trusted proxy's word for it counts. */
function isSecure({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}
