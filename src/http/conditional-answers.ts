import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';

/** Routes that administrators poll. Not those of agents, whose frequent requests must stay cheap, nor the login. */
const READ_AGAIN = /^\/v1\/(?!agent\/|events$|login(?:\/|$))/;
/** Answers below this size, in bytes, fit into one packet uncompressed. */
const SMALL = 1_024;
/** Compression level: half the work of zlib's default, for a tenth more bytes. */
const LEVEL = 4;

const compress = promisify(gzip);

/**
 * Adds weak ETags, 304 and compression to answers of GET routes. Hooks are added to these routes only, so heartbeats are not affected. Answers with a
 * secret (a new token) are answers to POST and never compressed, so that their length does not reveal it (https://www.breachattack.com). Call
 * before routes are registered.
 */
export function answerConditionally(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (!isReadAgain(route)) return;
    const others = route.onSend === undefined ? [] : [route.onSend].flat();
    route.onSend = [...others, answerShortly];
  });
}

/** Whether answers of a route have an ETag. */
export function isReadAgain({ method, url }: Pick<RouteOptions, 'method' | 'url'>): boolean {
  return [method].flat().includes('GET') && READ_AGAIN.test(url);
}

async function answerShortly(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload;
  const tag = `W/"${createHash('sha1').update(payload).digest('base64url')}"`;
  // Only the recipient may cache the answer, and has to revalidate it each time.
  reply.headers({ etag: tag, 'cache-control': 'private, no-cache', vary: 'accept-encoding' });
  if (isNamed(tag, request.headers['if-none-match'])) {
    reply.status(304).removeHeader('content-type').removeHeader('content-length');
    return '';
  }
  if (payload.length < SMALL || !takesGzip(request.headers['accept-encoding'])) return payload;
  const compressed = await compress(payload, { level: LEVEL, memLevel: constants.Z_MAX_MEMLEVEL });
  reply.headers({ 'content-encoding': 'gzip', 'content-length': compressed.length });
  return compressed;
}

/** RFC 9110, 13.1.2: by weak comparison. */
function isNamed(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch
    .split(',')
    .map((named) => named.trim())
    .some((named) => named === '*' || named.replace(/^W\//, '') === tag.slice(2));
}

/** RFC 9110, 12.5.3: unless its weight is none. */
function takesGzip(acceptEncoding: string | string[] | undefined): boolean {
  const weights = new Map(
    String(acceptEncoding ?? '')
      .toLowerCase()
      .split(',')
      .map((part) => {
        const [coding = '', weight = ''] = part.split(';').map((piece) => piece.trim());
        return [coding, weight === '' ? 1 : Number(weight.replace(/^q=/, ''))] as const;
      }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
