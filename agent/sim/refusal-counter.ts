import { Refused, type ControlPlane } from '../control-plane/control-plane.js';
import { aroundCalls } from './around-calls.js';

/** Counts the control plane's refusals by error code. */
export class RefusalCounter {
  readonly byCode: Record<string, number> = {};

  /** Returns the plane with its refusals counted. */
  over(plane: ControlPlane): ControlPlane {
    return aroundCalls(plane, (call) => call().catch((error: unknown) => this.count(error)));
  }

  private count(error: unknown): never {
    if (error instanceof Refused) this.byCode[error.fault.code] = (this.byCode[error.fault.code] ?? 0) + 1;
    throw error;
  }
}
