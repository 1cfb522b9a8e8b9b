import type { DrainSetRuling } from '../../contract/drain-set.js';
import type { Page, PageRequest } from '../http/page.js';
import type { DrainSetRecord } from './drain-set-record.js';

/** Whether the nodes of a set stay drained, or their agents are updated meanwhile. */
export type DrainSetKind = 'drain' | 'update';

/** A set that runs within a maintenance window. Without its members, of whom there may be thousands. */
export interface SetWithin extends Pick<DrainSetRecord, 'id' | 'update'> {
  window: string;
  /** Nodes whose turn has not come. */
  queued: { count: number; names: string[] };
}

/** The record of drain sets, majority writes. */
export abstract class DrainSetStore {
  abstract create(set: DrainSetRecord): Promise<void>;

  abstract find(id: string): Promise<DrainSetRecord | null>;

  /**
   * The latest first.
   * @throws BadCursor
   */
  abstract list(kind: DrainSetKind, page: PageRequest): Promise<Page<DrainSetRecord>>;

  /**
   * Makes a ruling that follows the one with `expectedSeq`, where that is the latest still and the set is not over.
   * @returns `conflict` where somebody else ruled meanwhile, or the set has ended: read it anew.
   */
  abstract rule(
    id: string,
    expectedSeq: number,
    ruling: Omit<DrainSetRuling, 'seq'>,
  ): Promise<DrainSetRecord | 'conflict'>;

  /** Sets whose workflow has not applied what was ruled last: it was not started, or not told. */
  abstract untold(): Promise<DrainSetRecord[]>;

  /** Sets that are not over. */
  abstract unfinished(): Promise<DrainSetRecord[]>;

  /** Sets that are not over and run within a maintenance window: of this one, or of any. The first that were made first. */
  abstract within(window?: string): Promise<SetWithin[]>;
}
