import { Module } from '@nestjs/common';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { MassSilences } from './mass-silences.js';

/** What administrators see of mass silences, and do about them. */
@Module({ imports: [KeptAnswersModule], providers: [MassSilences], exports: [MassSilences] })
export class SilenceModule {}
