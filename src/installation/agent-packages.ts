import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { InjectConfig } from '../process/config.js';
import { PROGRAM_HOME } from '../process/program.js';

/** The list of all packages with their checksums; it is a file beside them. */
export const CHECKSUMS = 'SHA256SUMS';
const LISTED = /^[0-9a-f]{64} {2}(\w[\w.+~-]*)$/gm;

/** Packages of the agent, as `npm run package` lays them into a folder. They may come and change while the api runs. */
@Injectable()
export class AgentPackages {
  readonly folder: string;

  constructor(@InjectConfig() config: Config) {
    this.folder = config.Orchestrator.API.PackagesDir ?? join(PROGRAM_HOME, 'dist', 'packages');
  }

  /** The checksum of the list, by which whoever knows it can tell each package; null where there are no packages. */
  async checksum(): Promise<string | null> {
    const list = await this.list();
    return list === null ? null : createHash('sha256').update(list).digest('hex');
  }

  /** Whether the folder has this to give: the list itself, and what it names. */
  async has(name: string): Promise<boolean> {
    const list = await this.list();
    if (list === null) return false;
    return name === CHECKSUMS || [...list.matchAll(LISTED)].some(([, listed]) => listed === name);
  }

  private list(): Promise<string | null> {
    return readFile(join(this.folder, CHECKSUMS), 'utf8').catch(() => null);
  }
}
