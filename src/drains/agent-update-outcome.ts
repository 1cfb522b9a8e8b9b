import { lt, valid } from 'semver';
import type { AgentUpdate, DrainMemberOutcome } from '../../contract/drain-set.js';
import type { NodeOverview } from '../record/node-record.js';

type Outcome = { state: DrainMemberOutcome; reason: string };
type Agent = Pick<NodeOverview, 'agent' | 'liveness'>;

/** Why a node's agent cannot or need not be updated; undefined where it is to be. */
export function whyNoUpdate({ version, downgrade }: AgentUpdate, { agent, liveness }: Agent): Outcome | undefined {
  if (agent === null) return { state: 'SKIPPED', reason: 'it has not said yet which agent it has' };
  if (agent.version === version) return { state: 'ALREADY', reason: '' };
  if (!agent.updates?.managed)
    return {
      state: 'NOT_MANAGED',
      reason: `its configuration has no Compute.Updates.Managed; it runs ${agent.version}`,
    };
  if (!downgrade && valid(agent.version) !== null && lt(version, agent.version))
    return { state: 'SKIPPED', reason: `it runs ${agent.version}, and nobody asked for a downgrade` };
  if (liveness !== 'HEALTHY') return { state: 'SKIPPED', reason: `it is ${liveness}` };
  return undefined;
}

/** Outcome of the update of a drained node's agent; undefined while it is under way. */
export function updateOutcome(id: string, { version }: AgentUpdate, { agent, liveness }: Agent): Outcome | undefined {
  const last = agent?.updates?.last;
  if (last?.id !== id) return undefined;
  switch (last.state) {
    case 'REFUSED':
    case 'FAILED':
      return { state: 'FAILED', reason: `${last.reason}; it runs ${agent?.version}` };
    case 'DONE':
      return agent?.version === version && liveness === 'HEALTHY' ? { state: 'UPDATED', reason: '' } : undefined;
    default:
      return undefined;
  }
}
