import { request, type IncomingMessage, type RequestOptions } from 'node:http';

export interface HttpAnswer {
  status: number;
  text: string;
  headers: IncomingMessage['headers'];
}

/** What is asked, until when, and how long its answer may be. */
export interface HttpQuestion extends RequestOptions {
  signal: AbortSignal;
  body?: string | undefined;
  /** In bytes. */
  mostBytes: number;
}

/**
 * Asks once, over a connection of its own. Not by fetch, which follows redirects and HTTP_PROXY: what is asked here is on this machine, or on its own host.
 * @throws Error where no answer came, or one that is too long
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
