import { Module } from '@nestjs/common';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { MassSilences } from './mass-silences.js';

/** Mass silences as administrators see and release them. */
@Module({ imports: [KeptAnswersModule], providers: [MassSilences], exports: [MassSilences] })
export class SilenceModule {}
