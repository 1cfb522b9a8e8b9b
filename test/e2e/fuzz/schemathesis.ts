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

/** Result of a run of schemathesis. */
export interface FuzzRun {
  /** Whether it found nothing. */
  clean: boolean;
  /** Its report of findings, or of the run. */
  report: string;
}

export interface FuzzOptions {
  schemaUrl: string;
  headers?: Record<string, string>;
  phases: readonly ('examples' | 'coverage' | 'fuzzing')[];
  /** Pattern of the operations' paths; absent for all. */
  paths?: string;
  /** Names of operations that are left out. */
  without?: readonly string[];
  maxExamples: number;
  /** A folder for its files. */
  cwd: string;
  timeoutMs: number;
}

/**
 * schemathesis in a virtual environment in the user's cache, created if it is missing.
 * @throws Error with the reason if there is none: no Python, or no PyPI
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
      // By the environment's Python, since the command's shebang names the folder in which it was installed.
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

/** A created object may be gone again, removed by another request of the same run. */
const EXCLUDED_CHECKS = ['ensure_resource_availability'];

/** Created beside its place and renamed, so that it is never found incomplete; if two are created at once, either serves both. */
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
