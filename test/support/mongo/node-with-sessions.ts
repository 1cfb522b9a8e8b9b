import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect } from '@jest/globals';
import type { SessionChange } from '../../../contract/lifecycle.js';
import type { SessionsReport } from '../../../contract/schemas/sessions.js';
import { DEFAULT_SESSION_RESOURCES } from '../../../contract/sessions.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { Assignments, type Assignment } from '../../../src/sessions/placement/assignments.js';
import type { SessionRecord } from '../../../src/sessions/session-record.js';
import { SessionStore } from '../../../src/sessions/session-store.js';
import { NOON } from '../manual-clock.js';
import { newNode } from './node-fixtures.js';
import { useStores } from './open-stores.js';

export function placing(id: string = randomUUID(), changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    ...{
      key: id,
      id,
      kind: 'managed',
      principal: 'ana',
      statement: 'select 1',
      sql: 'select 1',
      state: 'PLACING',
      reason: '',
      node: null,
    },
    ...{
      resources: DEFAULT_SESSION_RESOURCES,
      labels: { 'disk.type': 'ssd' },
      openedBy: 'admin',
      openedAt: NOON,
      startedAt: null,
      endedAt: null,
      termination: null,
    },
    ...{ rows: null, resultFile: null, preview: null },
    ...changes,
  };
}

export const live = (id: string) => ({
  id,
  kind: 'managed' as const,
  principal: 'ana',
  statement: 'select 1',
  state: 'RUNNING' as const,
  startedAt: new Date(NOON).toISOString(),
});
export const over = (id: string, changes: object = {}) => ({
  ...{
    id,
    kind: 'managed' as const,
    state: 'COMPLETED' as const,
    reason: '',
    startedAt: new Date(NOON).toISOString(),
    endedAt: new Date(NOON).toISOString(),
  },
  ...{ rows: 1, resultFile: null, preview: null },
  ...changes,
});

/** One node in a record that is emptied before each test, and its sessions. */
export class NodeWithSessions {
  readonly stores = useStores();
  nodes!: NodeStore;
  sessions!: SessionStore;
  node!: NodeRecord;
  private seq = 0;

  constructor() {
    beforeAll(() => {
      this.nodes = this.stores.get(NodeStore);
      this.sessions = this.stores.get(SessionStore);
    });
    beforeEach(async () => {
      await this.stores.clear();
      this.node = await this.nodes.create(newNode('node-1'), []);
    });
  }

  assign(session: SessionRecord, to: { uid: string; name: string } = this.node): Promise<Assignment> {
    return new Assignments(this.sessions).assign(session.key, to);
  }

  async assigned(id?: string): Promise<SessionRecord> {
    const session = await this.sessions.create(placing(id));
    expect(await this.assign(session)).toBe('assigned');
    return session;
  }

  async state(key: string): Promise<SessionRecord['state'] | undefined> {
    return (await this.sessions.findByKey(key))?.state;
  }

  /** @throws Error if the node was removed */
  async report(changes: Partial<SessionsReport>, at = NOON + 1_000) {
    const report = { bootId: 'boot-1', seq: (this.seq += 1), live: [], ended: [], ...changes };
    const taken = await this.sessions.takeReport(this.node, report, at);
    if (taken === 'removed') throw new Error('the node was removed');
    return taken;
  }

  apply(id: string, to: SessionChange['state'], at = NOON + 500): Promise<void> {
    return this.sessions.applyChanges(this.node.uid, [{ id, state: to, at, by: 'system', reason: `it is ${to}` }]);
  }
}
