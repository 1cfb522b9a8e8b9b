import { Unavailable, type ControlPlane } from '../control-plane.js';

/** The way from one node to the control plane, which a fault may cut. */
export class NodeUplink {
  isCut = false;

  /** The plane, as reached this way: while it is cut every call fails as one does that gets no answer. */
  over(plane: ControlPlane): ControlPlane {
    return new Proxy(plane, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown =>
          this.isCut ? Promise.reject(new Unavailable('the simulation has cut this node off')) : Reflect.apply(member, target, args);
      },
    });
  }
}
