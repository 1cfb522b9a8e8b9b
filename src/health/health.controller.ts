import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { livenessSchema, readinessSchema, type Readiness } from '../../contract/schemas/health.js';
import { Public } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { ReadinessCheck } from './readiness-check.js';

/** Probes and metrics for operators. They name no nodes. */
@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: ReadinessCheck,
    private readonly metrics: MetricRegistry,
  ) {}

  @Get('livez')
  @Public()
  @Operation({
    summary: 'Whether the process lives',
    answers: { 200: { description: 'it does', schema: livenessSchema } },
  })
  getLiveness(): z.infer<typeof livenessSchema> {
    return { status: 'alive' };
  }

  @Get('readyz')
  @Public()
  @Operation({
    summary: 'Whether this replica can record heartbeats, so that requests may be led to it',
    description:
      'It also tells which of the servers behind it answer, and whether workers work. Temporal and workers do not count: without them decisions are taken and applied later.',
    answers: {
      200: { description: 'it can', schema: readinessSchema },
      503: { description: 'it cannot', schema: readinessSchema },
    },
  })
  async getReadiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.readiness.check();
    reply.status(readiness.ready ? 200 : 503);
    return readiness;
  }

  @Get('metrics')
  @Public()
  @Header('content-type', MetricRegistry.PROMETHEUS_CONTENT_TYPE)
  @Operation({
    summary: 'Metrics for Prometheus',
    answers: {
      200: {
        description: 'in the text format',
        other: { type: 'text/plain', example: '# TYPE rollcall_nodes gauge\nrollcall_nodes{phase="ACTIVE"} 3\n' },
      },
    },
  })
  getMetrics(): Promise<string> {
    return this.metrics.metrics();
  }
}
