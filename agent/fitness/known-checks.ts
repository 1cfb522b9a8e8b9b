import type { CheckSettings } from '../../contract/config/check-keys.js';
import { usualLimit, type BuiltInCheck } from '../../contract/fitness.js';
import type { KernelFiles } from '../resources/kernel-files.js';
import type { RunCheck } from './check-result.js';
import type { ClockOffset } from './clock-check.js';
import { containerCheck } from './container-check.js';
import { diskCheck, inodesCheck, readOnlyCheck } from './filesystem-checks.js';
import type { KnownCheck } from './fitness-checks.js';
import { ownCheck } from './own-check.js';
import { loadCheck, memoryCheck } from './strain-checks.js';
import { gpuCheck, unitsCheck } from './tool-checks.js';

/** What the built-in checks need to know of the machine. */
export interface CheckSources {
  files: KernelFiles;
  clock: ClockOffset;
  /** Watched if a check names no path. */
  stateDir: string;
}

const BUILT_IN: Record<BuiltInCheck, (limit: number, settings: CheckSettings, sources: CheckSources) => RunCheck> = {
  disk: (limit, settings, { stateDir }) => diskCheck({ limit, ...pathsOf(settings, stateDir) }),
  inodes: (limit, settings, { stateDir }) => inodesCheck({ limit, ...pathsOf(settings, stateDir) }),
  'read-only': (_, settings, { stateDir, files }) => readOnlyCheck(pathsOf(settings, stateDir).paths, files),
  memory: (limit, _, { files }) => memoryCheck(limit, files),
  load: (limit, _, { files }) => loadCheck(limit, files),
  clock: (limit, _, { clock }) => clock.check(limit),
  units: (limit, { Timeout }) => unitsCheck(limit, Timeout),
  gpu: (limit, { Timeout }) => gpuCheck(limit, Timeout),
  container: (_, { Paths, Timeout }) => containerCheck(Paths, Timeout),
};

/** Makes runnable checks from the configuration. */
export function knownChecks(sources: CheckSources): (settings: CheckSettings) => KnownCheck {
  return (settings) => {
    const { BuiltIn, Executable, Limit } = settings;
    if (BuiltIn === undefined) return { run: ownCheck(Executable ?? '', settings), by: Executable ?? '' };
    return { run: BUILT_IN[BuiltIn](Limit ?? usualLimit(BuiltIn) ?? 0, settings, sources), by: 'built-in' };
  };
}

function pathsOf({ Paths, Timeout }: CheckSettings, stateDir: string): { paths: readonly string[]; timeoutMs: number } {
  return { paths: Paths ?? [stateDir], timeoutMs: Timeout };
}
