import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** $0 is a folder, $1 one that is to be /srv/packages. Everything is gone with the process. */
const LAY = `
cd "$0"; mkdir up work root
mount -t overlay overlay -o lowerdir=/,upperdir=up,workdir=work root
mount --bind /proc root/proc; mount --rbind /dev root/dev
mkdir -p root/srv/packages; mount --bind "$1" root/srv/packages
rm -rf root/etc/rollcall root/var/lib/rollcall-agent root/run/systemd/system
echo laid; exec sleep infinity`;

/** Why there can be none here, for the name of what is skipped; undefined where there can. */
export function whyNoInstalledSystem(): string | undefined {
  try {
    const lay =
      'd=$(mktemp -d); cd $d; mkdir up work root; mount -t overlay o -o lowerdir=/,upperdir=up,workdir=work root';
    execFileSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-ec', lay], { stdio: 'ignore' });
    execFileSync('dpkg-deb', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'root, overlay mounts and dpkg are needed';
  }
}

/** This machine as it would be if packages were installed on it: what is written there is written elsewhere, and goes with it. */
export class InstalledSystem {
  private constructor(
    private readonly folder: string,
    private readonly holder: ChildProcess,
  ) {}

  /** @param packages is /srv/packages there */
  static async open(packages: string): Promise<InstalledSystem> {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-system-'));
    const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-ec', LAY, folder, packages], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout as NodeJS.ReadableStream, 'data');
    return new InstalledSystem(folder, holder);
  }

  /** What a line of sh prints there. @throws Error with what it said where it fails */
  async sh(line: string): Promise<string> {
    const { stdout } = await promisify(execFile)('nsenter', this.into(line), { env: ENVIRONMENT, maxBuffer: 2 ** 26 });
    return stdout;
  }

  /** Starts a line of sh there. */
  start(line: string, env: Record<string, string> = {}): ChildProcess {
    return spawn('nsenter', this.into(`exec ${line}`), {
      env: { ...ENVIRONMENT, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Files that differ from those of the machine and have to do with Rollcall, as paths there. */
  async leftFiles(): Promise<string[]> {
    const all = await readdir(join(this.folder, 'up'), { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(this.folder, 'up').length))
      .filter((path) => path.includes('rollcall') && !path.startsWith('/var/lib/dpkg/'));
  }

  async close(): Promise<void> {
    const closed = once(this.holder, 'close');
    this.holder.kill('SIGKILL');
    await closed;
    await rm(this.folder, { recursive: true, force: true });
  }

  private into(line: string): string[] {
    return [`--target=${this.holder.pid}`, '--mount', 'chroot', join(this.folder, 'root'), 'sh', '-c', line];
  }
}

const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', HOME: '/root', LANG: 'C.UTF-8' };
