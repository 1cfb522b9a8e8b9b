import { Module } from '@nestjs/common';
import { WebhookResealing } from './webhook-resealing.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** Encryption of what of webhooks is secret. */
@Module({ providers: [WebhookResealing, WebhookSecrets], exports: [WebhookResealing, WebhookSecrets] })
export class WebhookSecretsModule {}
