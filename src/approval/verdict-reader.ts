import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { asList } from '../../contract/schemas/common.js';
import type { verdictPageSchema, verdictQuerySchema } from '../../contract/schemas/approval-rules.js';
import { TokenStore } from '../auth/token-store.js';
import { Clock } from '../mechanics/clock.js';
import { nodeNotFound } from '../record/node-problems.js';
import { NodeStore, type NodeRecord } from '../record/node-store.js';
import { JoinVerdicts } from './join-verdicts.js';

const MOST_NODES = 100;

/** Says what the rules would decide about nodes that exist, if they joined now. Changes nothing. */
@Injectable()
export class VerdictReader {
  constructor(
    private readonly verdicts: JoinVerdicts,
    private readonly nodes: NodeStore,
    private readonly tokens: TokenStore,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError NODE_NOT_FOUND */
  async read({ node }: z.output<typeof verdictQuerySchema>): Promise<z.infer<typeof verdictPageSchema>> {
    const judge = await this.verdicts.judge(this.clock.now());
    const names = asList(node);
    const asked = names === undefined ? await this.pending() : await Promise.all(names.map((name) => this.find(name)));
    return {
      items: await Promise.all(
        asked.map(async ({ name, labels, phase, info, origin }) => {
          const token = origin ? await this.tokens.findJoinToken(origin.token) : null;
          const facts = { name, labels, info, token: origin?.token ?? null, from: origin?.from ?? null };
          const { decision, source, rule, passedOver } = judge(facts, token);
          return { node: name, phase, decision, source, rule: rule?.name ?? null, passedOver };
        }),
      ),
    };
  }

  private async pending(): Promise<NodeRecord[]> {
    return (await this.nodes.list({ phase: ['PENDING'], sort: 'id', limit: MOST_NODES })).items;
  }

  private async find(name: string): Promise<NodeRecord> {
    const node = await this.nodes.findLiving(name);
    if (node === null) throw nodeNotFound(name);
    return node;
  }
}
