import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  createWebhookRequestSchema,
  createWebhookResponseSchema,
  deliveryId,
  deliveryListQuerySchema,
  deliveryPageSchema,
  deliverySchema,
  patchWebhookRequestSchema,
  rotateWebhookSecretRequestSchema,
  webhookId,
  webhookPageSchema,
  webhookSchema,
  type DeliveryView,
  type WebhookView,
} from '../../contract/schemas/webhooks.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { Operation } from '../http/operation.decorator.js';
import { Webhooks } from './webhooks.js';

/** Webhooks: external receivers of alerts. */
@ApiTags('webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: Webhooks) {}

  @Post()
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Make a webhook: somebody outside who is told of alerts',
    description:
      'Each alert is told once when it is raised and once when it is cleared, by POST. It is tried for a day (by default) until an answer of 2xx comes; redirects are not followed.',
    answers: { 201: { description: 'the webhook, and its secret this once', schema: createWebhookResponseSchema } },
    refuses: ['TOO_MANY_WEBHOOKS', 'IDEMPOTENCY_KEY_REUSED'],
  })
  createWebhook(
    @Body({ schema: createWebhookRequestSchema }) request: z.output<typeof createWebhookRequestSchema>,
    @Acting() actor: Actor,
  ): Promise<z.infer<typeof createWebhookResponseSchema>> {
    return this.webhooks.create(request, actor);
  }

  @Get()
  @Roles('viewer')
  @Operation({
    summary: 'List webhooks, the latest first',
    answers: { 200: { description: 'all of them, without their secrets', schema: webhookPageSchema } },
  })
  listWebhooks(): Promise<z.infer<typeof webhookPageSchema>> {
    return this.webhooks.list();
  }

  @Get(':id')
  @Roles('viewer')
  @Operation({
    summary: 'Describe a webhook',
    answers: { 200: { description: 'without its secret', schema: webhookSchema } },
    refuses: ['NOT_FOUND'],
  })
  getWebhook(@Param('id', { schema: webhookId }) id: string): Promise<WebhookView> {
    return this.webhooks.get(id);
  }

  @Patch(':id')
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Change a webhook',
    description:
      'Fields that are absent stay. What waits to be told goes to the new address. Where it wants other alerts than before, it is told of those that are raised.',
    answers: { 200: { description: 'the webhook as changed', schema: webhookSchema } },
    refuses: ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
  })
  editWebhook(
    @Param('id', { schema: webhookId }) id: string,
    @Body({ schema: patchWebhookRequestSchema }) request: z.output<typeof patchWebhookRequestSchema>,
    @Acting() actor: Actor,
  ): Promise<WebhookView> {
    return this.webhooks.edit(id, request, actor);
  }

  @Post(':id/rotate')
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Give a webhook another signing secret; bodies are signed with the former one, too, for a while',
    answers: { 201: { description: 'the webhook, and its secret this once', schema: createWebhookResponseSchema } },
    refuses: ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
  })
  rotateWebhookSecret(
    @Param('id', { schema: webhookId }) id: string,
    @Body({ schema: rotateWebhookSecretRequestSchema.prefault({}) }) request: z.output<
      typeof rotateWebhookSecretRequestSchema
    >,
    @Acting() actor: Actor,
  ): Promise<z.infer<typeof createWebhookResponseSchema>> {
    return this.webhooks.rotateSecret(id, request, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Delete a webhook, with what it was told and what waits for it',
    answers: { 204: { description: 'it is told nothing any more' } },
    refuses: ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
  })
  deleteWebhook(@Param('id', { schema: webhookId }) id: string, @Acting() actor: Actor): Promise<void> {
    return this.webhooks.remove(id, actor);
  }

  @Post(':id/test')
  @HttpCode(202)
  @Roles('operator', 'cluster')
  @Operation({
    summary: 'Tell a webhook something to see whether it hears',
    answers: { 202: { description: 'the delivery; what becomes of it is listed', schema: deliverySchema } },
    refuses: ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
  })
  testWebhook(@Param('id', { schema: webhookId }) id: string, @Acting() actor: Actor): Promise<DeliveryView> {
    return this.webhooks.test(id, actor);
  }

  @Get(':id/deliveries')
  @Roles('viewer')
  @Operation({
    summary: 'List what a webhook was told, is to be told, and did not take, the latest first',
    answers: { 200: { description: 'one page of deliveries', schema: deliveryPageSchema } },
    refuses: ['NOT_FOUND'],
  })
  listWebhookDeliveries(
    @Param('id', { schema: webhookId }) id: string,
    @Query({ schema: deliveryListQuerySchema }) query: z.output<typeof deliveryListQuerySchema>,
  ): Promise<z.infer<typeof deliveryPageSchema>> {
    return this.webhooks.deliveries(id, query);
  }

  @Post(':id/deliveries/:delivery/replay')
  @HttpCode(202)
  @Roles('operator', 'cluster')
  @Operation({
    summary: 'Try a delivery again that is over, under the same webhook-id',
    answers: { 202: { description: 'it waits for its turn', schema: deliverySchema } },
    refuses: ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
  })
  replayWebhookDelivery(
    @Param('id', { schema: webhookId }) id: string,
    @Param('delivery', { schema: deliveryId }) delivery: string,
  ): Promise<DeliveryView> {
    return this.webhooks.replay(id, delivery);
  }
}
