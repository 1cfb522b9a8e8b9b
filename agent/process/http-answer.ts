import { request, type IncomingMessage, type RequestOptions } from 'node:http';

export interface HttpAnswer {
  status: number;
  text: string;
  headers: IncomingMessage['headers'];
}

/** A request with its timeout, and the maximum length of its answer. */
export interface HttpQuestion extends RequestOptions {
  signal: AbortSignal;
  body?: string | undefined;
  /** In bytes. */
  mostBytes: number;
}

/**
 * Sends one request over a connection of its own. fetch is not used, since it follows redirects and HTTP_PROXY, and the server is on this machine or its host.
 * @throws Error if there was no answer, or it is too long
 */
export function httpAnswer({ body, mostBytes, ...options }: HttpQuestion): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      let length = 0;
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > mostBytes) answer.destroy(new Error(`its answer is longer than ${mostBytes} bytes`));
        else chunks.push(chunk);
      });
      answer.once('error', reject);
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          headers: answer.headers,
        }),
      );
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
