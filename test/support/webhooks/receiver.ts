import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { useInSuite } from '../use-in-suite.js';

export interface Told {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  url: string;
  told: Told[];
  /** Answers to the next deliveries, in order; all others get 204. */
  answers: ((response: ServerResponse) => void)[];
}

/** A real server that receives webhooks, for the tests of a file. */
export function useReceiver(): Receiver {
  return useInSuite(
    async () => {
      const receiver = { url: '', told: [] as Told[], answers: [] as Receiver['answers'] };
      const server = createServer((request, response) => {
        void text(request).then((body) => {
          receiver.told.push({ path: request.url ?? '', headers: request.headers, body });
          const answer = receiver.answers.shift();
          if (answer) answer(response);
          else response.writeHead(204).end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      return Object.assign(receiver, {
        url: `http://127.0.0.1:${port}`,
        async stop() {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
      });
    },
    (receiver) => receiver.stop(),
  );
}

export const fails =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, headers).end();
  };
export const hangs = (): void => undefined;
/** Never ends its answer. */
export const floods = (response: ServerResponse): void => {
  response.writeHead(200);
  const piece = Buffer.alloc(65_536);
  const pour = (): void => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once('drain', pour);
  };
  pour();
};
