import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RequestLimits } from '../auth/request-limits.js';
import { RequestMetrics } from '../http/request-metrics.js';
import { KnownNodes, type KnownNode } from './known-nodes.js';
import { NestBypass } from './nest-bypass.js';
import { readBody, fastPathToken } from './fast-path-request.js';

const ROUTE = '/v1/agent/info';
/** Longer bodies, in bytes, are left to Nest: usual machines send less. */
const LIMIT = 16 * 1_024;
const KEPT = 204;

/**
 * Fast path for information that the record has already, which is nearly all, since hardware rarely changes. Anything new is left to Nest, and
 * is known from then on. See docs/adr/0014.
 */
@Injectable()
export class InfoFastPath implements OnModuleInit {
  constructor(
    private readonly bypass: NestBypass,
    private readonly known: KnownNodes,
    private readonly limits: RequestLimits,
    private readonly metrics: RequestMetrics,
  ) {}

  onModuleInit(): void {
    this.bypass.open('PUT', ROUTE, (request, response) => {
      const token = fastPathToken(request, LIMIT);
      const node = token === undefined ? undefined : this.known.find(token);
      if (node === undefined) this.bypass.handOver(request, response);
      else readBody(request, (body) => void this.answer(node, request, response, body).catch(() => response.destroy()));
    });
  }

  private async answer(
    node: KnownNode,
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): Promise<void> {
    const began = performance.now();
    const digest = hash('sha256', body, 'base64');
    // The node may have been forgotten while the body arrived.
    if (
      node.infoDigest === digest &&
      this.known.stillKnows(node) &&
      this.limits.mayBeat(node.summary.uid, node.generation)
    ) {
      response.writeHead(KEPT, { 'x-content-type-options': 'nosniff' }).end();
      this.metrics.observe('PUT', ROUTE, KEPT, (performance.now() - began) / 1_000);
      return;
    }
    // If another replica stores something else meanwhile, this node is forgotten, and its digest with it.
    if ((await this.bypass.handOverRead(request, response, body)) === KEPT) node.infoDigest = digest;
  }
}
