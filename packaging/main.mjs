// `npm run package`: packages the command, the agent and the control plane for this platform into dist/packages.
import { createHash } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { makeArchive } from './archive.mjs';
import { debianArchitecture, makeDebianPackage } from './debian-package.mjs';
import { PACKAGED } from './packages.mjs';
import { PACKAGES, ROOT } from './places.mjs';
import { layProgram } from './program-tree.mjs';
import { readSigner } from './signature.mjs';
import { makeSingleExecutable } from './single-executable.mjs';
import { sourceDate } from './source-date.mjs';

const NAMES = PACKAGED.map(({ name }) => name);
const USAGE = `npm run package [-- NAME...] [-- --out FOLDER] [-- --sign-with KEY] [-- --trust FILE]

Packages what is built, for this platform, and writes the checksums of all that lies there: ${NAMES.join(', ')}.

--sign-with KEY   signs the checksums with this private key (Ed25519, PEM); agents from these packages take updates that it has signed
--trust FILE      further public keys (PEM) whose updates they take, as while the key is changed
`;

await main();

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string', default: PACKAGES },
      'sign-with': { type: 'string' },
      trust: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const unknown = positionals.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no package ${unknown.join(', ')}.\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const signer = values['sign-with'] === undefined ? undefined : await readSigner(values['sign-with']);
  const keys = `${signer?.publicKey ?? ''}${values.trust === undefined ? '' : await readFile(values.trust, 'utf8')}`;
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const date = await sourceDate();
  await mkdir(values.out, { recursive: true });
  for (const about of PACKAGED.filter(({ name }) => positionals.length === 0 || positionals.includes(name)))
    for (const file of await packaged(about, version, date, keys, values.out)) process.stdout.write(`${file}\n`);
  await writeChecksums(values.out, signer);
}

/** @returns {Promise<string[]>} the created files */
async function packaged(about, version, date, keys, out) {
  const base = join(out, `${about.name}_${version}_${debianArchitecture()}`);
  const scratch = await mkdtemp(join(tmpdir(), 'rollcall-package-'));
  try {
    const tree = join(scratch, 'tree');
    await mkdir(tree, { mode: 0o755 });
    if (about.program) await layProgram(tree, about.name, about.program);
    else await layCommand(tree, scratch);
    if (about.updates && keys !== '') await writeFile(join(tree, 'usr', 'lib', about.name, 'update-keys.pem'), keys);
    const sources = join(ROOT, 'packaging', about.name);
    for (const unit of about.units) await lay(join(sources, unit), join(tree, 'usr', 'lib', 'systemd', 'system'), unit);
    await lay(join(ROOT, 'LICENSE'), join(tree, 'usr', 'share', 'doc', about.name), 'copyright');
    await promisify(execFile)('chmod', ['-R', 'u=rwX,go=rX', tree]);
    if (about.archive) await makeArchive(tree, `${base}.tar.gz`, date);
    await makeDebianPackage(tree, sources, about, version, date, `${base}.deb`);
    if (about.program) return [`${base}.deb`, ...(about.archive ? [`${base}.tar.gz`] : [])];
    const executable = join(out, `rollcall-${version}-${process.platform}-${process.arch}`);
    await copyFile(join(tree, 'usr', 'bin', 'rollcall'), executable);
    await chmod(executable, 0o755);
    return [executable, `${base}.deb`];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The command with its manual page and completions, which it prints itself, where man and shells look for them. */
async function layCommand(tree, scratch) {
  const bin = join(tree, 'usr', 'bin');
  await mkdir(bin, { recursive: true });
  const rollcall = join(bin, 'rollcall');
  await makeSingleExecutable(rollcall, scratch);
  const said = async (...words) => (await promisify(execFile)(rollcall, words)).stdout;
  const share = join(tree, 'usr', 'share');
  const files = {
    'man/man1/rollcall.1.gz': gzipSync(await said('man'), { level: 9 }),
    'bash-completion/completions/rollcall': await said('completion', 'bash'),
    'zsh/vendor-completions/_rollcall': await said('completion', 'zsh'),
    'fish/vendor_completions.d/rollcall.fish': await said('completion', 'fish'),
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(share, path, '..'), { recursive: true });
    await writeFile(join(share, path), content);
  }
}

async function lay(source, folder, name) {
  await mkdir(folder, { recursive: true });
  await cp(source, join(folder, name));
}

/**
 * Writes the checksums of all packages in the folder, for `sha256sum --check`, so that this file's checksum covers all of them. Its signature is
 * beside it; an outdated signature is removed.
 * @param {string} out
 * @param {import('./signature.mjs').Signer} [signer]
 */
async function writeChecksums(out, signer) {
  const names = (await readdir(out)).filter((name) => !name.startsWith('SHA256SUMS')).toSorted();
  const lines = [];
  for (const name of names) {
    const hash = createHash('sha256').update(await readFile(join(out, name)));
    lines.push(`${hash.digest('hex')}  ${name}\n`);
  }
  const list = Buffer.from(lines.join(''));
  const signature = join(out, 'SHA256SUMS.sig');
  await rm(signature, { force: true });
  await writeFile(join(out, 'SHA256SUMS'), list);
  if (signer) await writeFile(signature, `${signer.sign(list)}\n`);
}
