import type {
  DrainBeginning,
  DrainLook,
  DrainLookRequest,
  DrainSetPorts,
  DrainSetProjection,
} from '../../../activities/drain-set-ports.js';
import {
  NO_OTHERS,
  type DrainMemberOutcome,
  type DrainSetMember,
  type DrainSetNode,
  type DrainSetRuling,
  type UnavailableOthers,
} from '../../../contract/drain-set.js';
import type { WindowLook } from '../../../contract/maintenance-window.js';
import type { EpochMs } from '../../../contract/states.js';
import { whyNot } from '../../../contract/transitions.js';
import type { NodeUnderTest } from './node-under-test.js';

/**
 * The ports of one drain set, in memory, for tests of the workflow alone; its nodes are lifecycles that really run.
 * It follows the rules of activities/drain-set-ports.ts.
 */
export class InMemoryDrainSetPorts implements DrainSetPorts {
  /** The set's ruling in the record. */
  ruling: DrainSetRuling | undefined;
  /** Names in the order in which their drains began. */
  readonly begun: string[] = [];
  /** Maximum number of concurrent drains. */
  mostAtOnce = 0;
  /** Their states as people see them. */
  members: DrainSetMember[] = [];
  projected: DrainSetProjection | undefined;
  /** Number of looks at each node. */
  readonly looks = new Map<string, number>();
  readonly #nodes = new Map<string, NodeUnderTest>();
  readonly #gone = new Set<string>();
  /** While true, MongoDB does not answer. */
  down = false;
  /** Number of answers of `begin` to lose after it was done. */
  lostAnswers = 0;

  /** The agents' reports of their updates, by uid. */
  readonly #updates = new Map<string, { state: 'UPDATED' | 'FAILED'; reason: string }>();
  readonly #unmanaged = new Set<string>();
  /** Whether the set updates agents. */
  isUpdate = false;
  /** Names of nodes whose updates were ended, in that order. */
  readonly ended: string[] = [];

  /** The set's maintenance window: until when it is open, and when it opens next. */
  hasWindow = false;
  openUntil: EpochMs | undefined;
  opensAt: EpochMs | undefined;
  looksAtWindow = 0;

  /** @param now by the record's clock */
  constructor(
    private readonly setId: string,
    private readonly maxUnavailable: number,
    private readonly now: () => Promise<EpochMs>,
  ) {}

  /** The node's agent reports the outcome of its update. */
  agentSays(node: NodeUnderTest, state: 'UPDATED' | 'FAILED', reason = ''): void {
    this.#updates.set(node.uid, { state, reason });
  }

  /** The node's agent does not accept updates. */
  unmanaged(node: NodeUnderTest): void {
    this.#unmanaged.add(node.uid);
  }

  add(node: NodeUnderTest): void {
    this.#nodes.set(node.uid, node);
  }

  /** Removes the node from the record. */
  removed(node: NodeUnderTest): void {
    this.#gone.add(node.uid);
  }

  state(node: NodeUnderTest): DrainSetMember | undefined {
    return this.members.find(({ uid }) => uid === node.uid);
  }

  drainSets = {
    project: async (projection: DrainSetProjection): Promise<void> => {
      this.#reach();
      if (projection.revision <= (this.projected?.revision ?? 0)) return;
      this.projected = projection;
      for (const { index, member } of projection.changes) this.members[index] = member;
    },
  };

  drainSetNodes = {
    begin: async (setId: string, { uid }: DrainSetNode): Promise<DrainBeginning> => {
      this.#reach();
      if (this.#gone.has(uid)) return { is: 'over', state: 'REMOVED', reason: '' };
      const node = this.#node(uid);
      const { availability } = node.decision;
      if (this.#isOurs(uid)) return { is: 'begun', seq: availability.seq };
      if (this.ruling && this.ruling.value !== 'resume') return { is: 'held', ruling: this.ruling };
      if (await this.#isClosed()) return { is: 'full', others: NO_OTHERS };
      if (this.#unmanaged.has(uid)) return { is: 'over', state: 'NOT_MANAGED', reason: '' };
      if (await this.#isFullFor(uid)) return { is: 'full', others: this.#others };
      const { phase, liveness } = await node.settled();
      const fault = whyNot('deactivate', {
        id: node.input.nodeId,
        type: 'Compute',
        phase,
        liveness: liveness.value,
        activeSessions: 0,
      });
      if (fault)
        return {
          is: 'over',
          state: fault.code === 'NODE_DRAINING' || fault.code === 'NODE_DRAINED' ? 'ALREADY' : 'SKIPPED',
          reason: fault.detail,
        };
      const { seq } = await node.decide('deactivate', { by: 'ada', reason: `drain set ${setId}` });
      this.begun.push(node.input.nodeId);
      this.mostAtOnce = Math.max(this.mostAtOnce, await this.#countDraining());
      if (this.lostAnswers > 0) {
        this.lostAnswers -= 1;
        throw new Error('the answer was lost');
      }
      return { is: 'begun', seq };
    },
    look: async ({ draining, unsure, next }: DrainLookRequest): Promise<DrainLook> => {
      for (const uid of draining) this.looks.set(uid, (this.looks.get(uid) ?? 0) + 1);
      this.#reach();
      const over = draining.flatMap((uid) => {
        const outcome = this.#outcome(uid);
        return outcome ? [{ uid, ...outcome }] : [];
      });
      const begun = unsure.flatMap((uid) =>
        this.#isOurs(uid) ? [{ uid, seq: this.#node(uid).decision.availability.seq }] : [],
      );
      const updating = draining.filter((uid) => this.isUpdate && this.#isDrained(uid));
      return {
        updating,
        over,
        begun,
        others: this.#others,
        full: next !== undefined && ((await this.#isFullFor(next)) || (await this.#isClosed())),
      };
    },
    window: async (): Promise<WindowLook> => {
      this.#reach();
      this.looksAtWindow += 1;
      return (await this.#isClosed())
        ? { ...(this.opensAt !== undefined && { opensAt: this.opensAt }) }
        : { until: this.openUntil! };
    },
    release: async (setId: string, { uid }: DrainSetNode, seq: number): Promise<void> => {
      this.#reach();
      const node = this.#node(uid);
      if (
        node.decision.availability.seq !== seq ||
        node.decision.removal !== undefined ||
        (await node.settled()).phase !== 'DRAINING'
      )
        return;
      await node.decide('activate', { by: this.ruling?.by ?? '', reason: `${setId} cancelled` });
    },
    endUpdate: async (_setId: string, { uid, name }: DrainSetNode): Promise<void> => {
      this.#reach();
      this.ended.push(name);
      if (!this.#gone.has(uid) && this.#isOurs(uid))
        await this.#node(uid).decide('activate', { by: 'ada', reason: 'updated' });
    },
    hold: async (_setId: string, seq: number): Promise<DrainSetRuling> => {
      this.#reach();
      const latest = this.ruling ?? { seq: 0, value: 'resume', at: 0, by: '' };
      if (latest.seq === seq) this.ruling = { seq: seq + 1, value: 'hold', at: latest.at, by: 'system' };
      return this.ruling ?? latest;
    },
  };

  async #isClosed(): Promise<boolean> {
    return this.hasWindow && (this.openUntil ?? 0) <= (await this.now());
  }

  #isDrained(uid: string): boolean {
    const node = this.#node(uid);
    const view = node.ports.latest?.view;
    return view?.seq === node.decision.seq && view.phase === 'DRAINED';
  }

  /** The record's report of a node's drain; undefined while it drains. */
  #outcome(uid: string): { state: DrainMemberOutcome; reason: string } | undefined {
    if (this.#gone.has(uid)) return { state: 'REMOVED', reason: '' };
    const node = this.#node(uid);
    const { approval, availability } = node.decision;
    if (approval.value === 'REJECTED') return { state: 'REJECTED', reason: `by ${approval.by}` };
    if (availability.value === 'ACTIVE')
      return {
        state: availability.reason === `${this.setId} cancelled` ? 'RELEASED' : 'ACTIVATED',
        reason: `by ${availability.by}`,
      };
    if (!this.#isDrained(uid)) return undefined;
    return this.isUpdate ? this.#updates.get(uid) : { state: 'DRAINED', reason: '' };
  }

  #isOurs(uid: string): boolean {
    const { availability, approval } = this.#node(uid).decision;
    return approval.value === 'APPROVED' && availability.reason === `drain set ${this.setId}`;
  }

  /** Why a node is unavailable for reasons other than the set. */
  #why(node: NodeUnderTest): string | undefined {
    if (this.#gone.has(node.uid) || this.#isOurs(node.uid)) return undefined;
    const { approval, availability } = node.decision;
    if (approval.value === 'PENDING') return undefined;
    if (approval.value === 'REJECTED') return 'REJECTED';
    if (availability.value === 'DRAINED') return 'DRAINING';
    const liveness = node.ports.latest?.view.liveness.value;
    return liveness === 'HEALTHY' ? undefined : liveness;
  }

  get #others(): UnavailableOthers {
    const named = [...this.#nodes.values()].flatMap((node) => {
      const why = this.#why(node);
      return why ? [{ name: node.input.nodeId, why }] : [];
    });
    return { count: named.length, named };
  }

  async #isFullFor(uid: string): Promise<boolean> {
    const node = this.#node(uid);
    if (this.#gone.has(uid) || node.decision.approval.value === 'PENDING' || this.#why(node)) return false;
    return (await this.#countDraining()) + this.#others.count >= this.maxUnavailable;
  }

  async #countDraining(): Promise<number> {
    const ours = [...this.#nodes.values()].filter(({ uid }) => !this.#gone.has(uid) && this.#isOurs(uid));
    const phases = await Promise.all(ours.map(async (node) => (await node.settled()).phase));
    return phases.filter((phase) => phase === 'DRAINING' || this.isUpdate).length;
  }

  #node(uid: string): NodeUnderTest {
    const node = this.#nodes.get(uid);
    if (!node) throw new Error(`the set has no node ${uid}`);
    return node;
  }

  #reach(): void {
    if (this.down) throw new Error('MongoDB does not answer');
  }
}
