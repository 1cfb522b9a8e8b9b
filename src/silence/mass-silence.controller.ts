import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { massSilenceSchema, type MassSilence } from '../../contract/schemas/cluster.js';
import { decisionRequestSchema } from '../../contract/schemas/node-decisions.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { Operation } from '../http/operation.decorator.js';
import { MassSilences } from './mass-silences.js';

@ApiTags('cluster')
@Controller('v1/cluster/mass-silence')
export class MassSilenceController {
  constructor(private readonly silences: MassSilences) {}

  @Post('release')
  @HttpCode(200)
  @Roles('operator', 'cluster')
  @Operation({
    summary: 'Say that the nodes of a mass silence are lost indeed',
    description:
      'Nodes that are silent still are judged as any others from here on: the sessions of those that are UNKNOWN are given up as LOST, and those that are silent for longer than RemoveAfter are removed.',
    answers: { 200: { description: 'it is over', schema: massSilenceSchema } },
    refuses: ['NO_MASS_SILENCE', 'IDEMPOTENCY_KEY_REUSED'],
  })
  releaseMassSilence(
    @Body({ schema: decisionRequestSchema.prefault({}) }) { reason }: z.output<typeof decisionRequestSchema>,
    @Acting() actor: Actor,
  ): Promise<MassSilence> {
    return this.silences.release(reason, actor);
  }
}
