import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Config } from '../../contract/config/schema.js';
import { UPDATE_TIMEOUT_MS } from '../../contract/drain-set.js';
import { parseDuration } from '../../contract/duration.js';
import type { AgentUpdateView, createAgentUpdateRequestSchema } from '../../contract/schemas/drains.js';
import { ProblemError } from '../http/problem-error.js';
import { AgentPackages } from '../installation/agent-packages.js';
import { InjectConfig } from '../process/config.js';
import { AGENT_UPDATE } from './drain-set-kinds.js';
import { DrainSets, type AskingForSet } from './drain-sets.js';

/** Agent updates: sets of nodes that are drained, updated and activated again. See docs/adr/0040. */
@Injectable()
export class AgentUpdates {
  private readonly isOn: boolean;

  constructor(
    private readonly sets: DrainSets,
    private readonly packages: AgentPackages,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.isOn = Orchestrator.AgentUpdates.Enabled;
  }

  /** @throws ProblemError AGENT_UPDATES_OFF, NO_NODE_MATCHES, or VALIDATION_FAILED where there is no signed package of the version */
  async create(
    request: z.output<typeof createAgentUpdateRequestSchema>,
    asking: AskingForSet,
  ): Promise<AgentUpdateView> {
    const { version, downgrade, maxFailures, timeout, ...set } = request;
    if (!this.isOn)
      throw new ProblemError({
        code: 'AGENT_UPDATES_OFF',
        detail: 'this cluster does not update agents',
        hint: 'Set Orchestrator.AgentUpdates.Enabled in the configuration of every api and worker',
      });
    await this.checkServed(version);
    const timeoutMs = timeout === undefined ? UPDATE_TIMEOUT_MS : (parseDuration(timeout) ?? UPDATE_TIMEOUT_MS);
    return this.sets.create(AGENT_UPDATE, set, asking, { version, downgrade, maxFailures, timeoutMs });
  }

  private async checkServed(version: string): Promise<void> {
    const versions = await this.packages.versions();
    if (!versions.includes(version)) {
      const served = versions.length === 0 ? 'none' : versions.join(', ');
      throw new ProblemError({
        code: 'VALIDATION_FAILED',
        detail: `this api has no archive of agent ${version}; there is: ${served}`,
        field: 'version',
        hint: 'npm run package makes one; Orchestrator.API.PackagesDir names the folder',
      });
    }
    if (!(await this.packages.isSigned()))
      throw new ProblemError({
        code: 'VALIDATION_FAILED',
        detail: 'the packages of this api are not signed: every agent would refuse them',
        field: 'version',
        hint: 'npm run package -- --sign-with KEY',
      });
  }
}
