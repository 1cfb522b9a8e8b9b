import type { DrainSetRuling } from '../../contract/drain-set.js';
import type { Page, PageRequest } from '../http/page.js';
import type { DrainSetRecord } from './drain-set-record.js';

/** Kind of a set: a drain, or an agent update. */
export type DrainSetKind = 'drain' | 'update';

/** A set that runs within a maintenance window, without its members: there may be thousands. */
export interface SetWithin extends Pick<DrainSetRecord, 'id' | 'update' | 'notBefore'> {
  window: string;
  /** Nodes whose turn has not come. */
  queued: { count: number; names: string[] };
}

/** Records of drain sets, with majority writes. */
export abstract class DrainSetStore {
  abstract create(set: DrainSetRecord): Promise<void>;

  abstract find(id: string): Promise<DrainSetRecord | null>;

  /**
   * The latest first.
   * @throws BadCursor
   */
  abstract list(kind: DrainSetKind, page: PageRequest): Promise<Page<DrainSetRecord>>;

  /**
   * Records a ruling that follows the one with `expectedSeq`.
   * @returns `conflict` where that is no longer the latest, or the set is over: read it again
   */
  abstract rule(
    id: string,
    expectedSeq: number,
    ruling: Omit<DrainSetRuling, 'seq'>,
  ): Promise<DrainSetRecord | 'conflict'>;

  /** Sets whose workflow has not applied the latest ruling: it was not started, or not told. */
  abstract untold(): Promise<DrainSetRecord[]>;

  /** Sets that are not over. */
  abstract unfinished(): Promise<DrainSetRecord[]>;

  /** Sets that are not over and run within a maintenance window: of this one, or of any. The first that were made first. */
  abstract within(window?: string): Promise<SetWithin[]>;
}
