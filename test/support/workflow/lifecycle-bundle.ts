import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { instrumented } from './workflow-coverage.js';

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

/** The workflow code as the worker loads it, bundled once for a file of tests. */
export function lifecycleBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundled('../../../workflows/index.ts');
  return bundle;
}

/** The code of ./changed-workflows.ts. */
export function changedBundle(): Promise<WorkflowBundleWithSourceMap> {
  return bundled('./changed-workflows.ts');
}

function bundled(path: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode(
    instrumented({
      workflowsPath: fileURLToPath(new URL(path, import.meta.url)),
      failureConverterPath: fileURLToPath(new URL('../../../workflows/failure-converter.ts', import.meta.url)),
      workflowInterceptorModules: [fileURLToPath(new URL('../../../workflows/trace-headers.ts', import.meta.url))],
      logger: new DefaultLogger('ERROR'),
      webpackConfigHook: (config) => ({
        ...config,
        resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
      }),
    }),
  );
}
