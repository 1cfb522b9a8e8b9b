import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Counter, Histogram } from 'prom-client';
import { HEARTBEAT_ROUTE } from '../../contract/heartbeat-pace.js';
import { MetricRegistry } from '../process/metric-registry.js';

/** Measures every request, including those without a route. Fast paths report theirs themselves. */
@Injectable()
export class RequestMetrics implements OnModuleInit {
  private readonly requests: Histogram<'method' | 'route' | 'status'>;
  private readonly heartbeats: Counter<'status'>;

  constructor(
    private readonly http: HttpAdapterHost<FastifyAdapter>,
    metrics: MetricRegistry,
  ) {
    this.requests = metrics.histogram(
      'rollcall_http_request_duration_seconds',
      'Time from a request to its answer; of heartbeats that are answered together one is measured, and rollcall_heartbeats_total has them all',
      [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      ['method', 'route', 'status'],
    );
    this.heartbeats = metrics.counter('rollcall_heartbeats_total', 'Heartbeats that were answered, by status', [
      'status',
    ]);
  }

  onModuleInit(): void {
    this.http.httpAdapter.getInstance().addHook('onResponse', (request, reply, done) => {
      const { url = 'none' } = request.routeOptions;
      this.observe(request.method, url, reply.statusCode, reply.elapsedTime / 1_000);
      // Heartbeats also have a counter of their own, which the fast path shares.
      if (url === HEARTBEAT_ROUTE) this.countHeartbeats(reply.statusCode, 1);
      done();
    });
  }

  /** @param route as declared (`/v1/nodes/:id`), never as requested */
  observe(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds);
  }

  /** Counts heartbeats that were answered together. Observing each would cost as much as handling it. */
  countHeartbeats(status: number, count: number): void {
    this.heartbeats.inc({ status }, count);
  }
}
