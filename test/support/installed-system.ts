import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';
import { removeFolder } from './remove-folder.js';

/** $0 is a folder, $1 one that becomes /srv/packages. All mounts end with the process. */
const LAY = `
cd "$0"; mkdir up work root
mount -t overlay overlay -o lowerdir=/,upperdir=up,workdir=work root
mount --bind /proc root/proc; mount --rbind /dev root/dev
mkdir -p root/srv/packages; mount --bind "$1" root/srv/packages
rm -rf root/etc/rollcall root/var/lib/rollcall-agent root/run/systemd/system
echo laid; exec sleep infinity`;

/** Like {@link LAY}, in namespaces with systemd as the first process, which starts no more than it must. */
const BOOT = `
cd "$0"; mkdir up work root
mount -t overlay overlay -o lowerdir=/,upperdir=up,workdir=work root
mount -t tmpfs tmpfs root/run; mount -t proc proc root/proc; mount --rbind /dev root/dev
mount -t sysfs sysfs root/sys; mount -t cgroup2 none root/sys/fs/cgroup
mkdir -p root/srv/packages; mount --bind "$1" root/srv/packages
rm -rf root/etc/rollcall root/var/lib/rollcall-agent root/var/lib/private
printf '[Unit]\\nDefaultDependencies=no\\n' > root/etc/systemd/system/rollcall-test.target
for unit in networking.service network-online.target systemd-udevd.service systemd-udev-trigger.service systemd-sysctl.service \
  systemd-modules-load.service systemd-timesyncd.service systemd-remount-fs.service; do ln -sf /dev/null root/etc/systemd/system/$unit; done
ip link set lo up
exec env container=lxc chroot root /lib/systemd/systemd --system --unit=rollcall-test.target --log-target=null --show-status=0`;
const OWN_NAMESPACES = ['--pid', '--fork', '--net', '--uts', '--cgroup'];

/** Why this is impossible here, for the name of a skipped test; undefined if it is possible. */
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

/** This machine with packages installed on it: an overlay takes all writes, and is removed at the end. */
export class InstalledSystem {
  private constructor(
    private readonly folder: string,
    private readonly holder: ChildProcess,
    private readonly namespaces: readonly string[],
    /** A process in its namespaces. */
    private readonly inside: number,
  ) {}

  /** @param packages becomes /srv/packages */
  static async open(packages: string): Promise<InstalledSystem> {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-system-'));
    const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-ec', LAY, folder, packages], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout as NodeJS.ReadableStream, 'data');
    return new InstalledSystem(folder, holder, ['--mount'], holder.pid ?? 0);
  }

  /** One with systemd, and no network but a loopback of its own. @param packages becomes /srv/packages */
  static async boot(packages: string): Promise<InstalledSystem> {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-system-'));
    const words = ['--mount', '--propagation', 'private', ...OWN_NAMESPACES, 'sh', '-ec', BOOT, folder, packages];
    const holder = spawn('unshare', words, { stdio: ['ignore', 'ignore', 'inherit'] });
    return eventually(async () => {
      const children = await readFile(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8');
      const inside = Number(children.trim().split(' ')[0]);
      if (!(inside > 0)) throw new Error('systemd has not begun');
      const namespaces = ['--mount', '--pid', '--net', '--uts', '--cgroup'];
      const system = new InstalledSystem(folder, holder, namespaces, inside);
      await system.sh('systemctl is-system-running || systemctl is-system-running | grep -q degraded');
      return system;
    });
  }

  /** Output of a line of sh. @throws Error with its output if it fails */
  async sh(line: string): Promise<string> {
    const { stdout } = await promisify(execFile)('nsenter', this.into(line), { env: ENVIRONMENT, maxBuffer: 2 ** 26 });
    return stdout;
  }

  /** Starts a line of sh. */
  start(line: string, env: Record<string, string> = {}): ChildProcess {
    return spawn('nsenter', this.into(`exec ${line}`), {
      env: { ...ENVIRONMENT, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Paths of files that differ from the machine's and belong to Rollcall. */
  async leftFiles(): Promise<string[]> {
    const all = await readdir(join(this.folder, 'up'), { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(this.folder, 'up').length))
      .filter((path) => path.includes('rollcall') && !path.startsWith('/var/lib/dpkg/'));
  }

  async close(): Promise<void> {
    const closed = once(this.holder, 'close');
    // When the first process of its namespaces ends, all others do.
    process.kill(this.inside, 'SIGKILL');
    this.holder.kill('SIGKILL');
    await closed;
    await removeFolder(this.folder);
  }

  private into(line: string): string[] {
    return [`--target=${this.inside}`, ...this.namespaces, 'chroot', join(this.folder, 'root'), 'sh', '-c', line];
  }
}

const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', HOME: '/root', LANG: 'C.UTF-8' };
