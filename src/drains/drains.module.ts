import { Module } from '@nestjs/common';
import { DecisionsModule } from '../decisions/decisions.module.js';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { DecidingDrainSetNodes } from './drain-set-nodes.js';
import { DrainSets } from './drain-sets.js';

/** Many nodes drained together, some at a time. */
@Module({
  imports: [DecisionsModule, KeptAnswersModule],
  providers: [DrainSets, DecidingDrainSetNodes],
  exports: [DecidingDrainSetNodes, DrainSets],
})
export class DrainsModule {}
