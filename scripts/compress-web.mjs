// Puts a .br and a .gz beside each compressible file of dist/web, at maximum compression, so that the api compresses nothing.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const FOLDER = fileURLToPath(new URL('../dist/web/assets/', import.meta.url));
const WORTH_IT = /\.(?:js|css|svg|json)$/;
/** Below this many bytes an answer fits into one packet uncompressed. */
const SMALL = 1_024;

for (const name of await readdir(FOLDER)) {
  const path = join(FOLDER, name);
  const content = await readFile(path);
  if (!WORTH_IT.test(name) || content.length < SMALL) continue;
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }));
  await writeFile(
    `${path}.br`,
    await promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  );
}
