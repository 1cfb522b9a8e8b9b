import { isUnderWay, type DrainMemberOutcome, type DrainSetMember } from '../contract/drain-set.js';

/** Outcome of the update of a node's agent. */
export interface EndedUpdate {
  uid: string;
  name: string;
  outcome: { state: DrainMemberOutcome; reason: string };
}

/** Nodes whose update is over, and which count as done once they are active again. */
export class EndedUpdates {
  #all: EndedUpdate[] = [];

  get all(): readonly EndedUpdate[] {
    return this.#all;
  }

  /** Records an outcome, unless the node has one already. */
  end(member: DrainSetMember | undefined, outcome: EndedUpdate['outcome']): void {
    if (!member || !isUnderWay(member) || this.#all.some(({ uid }) => uid === member.uid)) return;
    this.#all = [...this.#all, { uid: member.uid, name: member.name, outcome }];
  }

  /** Removes a node that is active again. */
  done(uid: string): void {
    this.#all = this.#all.filter((ended) => ended.uid !== uid);
  }
}
