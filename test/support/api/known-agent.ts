import { expect } from '@jest/globals';
import { KnownNodes } from '../../../src/heartbeats/known-nodes.js';
import { eventually } from '../eventually.js';
import { AgentUnderTest } from './agent-under-test.js';
import type { ApiUnderTest } from './api-under-test.js';

/** An agent that this replica has in memory. */
export async function knownAgent(
  replica: ApiUnderTest,
  name: string,
): Promise<{ agent: AgentUnderTest; token: string }> {
  const agent = await new AgentUnderTest(replica).join(replica.joinToken, name);
  const token = await agent.authenticate();
  await becomesKnown(replica, agent, token);
  return { agent, token };
}

export async function becomesKnown(replica: ApiUnderTest, agent: AgentUnderTest, token: string): Promise<void> {
  await eventually(async () => {
    expect((await agent.beat()).response?.status).toBe(200);
    expect(isKnown(replica, token)).toBe(true);
  });
}

export function isKnown(replica: ApiUnderTest, token: string): boolean {
  return replica.app.get(KnownNodes).find(token) !== undefined;
}
