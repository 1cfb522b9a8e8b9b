import type { IdentityStore } from '../membership/identity-store.js';
import type { Identity } from '../membership/identity.js';

/** The identity of a simulated node: it lasts as long as the simulation, over the deaths and returns of the node's agent. */
export class MemoryIdentityStore implements IdentityStore {
  /** @param onJoined is told when the node has joined for the first time */
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

  /** As somebody gets it who copies the machine's disk. */
  copy(): MemoryIdentityStore {
    return new MemoryIdentityStore(() => undefined, structuredClone(this.identity));
  }
}
