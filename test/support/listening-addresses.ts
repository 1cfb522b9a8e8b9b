import { readdir, readFile, readlink } from 'node:fs/promises';
import { portTrouble } from '../../embedded/free-port.js';

/** State of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';

/** Addresses at which a process accepts connections, as `127.0.0.1` or 32 hexadecimal digits for IPv6. Linux only: it reads /proc. */
export async function listeningAddresses(pid: number): Promise<string[]> {
  return (await listeningSockets(pid)).map(([address]) => addressOf(address));
}

/** Whether this process accepts connections at a port. On systems other than Linux: whether any process does. */
export async function listensAt(pid: number, port: number): Promise<boolean> {
  if (process.platform !== 'linux') return (await portTrouble(port, '127.0.0.1')) === 'EADDRINUSE';
  return (await listeningSockets(pid)).some(([, hexPort]) => Number.parseInt(hexPort, 16) === port);
}

/** Address and port of each, in hexadecimal digits. */
async function listeningSockets(pid: number): Promise<[address: string, port: string][]> {
  const inodes = new Set(await socketsOf(pid));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
  const ours = rows.filter(([, , , state, , , , , , inode]) => state === LISTEN && inodes.has(inode ?? ''));
  return ours.map(([, local = '']) => local.split(':') as [string, string]);
}

async function socketsOf(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(
    descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')),
  );
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

/** IPv4 addresses are one number in the machine's byte order, which is little-endian on all supported machines. */
function addressOf(hex: string): string {
  return hex.length === 8 ? Buffer.from(hex, 'hex').reverse().join('.') : hex.toLowerCase();
}
