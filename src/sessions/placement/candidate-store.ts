import type { EpochMs } from '../../../contract/states.js';
import type { Candidate } from './candidate.js';

/** All living compute nodes as placement sees them. */
export abstract class CandidateStore {
  /** @param quietBefore a HEALTHY node that was last heard before this moment misses heartbeats */
  abstract read(quietBefore: EpochMs): Promise<Candidate[]>;
}
