import { processIdentity } from './process-identity.js';

/** A process of ours, so that a later start can tell whether it still runs. */
export interface ProcessRecord {
  pid: number;
  identity: string;
}

/** The record of a process that has just been started; undefined where it is gone already. */
export function recordOf(pid: number): ProcessRecord | undefined {
  const identity = processIdentity(pid);
  return identity === undefined ? undefined : { pid, identity };
}

/** Whether that very process, not a later one with its pid, is alive. */
export function isAlive(record: ProcessRecord): boolean {
  return processIdentity(record.pid) === record.identity;
}

export function isProcessRecord(value: unknown): value is ProcessRecord {
  return typeof value === 'object' && value !== null && 'pid' in value && 'identity' in value && Number.isInteger(value.pid) && typeof value.identity === 'string';
}
