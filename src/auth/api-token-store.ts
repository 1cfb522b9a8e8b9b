import type { ScopedGrant } from '../../contract/grants.js';
import type { Role } from '../../contract/roles.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

/** A secret that another has replaced. */
export interface FormerSecret {
  /** SHA-256, base64url. */
  secretHash: string;
  until: EpochMs;
}

export interface ApiTokenRecord {
  id: string;
  /** Who acts with it, as events name them. */
  name: string;
  /** Holds everywhere. */
  role: Role;
  /** A role over the nodes of a scope. `role` is `viewer` then, so that an older api takes the holder for a viewer. */
  grant?: ScopedGrant;
  /** SHA-256 of the secret, base64url. */
  secretHash: string;
  /** The secret from before the latest rotation, while it still works. */
  former?: FormerSecret;
  createdAt: EpochMs;
  createdBy: string;
  /** Null: never. */
  expiresAt: EpochMs | null;
  /** Null: never. To the minute. */
  lastUsedAt: EpochMs | null;
  revokedAt: EpochMs | null;
}

/** A use within this time of one that was written down is not written down, in milliseconds. */
export const USE_NOTED_EVERY_MS = 60_000;

/** A token that works has this name already: two people of one name could not be told apart. */
export class TokenNameTaken extends Error {
  override readonly name = 'TokenNameTaken';

  constructor(readonly tokenName: string) {
    super(`another token that works is named ${tokenName}`);
  }
}

export abstract class ApiTokenStore {
  /**
   * @returns `exists` where a token has this id already; nothing is changed then.
   * @throws TokenNameTaken
   */
  abstract create(token: ApiTokenRecord): Promise<'created' | 'exists'>;

  /** Revoked and expired ones too: whoever asks tells people which it is. */
  abstract find(id: string): Promise<ApiTokenRecord | null>;

  /** The latest first. @throws BadCursor */
  abstract list(page: PageRequest): Promise<Page<ApiTokenRecord>>;

  /** Writes down that the token was used, unless that was written within the last minute. */
  abstract noteUse(id: string, at: EpochMs): Promise<void>;

  /**
   * Gives a token that works another secret, and another end.
   * @param before the hash of the secret that it has
   * @returns null where it works no more, or has another secret meanwhile
   */
  abstract rotate(
    id: string,
    before: string,
    after: Pick<ApiTokenRecord, 'secretHash' | 'expiresAt'> & { former: FormerSecret },
  ): Promise<ApiTokenRecord | null>;

  /** @returns `revoked before` where that was so, and null where there is no such token. */
  abstract revoke(id: string, at: EpochMs): Promise<'revoked' | 'revoked before' | null>;

  /**
   * Whether another administrator's token is good until `until`, however many are revoked at the same moment: within a unit of work it is
   * written as the one that stays.
   */
  abstract keepAnotherAdministrator(id: string, until: EpochMs): Promise<boolean>;
}
