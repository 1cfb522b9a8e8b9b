import type { AlertKind, AlertPhase } from '../../contract/alerts.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

/** A cause of an alert. */
export interface AlertSubject {
  /** Uid of a node, or id of a token or a mass silence. */
  about: string;
  /** Its name for people. */
  name: string;
  isNode: boolean;
  labels: Record<string, string>;
  since: EpochMs;
  /** Description, one sentence. */
  what: string;
}

/** An alert. Only one of a kind is raised about a subject. */
export interface AlertRecord extends AlertSubject {
  id: string;
  kind: AlertKind;
  raisedAt: EpochMs;
  /** When its cause ended; null while it lasts. The alert is cleared once the end has settled. */
  overSince: EpochMs | null;
  clearedAt: EpochMs | null;
}

export interface AlertQuery extends PageRequest {
  phase?: AlertPhase | undefined;
  /** Kinds to list; absent for all. */
  kinds?: readonly AlertKind[] | undefined;
}

export abstract class AlertStore {
  /** All raised alerts. */
  abstract open(): Promise<AlertRecord[]>;

  /** Raised and cleared alerts, latest first. @throws BadCursor */
  abstract list(query: AlertQuery): Promise<Page<AlertRecord>>;

  /** @returns false where one of its kind is raised about the same subject */
  abstract raise(alert: AlertRecord): Promise<boolean>;

  /** Records when the cause ended; null where it is back. */
  abstract noteOver(ids: readonly string[], since: EpochMs | null): Promise<void>;

  /** @returns false where it was cleared already */
  abstract clear(id: string, at: EpochMs): Promise<boolean>;
}
