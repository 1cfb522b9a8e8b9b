import { MAX_ENDED_PER_REPORT } from '../../contract/schemas/sessions.js';
import type { Log } from '../process/log.js';
import { whyFileFailed } from '../process/file-errors.js';
import type { SessionFolders } from './session-folders.js';
import type { EndedSession } from './session-engine.js';

/** Maximum number of unreported ends. While the cluster is away there may be many, and each may hold a preview. */
const MAX_UNHEARD = 2_000;
/** Number of ids remembered after the cluster has heard of their end: an answer on its way may still name them. */
const MAX_REMEMBERED = 2_000;

/** Outcomes of sessions, kept until the cluster has heard of them: on disk, so that a restart of the agent loses none. */
export class EndedSessions {
  private readonly unheard = new Map<string, EndedSession>();
  private readonly remembered = new Set<string>();

  constructor(
    private readonly folders: SessionFolders,
    private readonly log: Log,
  ) {}

  get size(): number {
    return this.unheard.size;
  }

  /** Whether a session of this id has ended here, and so is not started again. */
  has(id: string): boolean {
    return this.unheard.has(id) || this.remembered.has(id);
  }

  /** An engine reuses an id. */
  reuse(id: string): void {
    this.remembered.delete(id);
  }

  /** As many as fit into a report. */
  next(): EndedSession[] {
    return [...this.unheard.values()].slice(0, MAX_ENDED_PER_REPORT);
  }

  /** @param isKept whether it is on disk already */
  async add(ended: EndedSession, isKept = false): Promise<void> {
    this.unheard.delete(ended.id);
    this.unheard.set(ended.id, ended);
    const [oldest] = this.unheard.keys();
    if (this.unheard.size > MAX_UNHEARD && oldest !== undefined) await this.heard(oldest);
    if (isKept) return;
    // Without a note the end is still reported, unless the agent restarts before: then the session is LOST.
    await this.folders
      .end(ended)
      .catch((error: unknown) =>
        this.log.error(`the end of session ${ended.id} could not be kept: ${whyFileFailed(error)}`),
      );
  }

  /** The cluster has heard of its end. */
  async heard(id: string): Promise<void> {
    this.unheard.delete(id);
    this.remembered.add(id);
    const [oldest] = this.remembered;
    if (this.remembered.size > MAX_REMEMBERED && oldest !== undefined) this.remembered.delete(oldest);
    await this.folders
      .forget(id)
      .catch((error: unknown) =>
        this.log.warn(`the folder of session ${id} could not be removed: ${whyFileFailed(error)}`),
      );
  }
}
