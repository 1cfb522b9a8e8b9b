import type { AlertKind } from '../../contract/alerts.js';
import type { EpochMs } from '../../contract/states.js';
import type { AlertSubject } from './alert-store.js';

/** Search for causes of alerts. */
export interface AlertSearch {
  now: EpochMs;
  /** Latest beginning of the cause. */
  settledBy: EpochMs;
  /** How long before its expiry a token raises an alert, in milliseconds. */
  expiryMs: number;
  /** Subjects whose alert is raised already. */
  without: readonly string[];
  atMost: number;
}

/** Finds causes of alerts in the record. */
export abstract class AlertSubjects {
  abstract find(kind: AlertKind, search: AlertSearch): Promise<AlertSubject[]>;

  /** Those of the given subjects whose cause lasts. */
  abstract still(kind: AlertKind, abouts: readonly string[], now: EpochMs): Promise<Set<string>>;
}
