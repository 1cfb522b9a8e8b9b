import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { whyFileFailed } from '../process/file-errors.js';
import type { Log } from '../process/log.js';

/** Why the node took itself out: a command on its machine, the end of its agent, or its provider's notice. */
const DRAIN_CAUSES = ['command', 'shutdown', 'notice'] as const;
export type DrainCause = (typeof DRAIN_CAUSES)[number];

/** Records that the node took itself out, and why. It outlives the process, so that the next one knows what to bring back. */
export interface DrainNote {
  /** Uid of the node: another node that gets the folder has decided nothing. */
  uid: string;
  cause: DrainCause;
}

/** The note in the state folder. If it cannot be written, the node merely does not come back by itself. */
export class DrainNoteFile {
  private readonly path: string;

  constructor(
    stateDir: string,
    private readonly log: Log,
  ) {
    this.path = join(stateDir, 'own-drain.json');
  }

  /** Undefined if there is no readable note. */
  async read(uid: string): Promise<DrainNote | undefined> {
    const text = await readFile(this.path, 'utf8').catch(() => 'null');
    const note = parsed(text);
    return note?.uid === uid ? note : undefined;
  }

  /** @param note undefined if there is nothing to bring back */
  async write(note: DrainNote | undefined): Promise<void> {
    try {
      if (note === undefined) return await rm(this.path, { force: true });
      await writeFile(`${this.path}.new`, `${JSON.stringify(note)}\n`, { mode: 0o600, flush: true });
      await rename(`${this.path}.new`, this.path);
    } catch (error) {
      this.log.warn(
        `${this.path} cannot be written, and the next start may not bring the node back: ${whyFileFailed(error)}`,
      );
    }
  }
}

function parsed(text: string): DrainNote | undefined {
  try {
    const { uid, cause } = JSON.parse(text) as Partial<DrainNote>;
    const known = DRAIN_CAUSES.find((word) => word === cause);
    return typeof uid === 'string' && known !== undefined ? { uid, cause: known } : undefined;
  } catch {
    return undefined;
  }
}
