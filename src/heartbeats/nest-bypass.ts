import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

interface FastPath {
  method: string;
  take: RequestListener;
}

/** Offers requests to fast paths before Nest. A fast path answers the valid requests that make up nearly all load, and hands over the rest. */
@Injectable()
export class NestBypass implements OnModuleInit, BeforeApplicationShutdown {
  private readonly paths = new Map<string, FastPath>();
  private fastify: RequestListener = () => undefined;
  private isOpen = true;

  constructor(private readonly http: HttpAdapterHost<FastifyAdapter>) {}

  onModuleInit(): void {
    const server = this.http.httpAdapter.getHttpServer<Server>();
    const [fastify] = server.listeners('request') as RequestListener[];
    if (fastify === undefined) throw new Error('the HTTP server has no listener to stand before');
    this.fastify = fastify;
    server.off('request', fastify);
    server.on('request', (request, response) => {
      const path = this.isOpen ? this.paths.get(request.url ?? '') : undefined;
      if (path?.method === request.method) path?.take(request, response);
      else fastify(request, response);
    });
  }

  /** Closes the fast paths: from now on Fastify answers that the api is stopping. */
  beforeApplicationShutdown(): void {
    this.isOpen = false;
  }

  /** @param url without a query */
  open(method: string, url: string, take: RequestListener): void {
    this.paths.set(url, { method, take });
  }

  /** Hands over a request with an unread body. */
  handOver(request: IncomingMessage, response: ServerResponse): void {
    this.fastify(request, response);
  }

  /**
   * Hands over a request whose body has been read, and injects it into Fastify.
   * @returns the status of the answer
   */
  async handOverRead(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<number> {
    const { statusCode, headers, rawPayload } = await this.http.httpAdapter.getInstance().inject({
      method: request.method as 'POST',
      url: request.url ?? '/',
      headers: request.headers as Record<string, string>,
      payload: body,
      remoteAddress: request.socket.remoteAddress ?? '',
    });
    if (!response.destroyed) response.writeHead(statusCode, headers as Record<string, string>).end(rawPayload);
    return statusCode;
  }
}
