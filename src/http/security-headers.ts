import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const YEAR_S = 365 * 86_400;

/** Of every answer: it gets nothing, runs nothing and is shown nowhere but from and at this origin. */
const POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  // The pages of /docs write style elements: without scripts in them they can deface but not act. The web page is stricter.
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** The web page's: style elements are taken only from its own scripts, which know this answer's nonce. */
export function pagePolicy(nonce: string): string {
  const directives = { ...POLICY, 'style-src': ["'self'", `'nonce-${nonce}'`] };
  return Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join(';');
}

/** What browsers are told of every answer. */
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

/** Whoever came over TLS once, to the api or to the proxy before it, is to come over nothing else for a year. */
export function demandTls(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${YEAR_S}`);
    done();
  });
}
