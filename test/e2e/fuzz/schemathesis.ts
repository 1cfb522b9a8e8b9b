import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../../embedded/install-in-cache.js';
import { runCommand } from '../../../embedded/run-command.js';
import { removeFolder } from '../../support/remove-folder.js';

const REQUIREMENTS = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const CONFIG = fileURLToPath(new URL('./schemathesis.toml', import.meta.url));
const INSTALL_TIMEOUT_MS = 5 * 60_000;
const SEED = '20260101';

/** What a run of schemathesis came to. */
export interface FuzzRun {
  /** Whether it found nothing. */
  clean: boolean;
  /** What it says of its findings, or of the run. */
  report: string;
}

export interface FuzzOptions {
  schemaUrl: string;
  headers?: Record<string, string>;
  phases: readonly ('examples' | 'coverage' | 'fuzzing')[];
  /** Operations whose path is like this; all of them where it is absent. */
  paths?: string;
  /** Names of operations that are left out. */
  without?: readonly string[];
  maxExamples: number;
  /** A folder for what it writes. */
  cwd: string;
  timeoutMs: number;
}

/**
 * schemathesis in a virtual environment of its own in the user's cache, made where it is missing.
 * @throws Error that says why there is none: no Python, or no PyPI
 */
export class Schemathesis {
  private constructor(private readonly environment: string) {}

  static async find(): Promise<Schemathesis> {
    const cache = cacheFolder();
    const pins = createHash('sha256')
      .update(await readFile(REQUIREMENTS))
      .digest('hex')
      .slice(0, 12);
    const place = join(cache, `schemathesis-${pins}`);
    if (!(await isThere(join(place, 'bin', 'schemathesis')))) await install(cache, place);
    return new Schemathesis(place);
  }

  run({
    schemaUrl,
    headers = {},
    phases,
    paths,
    without = [],
    maxExamples,
    cwd,
    timeoutMs,
  }: FuzzOptions): Promise<FuzzRun> {
    const args = [
      // By the environment's Python: the command's own first line names the folder that it was installed in.
      join(this.environment, 'bin', 'schemathesis'),
      ...[
        '--config-file',
        CONFIG,
        'run',
        schemaUrl,
        '--phases',
        phases.join(','),
        '--checks',
        'all',
        '--seed',
        SEED,
        '--max-examples',
        String(maxExamples),
      ],
      ...[
        '--exclude-checks',
        EXCLUDED_CHECKS.join(','),
        '--request-timeout',
        '20',
        '--no-color',
        '--warnings',
        'off',
        '--no-shrink',
        '--continue-on-failure',
      ],
      ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
      ...(paths === undefined ? [] : ['--include-path-regex', paths]),
      ...without.flatMap((name) => ['--exclude-operation-id', name]),
    ];
    return new Promise((resolve, reject) => {
      execFile(
        join(this.environment, 'bin', 'python'),
        args,
        { cwd, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64 * 2 ** 20 },
        (error, stdout, stderr) => {
          if (error?.killed) reject(new Error(`schemathesis did not end within ${timeoutMs / 1_000} s`));
          else resolve({ clean: error === null, report: `${stdout}${stderr}` });
        },
      );
    });
  }
}

/** What was made may be gone again: another request of the same run removed it. */
const EXCLUDED_CHECKS = ['ensure_resource_availability'];

/** Made beside its place and renamed, so that nobody ever finds half of it; where two are made at once, either serves both. */
async function install(cache: string, place: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(`${place}.part-`);
  try {
    await runCommand('python3', ['-m', 'venv', staging], { timeoutMs: INSTALL_TIMEOUT_MS });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
    await runCommand(join(staging, 'bin', 'python'), pip, { timeoutMs: INSTALL_TIMEOUT_MS });
    await rename(staging, place).catch(async (error: unknown) => {
      if (!(await isThere(place))) throw error;
    });
  } finally {
    await removeFolder(staging);
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
