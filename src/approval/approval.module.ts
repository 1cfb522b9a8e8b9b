import { Module } from '@nestjs/common';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { ApprovalRules } from './approval-rules.js';
import { JoinVerdicts } from './join-verdicts.js';
import { VerdictReader } from './verdict-reader.js';

/** Approval rules, and what they decide about nodes that join. */
@Module({
  imports: [KeptAnswersModule],
  providers: [ApprovalRules, JoinVerdicts, VerdictReader],
  exports: [ApprovalRules, JoinVerdicts, VerdictReader],
})
export class ApprovalModule {}
