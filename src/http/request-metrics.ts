import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Counter, Histogram, Registry } from 'prom-client';

/** Where heartbeats go: most of them past Nest, by their fast path. */
export const HEARTBEAT_ROUTE = '/v1/agent/heartbeat';

/** Measures every request, those that no route answers too. Whoever answers past Nest says so itself. */
@Injectable()
export class RequestMetrics implements OnModuleInit {
  /** Of this process; all else that Prometheus scrapes is added to it. */
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'Time from a request to its answer; of heartbeats that are answered together one is measured, and rollcall_heartbeats_total has them all',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });
  private readonly heartbeats = new Counter({
    name: 'rollcall_heartbeats_total',
    help: 'Heartbeats that were answered, by status',
    labelNames: ['status'],
    registers: [this.registry],
  });

  constructor(private readonly http: HttpAdapterHost<FastifyAdapter>) {}

  onModuleInit(): void {
    this.http.httpAdapter.getInstance().addHook('onResponse', (request, reply, done) => {
      const { url = 'none' } = request.routeOptions;
      this.observe(request.method, url, reply.statusCode, reply.elapsedTime / 1_000);
      // Not all of them come this way, so that they are counted besides.
      if (url === HEARTBEAT_ROUTE) this.countHeartbeats(reply.statusCode, 1);
      done();
    });
  }

  /** @param route as declared (`/v1/nodes/:id`), never as requested */
  observe(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds);
  }

  /** Heartbeats that were answered together. To observe each would cost as much as taking it. */
  countHeartbeats(status: number, count: number): void {
    this.heartbeats.inc({ status }, count);
  }
}
