import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EXIT, FatalError } from '../process/exit-codes.js';
import { whyFileFailed } from '../process/file-errors.js';
import { isPrivateKey, type Identity, type Registration } from './identity.js';

/** Where the node's identity is kept across restarts. */
export interface IdentityStore {
  /** The identity; an empty one for a node that never had any. */
  load(): Promise<Identity>;
  /** Resolves once the identity would survive a power cut. */
  save(identity: Identity): Promise<void>;
}

/** A file that only its owner can read. It is replaced atomically: readers see the old text or the new one. */
export class FileIdentityStore implements IdentityStore {
  readonly path: string;

  constructor(stateDir: string) {
    this.path = join(stateDir, 'identity.json');
  }

  /** @throws FatalError if the file exists but is unreadable: a new identity in its place would orphan the node's old one */
  async load(): Promise<Identity> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { registration: null, candidate: null };
      throw new FatalError(`This node's identity, ${this.path}, cannot be read: ${whyFileFailed(error)}`, EXIT.failed);
    }
    const identity = parseIdentity(text);
    if (!identity) {
      throw new FatalError(
        `This node's identity, ${this.path}, is damaged: restore it from a copy, or move it away and set Compute.Auth.Token to a new token to join again`,
        EXIT.failed,
      );
    }
    return identity;
  }

  /** @throws FatalError with the reason if it could not be written */
  async save(identity: Identity): Promise<void> {
    const temporary = `${this.path}.${randomUUID()}`;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify({ version: 1, ...identity }, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.path);
      await syncFolder(dirname(this.path));
    } catch (error) {
      await rm(temporary, { force: true });
      throw new FatalError(
        `This node's identity cannot be written to ${this.path}: ${whyFileFailed(error)}; make room there, or set Compute.StateDir to another folder`,
        EXIT.failed,
      );
    }
  }
}

/** The rename is durable only once the folder is synced. Windows has no such call, and does not need it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function parseIdentity(text: string): Identity | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, registration, candidate } = value as Partial<Identity> & { version?: unknown };
  if (version !== 1) return undefined;
  if (registration !== null && !isRegistration(registration)) return undefined;
  if (candidate !== null && !isPrivateKey(candidate)) return undefined;
  return { registration, candidate };
}

function isRegistration(value: unknown): value is Registration {
  if (typeof value !== 'object' || value === null) return false;
  const { id, uid, privateKey, tokenFingerprint, orchestrator, registeredAt } = value as Partial<Registration>;
  return (
    [id, uid, tokenFingerprint, orchestrator, registeredAt].every((text) => typeof text === 'string' && text !== '') &&
    isPrivateKey(privateKey)
  );
}
