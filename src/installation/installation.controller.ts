import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get, Header, Ip, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { packageName } from '../../contract/schemas/common.js';
import { Public } from '../auth/access.decorators.js';
import { RequestLimits } from '../auth/request-limits.js';
import { ApiOrigin } from '../http/api-origin.decorator.js';
import { Operation } from '../http/operation.decorator.js';
import { ProblemError } from '../http/problem-error.js';
import { PROGRAM_HOME } from '../process/program.js';
import { AgentPackages } from './agent-packages.js';
import { Downloads } from './downloads.js';
import { PublicAddress } from './public-address.js';

const SCRIPT = join(PROGRAM_HOME, 'packaging', 'install.sh');
const PLACE = '@ORCHESTRATOR@';

/** Public downloads for machines that are to become nodes. */
@ApiTags('installation')
@Controller()
export class InstallationController {
  constructor(
    private readonly packages: AgentPackages,
    private readonly address: PublicAddress,
    private readonly downloads: Downloads,
    private readonly limits: RequestLimits,
  ) {}

  @Get('install.sh')
  @Public()
  @Header('content-type', 'text/x-shellscript; charset=utf-8')
  @Header('cache-control', 'no-cache')
  @Operation({
    summary: 'A script of sh that makes a machine a node of this cluster',
    description:
      'It holds no secret: the token is an argument of it. It fetches the package of the agent from this api.',
    answers: { 200: { description: 'the script', other: { type: 'text/x-shellscript', example: '#!/bin/sh\n' } } },
  })
  async getInstallScript(@ApiOrigin() asked: string, @Ip() from: string): Promise<string> {
    this.limits.strangerAsks(from);
    return (await readFile(SCRIPT, 'utf8')).replaceAll(PLACE, this.address.origin(asked));
  }

  @Get('packages/:name')
  @Public()
  @Operation({
    summary:
      'A package of the agent, or SHA256SUMS, the list of them with their checksums, or SHA256SUMS.sig, the signature of that',
    answers: {
      200: {
        description: 'the file',
        other: { type: 'application/octet-stream', example: '5f70bf18…  rollcall-agent_1.2.3_amd64.deb\n' },
      },
    },
    refuses: ['NOT_FOUND'],
  })
  async getPackage(
    @Param('name', { schema: packageName }) name: string,
    @Ip() from: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.limits.strangerAsks(from);
    if (!(await this.packages.has(name)))
      throw new ProblemError({
        code: 'NOT_FOUND',
        detail: `this api has no package ${name}`,
        hint: 'Where the source is: npm run package; Orchestrator.API.PackagesDir names the folder',
      });
    this.downloads.begin(from, reply.raw);
    await reply
      .type('application/octet-stream')
      .sendFile(name, this.packages.folder, { contentType: false, cacheControl: false });
  }
}
