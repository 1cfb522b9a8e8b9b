import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { targetsQuerySchema, targetsSchema } from '../../contract/schemas/discovery.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { PrometheusTargets } from './prometheus-targets.js';

/** Targets for Prometheus's `http_sd_configs`, which authenticates with an api token. */
@ApiTags('nodes')
@Controller('v1/sd/prometheus')
export class PrometheusTargetsController {
  constructor(private readonly targets: PrometheusTargets) {}

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'Approved nodes as targets of Prometheus (http_sd)',
    description:
      'A target is the first address of a node and the port that its label names. Labels of the node are `__meta_rollcall_label_<key>`, what is known of it `__meta_rollcall_<name>`. Nodes that have told no address are left out.',
    answers: { 200: { description: 'all of them', schema: targetsSchema } },
  })
  listPrometheusTargets(
    @Query({ schema: targetsQuerySchema }) query: z.output<typeof targetsQuerySchema>,
  ): Promise<z.infer<typeof targetsSchema>> {
    return this.targets.list(query);
  }
}
