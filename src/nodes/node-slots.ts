import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { firstDecision } from '../../contract/decision.js';
import { parseDuration } from '../../contract/duration.js';
import { isoTime } from '../../contract/iso-time.js';
import type {
  createNodeRequestSchema,
  createNodeResponseSchema,
  Node,
  patchNodeRequestSchema,
} from '../../contract/schemas/nodes.js';
import type { bootstrapTokenResponseSchema, createBootstrapTokenRequestSchema } from '../../contract/schemas/tokens.js';
import { BootstrapTokens } from './bootstrap-tokens.js';
import type { Actor } from '../auth/caller.js';
import type { Reach } from '../auth/reach.js';
import { Clock } from '../mechanics/clock.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { InstallInstructions } from '../installation/install-instructions.js';
import { LifecycleNotifier } from '../lifecycle/lifecycle-notifier.js';
import { nodeEvent } from '../record/node-event.js';
import { nodeNameTaken, nodeNotFound } from '../record/node-problems.js';
import { NodeReader } from './node-reader.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeNameTaken, NodeStore } from '../record/node-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';

/** The caller and their reach. */
interface Asking {
  actor: Actor;
  reach: Reach;
}

type BootstrapTokenResponse = z.infer<typeof bootstrapTokenResponseSchema>;

/** Slots for new nodes, their bootstrap tokens, and edits of nodes. */
@Injectable()
export class NodeSlots {
  constructor(
    private readonly nodes: NodeStore,
    private readonly tokens: BootstrapTokens,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly reader: NodeReader,
    private readonly lifecycle: LifecycleNotifier,
    private readonly install: InstallInstructions,
    private readonly clock: Clock,
  ) {}

  /**
   * @param origin the origin of the request; see InstallInstructions
   * @throws ProblemError NODE_NAME_TAKEN; FORBIDDEN where the labels are out of reach
   */
  async create(
    request: z.output<typeof createNodeRequestSchema>,
    { actor, reach }: Asking,
    origin: string,
  ): Promise<z.infer<typeof createNodeResponseSchema>> {
    const { name, labels, description, expiresIn } = request;
    reach.demand({ name, labels });
    const at = this.clock.now();
    const token = this.tokens.mint(at, parseDuration(expiresIn) ?? 0);
    const uid = randomUUID();
    // PENDING: an administrator activates the node after it has joined (docs/adr/0003).
    const decision = firstDecision({
      at,
      by: actor.by,
      reason: 'a slot was made',
      registered: false,
      approval: 'PENDING',
    });
    const events = [
      nodeEvent({ uid, name }, 'SlotCreated', at, actor),
      nodeEvent({ uid, name }, 'TokenIssued', at, actor, worksFor(expiresIn), token.id),
    ];
    const answer = tokenResponse(token, await this.install.of(origin, name, token.text));
    const node = await this.unit
      .run(async () => {
        await this.tokens.store(token, uid, actor.by);
        const created = await this.nodes.create(
          { uid, name, type: 'Compute', labels, description, decision, at },
          events,
        );
        await this.answers.keep(201, async () => ({
          node: await this.reader.view(created),
          ...answer,
        }));
        return created;
      })
      .catch((error: unknown) => {
        throw error instanceof NodeNameTaken ? nodeNameTaken(name) : error;
      });
    await this.lifecycle.start(node);
    return { node: await this.reader.view(node), ...answer };
  }

  /** @throws ProblemError NODE_NOT_FOUND; FORBIDDEN where the node is out of reach, or would be with these labels */
  async edit(id: string, change: z.output<typeof patchNodeRequestSchema>, { actor, reach }: Asking): Promise<Node> {
    const node = await this.living(id);
    const event = nodeEvent(node, 'NodeEdited', this.clock.now(), actor, summaryOf(change));
    const edited = await this.unit.run(async () => {
      // Both reads are of the unit's snapshot, so no other change comes between them.
      const before = await this.nodes.findByUid(node.uid);
      const after = await this.nodes.edit(node.uid, change, event);
      if (before === null || after === null) throw nodeNotFound(id);
      reach.demand(before);
      reach.demand(after);
      await this.answers.keep(200, () => this.reader.view(after));
      return after;
    });
    return this.reader.view(edited);
  }

  /**
   * Replaces the bootstrap token, and ends the earlier one and the node's credential. An agent that joins with the new token is the same node.
   * @throws ProblemError NODE_NOT_FOUND, NODE_IS_REQUESTER; FORBIDDEN where the node is out of reach
   */
  async regenerateToken(
    id: string,
    { expiresIn }: z.output<typeof createBootstrapTokenRequestSchema>,
    { actor, reach }: Asking,
    origin: string,
  ): Promise<BootstrapTokenResponse> {
    const node = await this.living(id);
    reach.demand(node);
    if (node.type === 'Requester') {
      throw new ProblemError({
        code: 'NODE_IS_REQUESTER',
        detail: `node ${id} is a replica of the api and joins without a token`,
        hint: 'See: rollcall node list',
      });
    }
    const at = this.clock.now();
    const token = this.tokens.mint(at, parseDuration(expiresIn) ?? 0);
    const answer = tokenResponse(token, await this.install.of(origin, id, token.text));
    const reason = `earlier token and credential revoked; ${worksFor(expiresIn)}`;
    await this.unit.run(async () => {
      const revoked = await this.nodes.revokeCredential(
        node.uid,
        at,
        nodeEvent(node, 'TokenIssued', at, actor, reason, token.id),
      );
      if (revoked === null) throw nodeNotFound(id);
      reach.demand(revoked);
      await this.tokens.store(token, node.uid, actor.by);
      await this.answers.keep(201, () => answer);
    });
    return answer;
  }

  private async living(id: string): Promise<NodeRecord> {
    const node = await this.nodes.findLiving(id);
    if (node === null) throw nodeNotFound(id);
    return node;
  }
}

function tokenResponse(
  { text, expiresAt }: { text: string; expiresAt: number },
  install: BootstrapTokenResponse['install'],
): BootstrapTokenResponse {
  return { bootstrapToken: text, expiresAt: isoTime(expiresAt), install };
}

function worksFor(lifetime: string): string {
  return `works for ${lifetime}`;
}

function summaryOf(change: z.output<typeof patchNodeRequestSchema>): string {
  return `changed ${Object.keys(change).join(' and ') || 'nothing'}`;
}
