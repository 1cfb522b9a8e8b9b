import { Module } from '@nestjs/common';
import { KeptAnswers } from './kept-answers.js';

/** Answers that are committed with what they answer. Apart from the rest of http, since drain sets decide where no request is. */
@Module({ providers: [KeptAnswers], exports: [KeptAnswers] })
export class KeptAnswersModule {}
