import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Call } from '../connection/call.js';

/** `rollcall version` */
export async function run({ terminal }: Call<object>): Promise<void> {
  const manifest = JSON.parse(await readFile(join(terminal.installation, 'package.json'), 'utf8')) as {
    version: string;
  };
  terminal.stdout.write(`rollcall ${manifest.version}\n`);
}
