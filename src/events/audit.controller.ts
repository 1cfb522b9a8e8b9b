import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { auditPageSchema, auditQuerySchema } from '../../contract/schemas/audit.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { AuditLog } from './audit-log.js';

@ApiTags('events')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly log: AuditLog) {}

  @Get()
  @Roles('operator', 'sees')
  @Operation({
    summary: 'Every decision and what became of every token: who, what, when, from where and why',
    description:
      'Of all nodes, removed ones too, and of tokens that belong to none. Nothing changes it, and only its age deletes it: `Orchestrator.Retention.Audit`.',
    answers: { 200: { description: 'one page of events', schema: auditPageSchema } },
  })
  listAudit(
    @Query({ schema: auditQuerySchema }) query: z.output<typeof auditQuerySchema>,
  ): Promise<z.infer<typeof auditPageSchema>> {
    return this.log.list(query);
  }
}
