import type { FastifyRequest } from 'fastify';
import { CSRF_HEADER } from '../../contract/csrf-header.js';
import { ProblemError } from '../http/problem-error.js';

/**
 * A browser sends its cookie with whatever any page makes it send. So a request that changes something and shows a cookie must
 * prove that it comes from our own page: by a header that no other page can set (setting it takes a CORS preflight, and those are
 * never answered), and by what the browser says of its origin.
 * @throws ProblemError FORBIDDEN
 */
export function requireOwnPage(request: FastifyRequest): void {
  refuseOtherPages(request);
  if (request.headers[CSRF_HEADER] !== '1') throw foreign(`Send the header ${CSRF_HEADER}: 1 with it`);
}

/** @throws ProblemError FORBIDDEN where the browser says that another site's page sent this */
export function refuseOtherPages(request: FastifyRequest): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  // No page can forge this one, and no proxy that renames the host makes it wrong: where it is there, it decides.
  if (site !== undefined ? site !== 'same-origin' : origin !== undefined && !isOwn(origin, request)) {
    throw foreign('Open the web page at the address of the api itself; programs send Authorization: Bearer');
  }
}

function isOwn(origin: string, { host }: FastifyRequest): boolean {
  return URL.parse(origin)?.host === host.toLowerCase();
}

function foreign(hint: string): ProblemError {
  return new ProblemError({
    code: 'FORBIDDEN',
    detail: 'this request does not prove that it comes from the web page of this api',
    hint,
  });
}
