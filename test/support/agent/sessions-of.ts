import { readFile } from 'node:fs/promises';

/** Pids of the processes of sessions that a process has started and that are still there. */
export async function sessionsOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
  // It may have others: servers that suites share, programs that an agent asks about its machine.
  const commands = await Promise.all(
    children.map((child) => readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')),
  );
  return children.filter((_child, index) => commands[index]?.includes('duckdb-worker'));
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
