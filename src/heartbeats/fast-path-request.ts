import type { IncomingMessage } from 'node:http';

/** @returns the access token of a request with JSON of a known length up to `limit` bytes; undefined where the request is anything else */
export function fastPathToken({ headers }: IncomingMessage, limit: number): string | undefined {
  const { authorization, 'content-type': type } = headers;
  const isPlain =
    (type === 'application/json' || type === 'application/json; charset=utf-8') &&
    Number(headers['content-length']) <= limit &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined;
  return isPlain && authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : undefined;
}

/** Calls `then` with the whole body; never, where the client disconnects first. */
export function readBody(request: IncomingMessage, then: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => then(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
}
