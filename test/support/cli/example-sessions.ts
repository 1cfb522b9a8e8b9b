import { nodeSessionSchema, sessionSchema } from '../../../contract/schemas/sessions.js';
import type { NodeSession, Session } from '../../../client/types.gen.js';
import { exampleNode, secondsAgo } from './example-nodes.js';

export const NODE_SESSIONS: NodeSession[] = [
  {
    id: 's-1',
    principal: 'ana@example.com',
    statement: 'select count(*)\n  from orders',
    state: 'RUNNING' as const,
    startedAt: secondsAgo(75),
    elapsedMs: 75_000,
    resources: { cpu: 0.25, memory: 256 * 1_024 ** 2, disk: 0, gpu: 0 },
  },
  {
    id: 's-2',
    principal: 'job:nightly',
    statement: 'vacuum',
    state: 'TERMINATING' as const,
    startedAt: secondsAgo(9_000),
    elapsedMs: 9_000_000,
    resources: null,
  },
].map((session) => nodeSessionSchema.parse(session));

export function exampleSession(id: string, changes: Partial<Session> = {}): Session {
  return sessionSchema.parse({
    ...{
      id,
      kind: 'managed',
      principal: 'ana',
      statement: 'select 42 as answer',
      sql: null,
      state: 'RUNNING',
      reason: '',
      node: 'node-1',
      nodeUid: exampleNode('node-1').uid,
    },
    resources: { cpu: 0.25, memory: 256 * 1_024 ** 2, disk: 256 * 1_024 ** 2, gpu: 0 },
    ...{
      labels: {},
      openedBy: 'admin',
      openedAt: secondsAgo(80),
      startedAt: secondsAgo(75),
      endedAt: null,
      elapsedMs: 75_000,
    },
    ...{ termination: null, rows: null, resultFile: null, preview: null },
    ...changes,
  });
}

/** A session that has its result. */
export const COMPLETED = exampleSession('s-3', {
  ...{
    state: 'COMPLETED',
    sql: 'select *\nfrom answers',
    endedAt: secondsAgo(70),
    elapsedMs: 5_000,
    rows: 250,
    resultFile: '/var/lib/rollcall-agent/results/s-3.csv',
  },
  preview: {
    columns: [
      { name: 'answer', type: 'INTEGER' },
      { name: 'who', type: 'VARCHAR' },
    ],
    rows: [
      ['42', 'ana'],
      ['7', null],
    ],
    truncated: true,
  },
});
