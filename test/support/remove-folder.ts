import { rm } from 'node:fs/promises';

/** Removes it with all that it holds: again where children of a process that was killed were still writing into it. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10 });
}
