// The command as one executable file: Node.js with the command's code in it (https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html).
import { execFile } from 'node:child_process';
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'postject';
import { rolldown } from 'rolldown';
import { DIST, ROOT } from './places.mjs';

/** Node looks for this marker in its own binary, and for what follows it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * @param {string} path of the executable file
 * @param {string} scratch an empty folder
 */
export async function makeSingleExecutable(path, scratch) {
  const bundle = await rolldown({
    input: join(DIST, 'cli', 'main.js'),
    platform: 'node',
    // A single file has no neighbours to look for: node:sea says so at run time.
    transform: { define: { 'import.meta.url': '"file:///rollcall"' } },
    logLevel: 'silent',
  });
  await bundle.write({ file: join(scratch, 'rollcall.cjs'), format: 'cjs', codeSplitting: false, minify: false });
  // By names in that folder, since the file keeps the name of its script for stack traces.
  await copyFile(join(ROOT, 'package.json'), join(scratch, 'package.json'));
  const config = {
    main: 'rollcall.cjs',
    output: 'rollcall.blob',
    disableExperimentalSEAWarning: true,
    assets: { 'package.json': 'package.json' },
  };
  await writeFile(join(scratch, 'sea.json'), JSON.stringify(config));
  await promisify(execFile)(process.execPath, ['--experimental-sea-config', 'sea.json'], { cwd: scratch });
  await copyFile(process.execPath, path);
  const { warn } = console;
  // It warns about notes in Node's own binary.
  console.warn = () => {};
  await inject(path, 'NODE_SEA_BLOB', await readFile(join(scratch, config.output)), { sentinelFuse: FUSE });
  console.warn = warn;
  await chmod(path, 0o755);
}
