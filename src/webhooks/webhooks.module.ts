import { Module } from '@nestjs/common';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { Webhooks } from './webhooks.js';

/** Who outside is told of alerts. */
@Module({ imports: [KeptAnswersModule], providers: [Webhooks], exports: [Webhooks] })
export class WebhooksModule {}
