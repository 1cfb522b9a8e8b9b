import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const YEAR_S = 365 * 86_400;

/** Content security policy of every answer: everything from this origin only, and no embedding elsewhere. */
const POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  // /docs inserts style elements, which cannot run scripts. The web page's policy is stricter.
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** The web page's policy: style elements need this answer's nonce, which only the page's own scripts know. */
export function pagePolicy(nonce: string): string {
  const directives = { ...POLICY, 'style-src': ["'self'", `'nonce-${nonce}'`] };
  return Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join(';');
}

/** Security headers of every answer. */
export const SECURITY_HEADERS: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: POLICY,
  },
  xFrameOptions: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
  // Only where TLS is spoken, see below.
  strictTransportSecurity: false,
};

/** Adds HSTS with a lifetime of one year to answers over TLS, to the api or to a proxy in front of it. */
export function demandTls(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${YEAR_S}`);
    done();
  });
}
