import type { FastifyRequest } from 'fastify';

/** Kinds of cookies: a login, or the state of signing in at the identity provider. */
type Held = 'login' | 'sign-in';

const VALUES: Record<Held, RegExp> = {
  login: /^[A-Za-z0-9_-]{43}$/,
  'sign-in': /^[A-Za-z0-9_-]{43}(?:\.[A-Za-z0-9_-]{43}){2}$/,
};

/** The value of the cookie; undefined where the browser sent none. */
export function loginCookieOf(request: FastifyRequest, held: Held = 'login'): string | undefined {
  const name = nameFor(request, held);
  const sent = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = sent.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return value !== undefined && VALUES[held].test(value) ? value : undefined;
}

/**
 * A Set-Cookie header: HttpOnly, SameSite=Strict, and Secure where the login came over TLS.
 * @param maxAgeS lifetime in seconds; 0 deletes the cookie
 */
export function setLoginCookie(request: FastifyRequest, value: string, maxAgeS: number, held: Held = 'login'): string {
  const secure = isSecure(request) ? '; Secure' : '';
  return `${nameFor(request, held)}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
}

/**
 * Cookies ignore ports, so the name includes the port: otherwise two clusters on one machine would log each other's users out. Browsers accept `__Host-`
 * only from this very host, over TLS.
 */
function nameFor(request: FastifyRequest, held: Held): string {
  const { port } = request;
  return `${isSecure(request) ? '__Host-' : ''}rollcall-${held}${port ? `-${port}` : ''}`;
}

/** Whether the request came over TLS, also by the word of a trusted proxy. */
function isSecure({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}
