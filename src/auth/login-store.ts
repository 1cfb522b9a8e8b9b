import type { EpochMs } from '../../contract/states.js';
import type { KnownPerson } from './people/known-person.js';

/** A person who signed in at the identity provider, by its last answer. */
export interface LoggedInPerson extends KnownPerson {
  /** The provider's tokens, sealed with the login's secret, so that a dump of the database cannot use them. */
  sealed: string;
  /** When the provider was last asked; null where it gave no refresh token, and the login ends with the ID token. */
  checkedAt: EpochMs | null;
}

/** A login of a browser or a command line. */
export interface LoginRecord {
  /** SHA-256 of the cookie's or bearer's secret, base64url. */
  id: string;
  /** Id of the api token that it was made with. */
  tokenId?: string;
  /** The person, where it was made at the identity provider. */
  person?: LoggedInPerson;
  /** The provider did not answer, and is not asked again before this time. */
  unansweredUntil?: EpochMs;
  createdAt: EpochMs;
  /** When the record is deleted. */
  expiresAt: EpochMs;
}

export abstract class LoginStore {
  abstract create(login: LoginRecord): Promise<void>;

  abstract find(id: string): Promise<LoginRecord | null>;

  /** Ends a login; ignored where there is none. */
  abstract end(id: string): Promise<void>;

  /**
   * Claims the next check of a person, which only one request may make, since refresh tokens can be used once.
   * @param checkedAt time of the last check
   * @param until end of the claim
   */
  abstract claimCheck(id: string, checkedAt: EpochMs, now: EpochMs, until: EpochMs): Promise<boolean>;

  /** Records that the provider did not answer: it is not asked again before `until`. */
  abstract noteNoAnswer(id: string, until: EpochMs): Promise<void>;

  /** Records the provider's answer. */
  abstract noteCheck(id: string, person: LoggedInPerson): Promise<void>;
}
