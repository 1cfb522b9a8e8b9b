import type { AlertKind, AlertPhase } from '../../contract/alerts.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

/** Something that somebody should be told of. */
export interface AlertSubject {
  /** A node's uid, a token's or a mass silence's id. */
  about: string;
  /** As people know it. */
  name: string;
  isNode: boolean;
  labels: Record<string, string>;
  since: EpochMs;
  /** One sentence. */
  what: string;
}

/** An alert that was raised. Of one kind no two are raised about the same. */
export interface AlertRecord extends AlertSubject {
  id: string;
  kind: AlertKind;
  raisedAt: EpochMs;
  /** When its cause ended: it is cleared once that has settled. Null while the cause lasts. */
  overSince: EpochMs | null;
  clearedAt: EpochMs | null;
}

export interface AlertQuery extends PageRequest {
  phase?: AlertPhase | undefined;
  /** Any of these; absent: all. */
  kinds?: readonly AlertKind[] | undefined;
}

export abstract class AlertStore {
  /** All that are raised and not cleared. */
  abstract open(): Promise<AlertRecord[]>;

  /** Raised ones and cleared ones, the latest first. @throws BadCursor */
  abstract list(query: AlertQuery): Promise<Page<AlertRecord>>;

  /** @returns false where one of its kind is raised about the same */
  abstract raise(alert: AlertRecord): Promise<boolean>;

  /** Its cause ended at this moment; null: it is back. */
  abstract noteOver(ids: readonly string[], since: EpochMs | null): Promise<void>;

  /** @returns false where it was cleared before */
  abstract clear(id: string, at: EpochMs): Promise<boolean>;
}
