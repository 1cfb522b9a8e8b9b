import type { Reach } from '../../auth/reach.js';
import type { Placeable } from '../../../contract/placement.js';
import type { PLACEMENT_STRATEGIES } from '../../../contract/schemas/sessions.js';
import type { SessionResources } from '../../../contract/sessions.js';
import type { Quiet } from '../../../contract/health.js';

/** A compute node as placement sees it. A node that said goodbye has a warning, like one that misses heartbeats. */
export interface Candidate extends Placeable {
  uid: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Resources that sessions may reserve in total, by the node's last report. */
  capacity: SessionResources;
  reserved: SessionResources;
  activeSessions: number;
  /** Whether its agent runs sessions. */
  runsSessions: boolean;
}

/** Requirements of a session to place. */
export interface Wish {
  resources: SessionResources;
  /** The node must have all of these. */
  labels: Readonly<Record<string, string>>;
  strategy: (typeof PLACEMENT_STRATEGIES)[number];
  /** Of the caller. */
  reach: Reach;
}

/** Access to all living compute nodes as candidates. */
export abstract class CandidateStore {
  /** @param quiet the rule by which a HEALTHY node has a warning */
  abstract read(quiet: Quiet): Promise<Candidate[]>;
}
