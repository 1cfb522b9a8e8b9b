import { Module } from '@nestjs/common';
import { KeptPlans } from './kept-plans.js';

/** What was said of nodes ahead of time, for the worker that does it. */
@Module({ providers: [KeptPlans], exports: [KeptPlans] })
export class PlanKeepingModule {}
