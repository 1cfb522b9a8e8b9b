import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { clusterSchema, type Cluster } from '../../contract/schemas/cluster.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { ClusterReader } from './cluster-reader.js';

@ApiTags('cluster')
@Controller('v1/cluster')
export class ClusterController {
  constructor(private readonly cluster: ClusterReader) {}

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'How many nodes there are, how they are, and what they have',
    answers: { 200: { description: 'counts and resources', schema: clusterSchema } },
  })
  getCluster(): Promise<Cluster> {
    return this.cluster.read();
  }
}
