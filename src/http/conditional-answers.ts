import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';

/** What administrators read again and again. Not what agents ask (their answers carry work, and they ask all the time), not who somebody is. */
const READ_AGAIN = /^\/v1\/(?!agent\/|events$|login(?:\/|$))/;
/** Below this many bytes an answer fits into one packet as it is. */
const SMALL = 1_024;
/** Half the work of zlib's own choice, for a tenth more bytes. */
const LEVEL = 4;

const compress = promisify(gzip);

/**
 * Answers of GET routes carry a weak ETag, say 304 to whoever has them already, and are compressed. It is done for these routes alone: a heartbeat
 * passes no hook of it. An answer that holds a secret (a token that was just made) answers a POST, and is never compressed, so that its length
 * tells nothing of it (https://www.breachattack.com). Call before routes are made.
 */
export function answerConditionally(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (!isReadAgain(route)) return;
    const others = route.onSend === undefined ? [] : [route.onSend].flat();
    route.onSend = [...others, answerShortly];
  });
}

/** Whether answers of a route carry an ETag. */
export function isReadAgain({ method, url }: Pick<RouteOptions, 'method' | 'url'>): boolean {
  return [method].flat().includes('GET') && READ_AGAIN.test(url);
}

async function answerShortly(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload;
  const tag = `W/"${createHash('sha1').update(payload).digest('base64url')}"`;
  // What is kept is asked about each time, and by the one who got it alone.
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
