import { cp, mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { INSTALLATION } from '../../embedded/installation.js';

/** Read by the supervisor, which finds its installation by its own path. */
const COPIED = ['package.json', 'docker-compose.yml', 'dist/embedded'];
const LINKED = ['node_modules', 'docker', 'dist/contract'];

/** An installation whose api and worker can be switched to another build at their next start, like an operator's link `current`. */
export class SwitchedInstallation {
  #switches = 0;

  private constructor(
    readonly folder: string,
    /** The `dist` of the current api and worker. */
    private build: string,
  ) {}

  /**
   * @param folder an empty folder
   * @param build the `dist` of the programs at first, and of the agents for good
   */
  static async make(folder: string, build: string): Promise<SwitchedInstallation> {
    await mkdir(join(folder, 'dist'));
    for (const path of COPIED) await cp(join(INSTALLATION, path), join(folder, path), { recursive: true });
    for (const path of LINKED) await symlink(join(INSTALLATION, path), join(folder, path));
    await symlink(join(build, 'agent'), join(folder, 'dist', 'agent'));
    const installation = new SwitchedInstallation(folder, build);
    await installation.switchTo(build);
    return installation;
  }

  get current(): string {
    return this.build;
  }

  async switchTo(build: string): Promise<void> {
    const link = join(this.folder, 'dist', 'src');
    const next = `${link}.${(this.#switches += 1)}`;
    await symlink(join(build, 'src'), next);
    await rename(next, link);
    this.build = build;
  }
}
