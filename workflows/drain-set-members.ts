import type { DrainSetProjection } from '../activities/drain-set-ports.js';
import { countMembers, isUnderWay, type DrainSetMember } from '../contract/drain-set.js';
import type { EpochMs } from '../contract/states.js';

/** The nodes of a drain set in the order of their turns, and which of them have changed since they were projected. */
export class DrainSetMembers {
  readonly #all: DrainSetMember[];
  /** Indexes of members whose change has not been projected yet. */
  #changed: number[];

  /** Every run projects all members once, since the record may be older. */
  constructor(members: readonly DrainSetMember[]) {
    this.#all = members.map((member) => ({ ...member }));
    this.#changed = [...this.#all.keys()];
  }

  get all(): DrainSetMember[] {
    return this.#all;
  }

  get counts(): ReturnType<typeof countMembers> {
    return countMembers(this.#all);
  }

  get queued(): DrainSetMember[] {
    return this.#all.filter(({ state }) => state === 'QUEUED');
  }

  get draining(): DrainSetMember[] {
    return this.#all.filter(({ state }) => state === 'DRAINING');
  }

  /** Members that drain, and members whose agents are being updated. */
  get underWay(): DrainSetMember[] {
    return this.#all.filter(isUnderWay);
  }

  /** The member whose turn is next. */
  get first(): DrainSetMember | undefined {
    return this.#all.find(({ state }) => state === 'QUEUED');
  }

  find(uid: string): DrainSetMember | undefined {
    return this.#all.find((member) => member.uid === uid);
  }

  /** @returns whether the node is a member */
  become(uid: string, change: Pick<DrainSetMember, 'state' | 'reason'> & { seq?: number }, now: EpochMs): boolean {
    const index = this.#all.findIndex((member) => member.uid === uid);
    const member = this.#all[index];
    if (!member) return false;
    this.#all[index] = { ...member, ...change, since: now };
    if (!this.#changed.includes(index)) this.#changed = [...this.#changed, index];
    return true;
  }

  /** Changes to project. */
  get changes(): DrainSetProjection['changes'] {
    return this.#changed.flatMap((index) => this.#all.slice(index, index + 1).map((member) => ({ index, member })));
  }

  /** Marks changes as projected; members that changed meanwhile remain. */
  told(changes: DrainSetProjection['changes']): void {
    const current = changes.filter(({ index, member }) => this.#all[index] === member).map(({ index }) => index);
    this.#changed = this.#changed.filter((index) => !current.includes(index));
  }
}
