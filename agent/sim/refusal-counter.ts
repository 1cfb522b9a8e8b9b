import { Refused, type ControlPlane } from '../control-plane/control-plane.js';
import { aroundCalls } from './around-calls.js';

/** Counts what the control plane refuses, by the error codes of its answers. */
export class RefusalCounter {
  readonly byCode: Record<string, number> = {};

  /** The plane, its refusals counted on their way. */
  over(plane: ControlPlane): ControlPlane {
    return aroundCalls(plane, (call) => call().catch((error: unknown) => this.count(error)));
  }

  private count(error: unknown): never {
    if (error instanceof Refused) this.byCode[error.fault.code] = (this.byCode[error.fault.code] ?? 0) + 1;
    throw error;
  }
}
