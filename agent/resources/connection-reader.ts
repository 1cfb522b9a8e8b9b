import type { KernelFiles } from './kernel-files.js';
import { parseEstablishedConnections } from './proc.js';

/**
 * Established TCP connections of the machine (of its network namespace, in a container): a number that Linux keeps.
 * Undefined where it does not, and then the inventory's slower count stands in.
 */
export async function readConnections(files: KernelFiles): Promise<number | undefined> {
  const snmp = await files.read('/proc/net/snmp');
  return snmp === undefined ? undefined : parseEstablishedConnections(snmp);
}
