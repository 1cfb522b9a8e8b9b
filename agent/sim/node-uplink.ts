import { Unavailable, type ControlPlane } from '../control-plane/control-plane.js';
import { aroundCalls } from './around-calls.js';

/** A node's connection to the control plane, which a fault may cut. */
export class NodeUplink {
  isCut = false;

  /** The plane over this connection: while it is cut every call fails as if there were no answer. */
  over(plane: ControlPlane): ControlPlane {
    return aroundCalls(plane, (call) =>
      this.isCut ? Promise.reject(new Unavailable('the simulation has cut this node off')) : call(),
    );
  }
}
