import type { IncomingMessage, ServerResponse } from 'node:http';
import { withSurprises } from '../api/with-surprises.js';
import { LocalServer } from '../local-server.js';

/** A proxy before an api that makes its answers those of a newer version: with unknown fields, and with the values that a test sets. */
export class NewerApi extends LocalServer {
  /** Replaced values, by the answer's fields. */
  values: Record<string, unknown> = {};

  constructor(private readonly api: string) {
    super();
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { method = 'GET', url = '/', headers } = request;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const answer = await fetch(`${this.api}${url}`, {
        method,
        headers: {
          ...(headers.authorization !== undefined && { authorization: headers.authorization }),
          ...(chunks.length > 0 && { 'content-type': 'application/json' }),
        },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const text = await answer.text();
      const type = answer.headers.get('content-type');
      response.writeHead(answer.status, { ...(type !== null && { 'content-type': type }) });
      response.end(text === '' ? undefined : JSON.stringify(withSurprises(this.changed(JSON.parse(text) as object))));
    } catch {
      response.destroy();
    }
  }

  private changed(answer: object): object {
    const changes = Object.entries(this.values).filter(([key]) => key in answer);
    return { ...answer, ...Object.fromEntries(changes) };
  }
}
