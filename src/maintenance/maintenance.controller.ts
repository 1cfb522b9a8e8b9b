import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { isoTime } from '../../contract/iso-time.js';
import {
  maintenanceListQuerySchema,
  maintenancePageSchema,
  type MaintenanceView,
} from '../../contract/schemas/maintenance.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { Clock } from '../mechanics/clock.js';
import { MaintenanceStore, type MaintenanceRecord } from './maintenance-store.js';

/** The calendar of planned maintenance. */
@ApiTags('maintenance')
@Controller('v1/maintenance')
export class MaintenanceController {
  constructor(
    private readonly maintenance: MaintenanceStore,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'List planned maintenance, what ends by itself, and when maintenance windows open',
    description:
      'By when it begins. Nodes that one person takes out for the same reason until the same moment are one entry; a drain set with a beginning or an end is one until its last node is out. Change or cancel it at its nodes or its drain set. Of each maintenance window the next opening is listed, and those of the next 31 days as far as Temporal has told them: ten at most.',
    answers: { 200: { description: 'one page of maintenance', schema: maintenancePageSchema } },
  })
  async listMaintenance(
    @Query({ schema: maintenanceListQuerySchema }) query: z.output<typeof maintenanceListQuerySchema>,
  ): Promise<z.infer<typeof maintenancePageSchema>> {
    const { items, nextCursor } = await this.maintenance.list(query, this.clock.now());
    return { items: items.map(maintenanceView), nextCursor };
  }
}

function maintenanceView({ at, until, ...same }: MaintenanceRecord): MaintenanceView {
  return { ...same, at: isoTime(at), until: until === null ? null : isoTime(until) };
}
