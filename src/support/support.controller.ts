import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { settingsSchema, supportSchema, type Support } from '../../contract/schemas/support.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { RunningSettings } from './running-settings.js';
import { SupportReport } from './support-report.js';

@ApiTags('health')
@Controller('v1')
export class SupportController {
  constructor(
    private readonly report: SupportReport,
    private readonly settings: RunningSettings,
  ) {}

  @Get('settings')
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'The configuration that the replica which answers runs with, key by key',
    description: 'What is secret is not shown, nor who is let in by an address.',
    answers: { 200: { description: 'each key, with what it means and its default', schema: settingsSchema } },
  })
  getSettings(): z.infer<typeof settingsSchema> {
    return this.settings.read();
  }

  @Get('support')
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Versions, configuration, log, stuck nodes and workers, for whoever looks for a fault',
    description:
      'Of the replica that answers, but for nodes and workers. Nothing of it is secret: no token, key or password is in it.',
    answers: { 200: { description: 'each part, or why it could not be read', schema: supportSchema } },
  })
  getSupport(): Promise<Support> {
    return this.report.read();
  }
}
