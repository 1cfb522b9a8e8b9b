import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { supportSchema, type Support } from '../../contract/schemas/support.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { SupportReport } from './support-report.js';

@ApiTags('health')
@Controller('v1/support')
export class SupportController {
  constructor(private readonly report: SupportReport) {}

  @Get()
  @Roles('admin')
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
