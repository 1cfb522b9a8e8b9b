import { Module } from '@nestjs/common';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { NodesModule } from '../nodes/nodes.module.js';
import { AppliedDecisions } from './applied-decisions.js';
import { DecisionService } from './decision.service.js';

/** Decisions about nodes, by administrators, drain sets and the control plane itself. */
@Module({
  imports: [KeptAnswersModule, LifecycleModule, NodesModule],
  providers: [DecisionService, AppliedDecisions],
  exports: [DecisionService],
})
export class DecisionsModule {}
