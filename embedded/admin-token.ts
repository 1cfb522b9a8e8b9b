import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writePrivate } from './write-private.js';

/** The administrator's token in `file`, which is created if it does not exist. */
export async function adminToken(file: string): Promise<{ token: string; isNew: boolean }> {
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (kept.trim() !== '') return { token: kept.trim(), isNew: false };
  // The id identifies the token, and the secret proves it: the api stores the id and a hash.
  const token = `rca_${randomBytes(8).toString('hex')}_${randomBytes(32).toString('base64url')}`;
  await writePrivate(file, `${token}\n`);
  return { token, isNew: true };
}
