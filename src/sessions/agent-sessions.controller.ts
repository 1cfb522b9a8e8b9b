import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import {
  commandsQuerySchema,
  commandsSchema,
  sessionsReportAnswerSchema,
  sessionsReportSchema,
  type Commands,
  type SessionsReport,
} from '../../contract/schemas/sessions.js';
import { AgentOnly } from '../auth/access.decorators.js';
import { CallingNode } from '../auth/caller.js';
import { CallersLifetime, type Lifetime } from '../auth/lifetime.js';
import { Operation } from '../http/operation.decorator.js';
import type { NodeRecord } from '../record/node-record.js';
import { SessionCommands } from './session-commands.js';
import { SessionReports } from './session-reports.js';

/** Body limit of a report, in bytes: a thousand sessions and eight results of maximum length. */
const REPORT_LIMIT = 4 * 1_024 ** 2;

/** Commands to agents about sessions, and their reports. */
@ApiTags('agent')
@Controller('v1/agent')
export class AgentSessionsController {
  constructor(
    private readonly commands: SessionCommands,
    private readonly reports: SessionReports,
  ) {}

  @Get('commands')
  @AgentOnly('sessions')
  @Operation({
    summary: 'Which sessions to begin and to end',
    description:
      'Waits for some where there are none. Told again until the node reports that it did; a second question of the same node ends the first.',
    answers: { 200: { description: 'what is to be done, or nothing', schema: commandsSchema } },
  })
  getCommands(
    @CallingNode() node: NodeRecord,
    @Query({ schema: commandsQuerySchema }) { wait }: z.output<typeof commandsQuerySchema>,
    @CallersLifetime() lifetime: Lifetime,
  ): Promise<Commands> {
    return this.commands.next(node.uid, parseDuration(wait) ?? 0, lifetime);
  }

  @Put('sessions')
  @AgentOnly('sessions', { bodyLimit: REPORT_LIMIT })
  @Operation({
    summary: 'Report all sessions that the node has, and how those ended that it has no more',
    answers: { 200: { description: 'taken', schema: sessionsReportAnswerSchema } },
    refuses: ['STALE_REPORT', 'PAYLOAD_TOO_LARGE'],
  })
  reportSessions(
    @CallingNode() node: NodeRecord,
    @Body({ schema: sessionsReportSchema }) report: SessionsReport,
  ): Promise<z.infer<typeof sessionsReportAnswerSchema>> {
    return this.reports.take(node, report);
  }
}
