import { fileURLToPath } from 'node:url';
import { WorkflowCoverage } from '@temporalio/nyc-test-coverage';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Brings home which lines ran inside the workflow sandbox, where jest measures coverage; does nothing otherwise. */
export const workflowCoverage = new WorkflowCoverage();

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

/** The workflow code as the worker loads it, bundled once for a file of tests. */
export function lifecycleBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflowCode(
    workflowCoverage.augmentBundleOptions({
      workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
      webpackConfigHook: (config) => ({
        ...config,
        resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
      }),
    }),
  );
  return bundle;
}
