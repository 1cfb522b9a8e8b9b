import { hostname } from 'node:os';
import { processIdentity } from './process-identity.js';

/** Record of a process, by which another can tell whether it still runs. */
export interface ProcessRecord {
  pid: number;
  identity: string;
  /** Pids have a meaning on their own host only. */
  host?: string;
}

/** The record of a process of this host; undefined if it is gone already. */
export function recordOf(pid: number): ProcessRecord | undefined {
  const identity = processIdentity(pid);
  return identity === undefined ? undefined : { pid, identity, host: hostname() };
}

/**
 * Whether this process, and not a later one with its pid, is alive. One of another host (a container that was replaced, a copied folder)
 * cannot be checked, and counts as gone.
 */
export function isAlive({ pid, identity, host = hostname() }: ProcessRecord): boolean {
  return host === hostname() && processIdentity(pid) === identity;
}

export function isProcessRecord(value: unknown): value is ProcessRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    'identity' in value &&
    Number.isInteger(value.pid) &&
    typeof value.identity === 'string'
  );
}
