import { Module } from '@nestjs/common';
import { QuarantineBudget } from './quarantine-budget.js';
import { Quarantines } from './quarantines.js';

/** What follows from what nodes' checks say. */
@Module({
  providers: [QuarantineBudget, Quarantines],
  exports: [Quarantines],
})
export class QuarantineModule {}
