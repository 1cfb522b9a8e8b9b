import type { IdentityStore } from '../membership/identity-store.js';
import type { Identity } from '../membership/identity.js';

/** Identity of a simulated node, kept as long as the simulation, over restarts of the node's agent. */
export class MemoryIdentityStore implements IdentityStore {
  /** @param onJoined called when the node has joined for the first time */
  constructor(
    private readonly onJoined: () => void,
    private identity: Identity = { registration: null, candidate: null },
  ) {}

  get hasJoined(): boolean {
    return this.identity.registration !== null;
  }

  load(): Promise<Identity> {
    return Promise.resolve(this.identity);
  }

  save(identity: Identity): Promise<void> {
    const isNew = this.identity.registration === null && identity.registration !== null;
    this.identity = identity;
    if (isNew) this.onJoined();
    return Promise.resolve();
  }

  /** A copy, as if the machine's disk had been cloned. */
  copy(): MemoryIdentityStore {
    return new MemoryIdentityStore(() => undefined, structuredClone(this.identity));
  }
}
