import { Module } from '@nestjs/common';
import { DecisionsModule } from '../decisions/decisions.module.js';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { InstallationModule } from '../installation/installation.module.js';
import { AgentUpdates } from './agent-updates.js';
import { AgentWishes } from './agent-wishes.js';
import { DecidingDrainSetNodes } from './drain-set-nodes.js';
import { DrainSets } from './drain-sets.js';

/** Drain sets and agent updates. */
@Module({
  imports: [DecisionsModule, InstallationModule, KeptAnswersModule],
  providers: [AgentUpdates, AgentWishes, DrainSets, DecidingDrainSetNodes],
  exports: [AgentUpdates, DecidingDrainSetNodes, DrainSets],
})
export class DrainsModule {}
