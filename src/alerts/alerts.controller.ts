import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { alertListQuerySchema, alertPageSchema } from '../../contract/schemas/alerts.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { AlertReader } from './alert-reader.js';

/** Lists alerts. */
@ApiTags('alerts')
@Controller('v1/alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertReader) {}

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'List alerts, the latest first',
    description:
      'One for each outage: raised once it has lasted for `Orchestrator.Alerts.Settle`, cleared once it has been over for as long. Kept for 90 days after that.',
    answers: { 200: { description: 'one page of alerts', schema: alertPageSchema } },
  })
  listAlerts(
    @Query({ schema: alertListQuerySchema }) query: z.output<typeof alertListQuerySchema>,
  ): Promise<z.infer<typeof alertPageSchema>> {
    return this.alerts.list(query);
  }
}
