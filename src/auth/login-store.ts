import type { EpochMs } from '../../contract/states.js';
import type { KnownPerson } from './people/known-person.js';

/** Somebody who signed in at the identity provider, as it was said when it was last asked. */
export interface LoggedInPerson extends KnownPerson {
  /** What the provider gave for them, sealed with the login's secret: the database alone cannot ask for more. */
  sealed: string;
  /** When the provider was last asked; null: it gave nothing to ask by, and the login is as short as what it gave. */
  checkedAt: EpochMs | null;
}

/** One browser or command line that is logged in. */
export interface LoginRecord {
  /** SHA-256 of what the cookie or the bearer holds, base64url: neither is kept. */
  id: string;
  /** The api token that it logged in with, by its public half. */
  tokenId?: string;
  /** Or who signed in at the identity provider. */
  person?: LoggedInPerson;
  /** The provider has not answered about the person, and is not asked again before. */
  unansweredUntil?: EpochMs;
  createdAt: EpochMs;
  /** The record disappears then. */
  expiresAt: EpochMs;
}

export abstract class LoginStore {
  abstract create(login: LoginRecord): Promise<void>;

  abstract find(id: string): Promise<LoginRecord | null>;

  /** Ending what is not there is no error. */
  abstract end(id: string): Promise<void>;

  /**
   * Of all who find that a person is to be asked about, one does it: a refresh token is good once.
   * @param checkedAt when they were asked about last
   * @param until nobody else gets it before
   */
  abstract claimCheck(id: string, checkedAt: EpochMs, now: EpochMs, until: EpochMs): Promise<boolean>;

  /** The provider did not answer whoever claimed the check: nobody asks again before. */
  abstract noteNoAnswer(id: string, until: EpochMs): Promise<void>;

  /** What the provider said. */
  abstract noteCheck(id: string, person: LoggedInPerson): Promise<void>;
}
