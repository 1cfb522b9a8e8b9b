import type { Placeable } from '../../../contract/placement.js';
import type { PLACEMENT_STRATEGIES } from '../../../contract/schemas/sessions.js';
import type { SessionResources } from '../../../contract/sessions.js';
import type { Quiet } from '../../../contract/health.js';

/** A compute node as placement sees it: whether it may get sessions, and what is free on it. Who said goodbye has a warning, as who misses heartbeats. */
export interface Candidate extends Placeable {
  uid: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  /** All that sessions may reserve, as the node last reported. */
  capacity: SessionResources;
  reserved: SessionResources;
  activeSessions: number;
  /** Its agent runs what is placed on it. */
  runsSessions: boolean;
}

/** What somebody wants placed. */
export interface Wish {
  resources: SessionResources;
  /** The node must have all of these. */
  labels: Readonly<Record<string, string>>;
  strategy: (typeof PLACEMENT_STRATEGIES)[number];
}

/** All living compute nodes as placement sees them. */
export abstract class CandidateStore {
  /** @param quiet what makes a HEALTHY node one with a warning */
  abstract read(quiet: Quiet): Promise<Candidate[]>;
}
