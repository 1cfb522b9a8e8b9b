import { WorkflowCoverage } from '@temporalio/nyc-test-coverage';
import type { BundleOptions, InjectedSinks, WorkerOptions } from '@temporalio/worker';

/** Istanbul's counters for one file: statements, functions and branches. */
interface FileCounters {
  s: Record<string, number>;
  f: Record<string, number>;
  b: Record<string, number[]>;
}
type Coverage = Record<string, FileCounters>;

declare global {
  // jest's counters; absent if coverage is not measured.
  var __coverage__: Coverage | undefined;
}

const coverage = new WorkflowCoverage();

/** Instruments a bundle of workflows. */
export function instrumented(options: BundleOptions): BundleOptions {
  const { webpackConfigHook } = options;
  return coverage.augmentBundleOptions({
    ...options,
    webpackConfigHook: (config) => {
      const hooked = webpackConfigHook?.(config) ?? config;
      // Compiled for an older target, a file would have other branches here than where jest loads it.
      for (const rule of (hooked.module?.rules ?? []) as SwcRule[])
        if (rule.use?.options?.jsc) rule.use.options.jsc.target = 'es2022';
      return hooked;
    },
  });
}

interface SwcRule {
  use?: { options?: { jsc?: { target: string } } };
}

/**
 * Collects what ran in the sandbox as it comes. (WorkflowCoverage's own sink keeps a copy of all counters for every
 * workflow task: gigabytes, in a week of heartbeats.)
 */
export function bringingHome(): Pick<WorkerOptions, 'sinks'> {
  if (!globalThis.__coverage__) return {};
  const sinks: InjectedSinks<{ coverage: { merge(counted: Coverage): void } }> = {
    coverage: { merge: { fn: (_workflow, counted) => merge(counted), callDuringReplay: false } },
  };
  return { sinks };
}

function merge(counted: Coverage): void {
  const home = (globalThis.__coverage__ ??= {});
  for (const [file, counters] of Object.entries(counted)) {
    const known = home[file];
    if (!known) {
      home[file] = structuredClone(counters);
      continue;
    }
    // A file that was edited after jest loaded it no longer matches its counters.
    if (
      Object.keys(known.b).length !== Object.keys(counters.b).length ||
      Object.keys(known.s).length !== Object.keys(counters.s).length
    )
      continue;
    for (const kind of ['s', 'f'] as const) {
      for (const [id, count] of Object.entries(counters[kind])) known[kind][id] = (known[kind][id] ?? 0) + count;
    }
    for (const [id, ways] of Object.entries(counters.b)) {
      known.b[id] = ways.map((count, way) => count + (known.b[id]?.[way] ?? 0));
    }
  }
}
