import type { AlertKind } from '../../contract/alerts.js';
import type { EpochMs } from '../../contract/states.js';
import type { AlertSubject } from './alert-store.js';

/** What to look for. */
export interface AlertSearch {
  now: EpochMs;
  /** It began at this moment or before. */
  settledBy: EpochMs;
  /** How long before its end a token is told of, in milliseconds. */
  expiryMs: number;
  /** Those of which an alert is raised already. */
  without: readonly string[];
  atMost: number;
}

/** Finds in the record what somebody should be told of. */
export abstract class AlertSubjects {
  abstract find(kind: AlertKind, search: AlertSearch): Promise<AlertSubject[]>;

  /** Which of these still need an alert. */
  abstract still(kind: AlertKind, abouts: readonly string[], now: EpochMs): Promise<Set<string>>;
}
