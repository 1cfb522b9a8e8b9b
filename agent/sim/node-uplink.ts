import { Unavailable, type ControlPlane } from '../control-plane/control-plane.js';
import { aroundCalls } from './around-calls.js';

/** The way from one node to the control plane, which a fault may cut. */
export class NodeUplink {
  isCut = false;

  /** The plane, as reached this way: while it is cut every call fails as one does that gets no answer. */
  over(plane: ControlPlane): ControlPlane {
    return aroundCalls(plane, (call) =>
      this.isCut ? Promise.reject(new Unavailable('the simulation has cut this node off')) : call(),
    );
  }
}
