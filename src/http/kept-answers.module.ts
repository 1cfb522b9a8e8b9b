import { Module } from '@nestjs/common';
import { KeptAnswers } from './kept-answers.js';

/** Answers that are committed together with their changes. Separate from HttpModule, since drain sets also decide without a request. */
@Module({ providers: [KeptAnswers], exports: [KeptAnswers] })
export class KeptAnswersModule {}
