import type { Quiet } from '../../../contract/health.js';
import type { Candidate } from './candidate.js';

/** All living compute nodes as placement sees them. */
export abstract class CandidateStore {
  /** @param quiet what makes a HEALTHY node one with a warning */
  abstract read(quiet: Quiet): Promise<Candidate[]>;
}
