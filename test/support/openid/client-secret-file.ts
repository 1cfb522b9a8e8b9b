import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.js';
import { CLIENT } from './openid-provider.js';

/** A file with the client's secret, for the tests of a file. */
export async function clientSecretFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'secret');
  await writeFile(path, `${CLIENT.secret}\n`);
  return path;
}
