import type { EpochMs } from '../../contract/states.js';

/** One browser that is logged in. */
export interface LoginRecord {
  /** SHA-256 of what the browser's cookie holds, base64url: the cookie itself is nowhere. */
  id: string;
  /** The api token that it logged in with, by its public half. */
  tokenId: string;
  createdAt: EpochMs;
  /** The record disappears then. */
  expiresAt: EpochMs;
}

export abstract class LoginStore {
  abstract create(login: LoginRecord): Promise<void>;

  abstract find(id: string): Promise<LoginRecord | null>;

  /** Ending what is not there is no error. */
  abstract end(id: string): Promise<void>;
}
