import { Module } from '@nestjs/common';
import { KeptPlans } from './kept-plans.js';

/** Planned deactivations, for the worker that carries them out. */
@Module({ providers: [KeptPlans], exports: [KeptPlans] })
export class PlanKeepingModule {}
