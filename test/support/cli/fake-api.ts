import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { NOW } from './example-nodes.js';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface Answer {
  status?: number;
  body: unknown;
  /** Sent verbatim instead of as JSON. */
  contentType?: string;
  headers?: Record<string, string>;
}

export interface FakeApi {
  url: string;
  asked: Asked[];
  stop(): Promise<void>;
}

/** A server with its clock fixed at NOW, which answers as the test says: for answers that a real api cannot be made to give at will. */
export async function startFakeApi(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<FakeApi> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const sent = await text(request);
      const question: Asked = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: sent === '' ? undefined : JSON.parse(sent),
      };
      asked.push(question);
      const { status = 200, body, contentType, headers = {} } = await answer(question);
      response.writeHead(status, {
        'content-type': contentType ?? (status < 400 ? 'application/json' : 'application/problem+json'),
        date: new Date(NOW).toUTCString(),
        ...headers,
      });
      response.end(contentType === undefined ? JSON.stringify(body) : String(body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function problem(
  status: number,
  code: string,
  detail: string,
  rest: { hint?: string; field?: string } = {},
): Answer {
  return { status, body: { type: 'about:blank', title: code, status, detail, code, ...rest } };
}
