import { rm } from 'node:fs/promises';

/** Removes a folder and its contents; retried while children of a killed process still write into it. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10 });
}
