import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { InjectConfig } from '../process/config.js';
import { PROGRAM_HOME } from '../process/program.js';

/** The file with the checksums of all packages, beside them. */
export const CHECKSUMS = 'SHA256SUMS';
/** Its signature by the operator's key; absent where the packages are not signed. */
const SIGNATURE = `${CHECKSUMS}.sig`;
const LISTED = /^[0-9a-f]{64} {2}(\w[\w.+~-]*)$/gm;
const ARCHIVE = /^rollcall-agent_(.+)_[a-z0-9]+\.tar\.gz$/;

/** Packages of the agent in a folder, as built by `npm run package`. They may change while the api runs. */
@Injectable()
export class AgentPackages {
  readonly folder: string;

  constructor(@InjectConfig() config: Config) {
    this.folder = config.Orchestrator.API.PackagesDir ?? join(PROGRAM_HOME, 'dist', 'packages');
  }

  /** Checksum of the list, which verifies each package; null where there are no packages. */
  async checksum(): Promise<string | null> {
    const list = await this.list();
    return list === null ? null : createHash('sha256').update(list).digest('hex');
  }

  /** Whether this file may be served: the list itself, its signature, and the packages that it names. */
  async has(name: string): Promise<boolean> {
    const list = await this.list();
    if (list === null) return false;
    if (name === SIGNATURE) return this.isSigned();
    return name === CHECKSUMS || [...list.matchAll(LISTED)].some(([, listed]) => listed === name);
  }

  /** Whether there is a signature. Only agents can verify it. */
  isSigned(): Promise<boolean> {
    return access(join(this.folder, SIGNATURE)).then(
      () => true,
      () => false,
    );
  }

  /** Versions of the agent with an archive for any architecture. */
  async versions(): Promise<string[]> {
    const names = [...((await this.list()) ?? '').matchAll(LISTED)].map(([, name = '']) => name);
    return [...new Set(names.flatMap((name) => ARCHIVE.exec(name)?.[1] ?? []))];
  }

  private list(): Promise<string | null> {
    return readFile(join(this.folder, CHECKSUMS), 'utf8').catch(() => null);
  }
}
