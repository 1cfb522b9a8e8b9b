import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeArchive } from '../../packaging/archive.mjs';
import { debianArchitecture } from '../../packaging/debian-package.mjs';
import { program } from '../../embedded/installation.js';

/**
 * A folder of packages as `npm run package` makes it, in a tenth of a second: the agent's archive has its command, and that runs the agent
 * of this clone.
 */
export async function makeSlimPackages(folder: string): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'rollcall-slim-'));
  const bin = join(scratch, 'usr', 'bin');
  await mkdir(bin, { recursive: true });
  const command = join(bin, 'rollcall-agent');
  await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${program('agent/main.js')}' "$@"\n`);
  await chmod(command, 0o755);
  const name = `rollcall-agent_9.9.9_${debianArchitecture()}.tar.gz`;
  await makeArchive(scratch, join(folder, name), 0);
  await rm(scratch, { recursive: true });
  const sum = createHash('sha256').update(await readFile(join(folder, name)));
  await writeFile(join(folder, 'SHA256SUMS'), `${sum.digest('hex')}  ${name}\n`);
  return name;
}
