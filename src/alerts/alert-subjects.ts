import type { AlertKind } from '../../contract/alerts.js';
import type { EpochMs } from '../../contract/states.js';
import type { AlertSubject } from './alert-store.js';

/** What is to be found. */
export interface AlertSearch {
  now: EpochMs;
  /** It has been so since this moment at the latest. */
  settledBy: EpochMs;
  /** How long before its end a token is told of, in milliseconds. */
  expiryMs: number;
  /** Those of which an alert is raised already. */
  without: readonly string[];
  atMost: number;
}

/** What the record says that somebody should be told of. */
export abstract class AlertSubjects {
  abstract find(kind: AlertKind, search: AlertSearch): Promise<AlertSubject[]>;

  /** Those of these of which it is so still. */
  abstract still(kind: AlertKind, abouts: readonly string[], now: EpochMs): Promise<Set<string>>;
}
