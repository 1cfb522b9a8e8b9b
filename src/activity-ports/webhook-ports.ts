import { Injectable } from '@nestjs/common';
import { WebhookDeliverer } from '../webhooks/webhook-deliverer.js';

/** What the activities of webhooks work on. */
@Injectable()
export class InjectedWebhookPorts {
  constructor(readonly webhooks: WebhookDeliverer) {}
}
