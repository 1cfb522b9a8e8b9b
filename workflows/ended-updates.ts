import { isUnderWay, type DrainMemberOutcome, type DrainSetMember } from '../contract/drain-set.js';

/** What has become of a node whose agent was to be updated. */
export interface EndedUpdate {
  uid: string;
  name: string;
  outcome: { state: DrainMemberOutcome; reason: string };
}

/** Nodes whose update is over, and which are to be active again before they count as done. */
export class EndedUpdates {
  #all: EndedUpdate[] = [];

  get all(): readonly EndedUpdate[] {
    return this.#all;
  }

  /** The first outcome counts. */
  end(member: DrainSetMember | undefined, outcome: EndedUpdate['outcome']): void {
    if (!member || !isUnderWay(member) || this.#all.some(({ uid }) => uid === member.uid)) return;
    this.#all = [...this.#all, { uid: member.uid, name: member.name, outcome }];
  }

  /** The node is active again. */
  done(uid: string): void {
    this.#all = this.#all.filter((ended) => ended.uid !== uid);
  }
}
