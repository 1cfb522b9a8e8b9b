import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type BundleOptions } from '@temporalio/worker';
import { instrumented } from './workflow-coverage.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const WORKFLOWS = join(ROOT, 'workflows', 'index.ts');

/** The workflow code as the worker loads it. */
export function lifecycleBundle(): Promise<{ code: string }> {
  return bundledOnce('plain', (options) => options);
}

/** The same, instrumented if jest measures coverage. Its worker collects the counters. */
export function countedBundle(): Promise<{ code: string }> {
  return globalThis.__coverage__ ? bundledOnce('counted', instrumented) : lifecycleBundle();
}

/** The code of ./changed-workflows.ts. */
export function changedBundle(): Promise<{ code: string }> {
  return bundleWorkflowCode(optionsOf(fileURLToPath(new URL('./changed-workflows.ts', import.meta.url))));
}

/** A bundle takes seconds, so all files of a run share it, until a source changes (jest watches). */
async function bundledOnce(
  kind: string,
  adapted: (options: BundleOptions) => BundleOptions,
): Promise<{ code: string }> {
  const path = join(tmpdir(), `workflows-${kind}-${hashOfSources()}.js`);
  if (existsSync(path)) return { code: readFileSync(path, 'utf8') };
  const { code } = await bundleWorkflowCode(adapted(optionsOf(WORKFLOWS)));
  const part = `${path}.${process.pid}`;
  await writeFile(part, code);
  await rename(part, path);
  return { code };
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const file of globSync(['workflows/**/*.ts', 'contract/**/*.ts'], { cwd: ROOT }).toSorted())
    hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

function optionsOf(workflowsPath: string): BundleOptions {
  return {
    workflowsPath,
    failureConverterPath: join(ROOT, 'workflows', 'failure-converter.ts'),
    workflowInterceptorModules: [join(ROOT, 'workflows', 'trace-headers.ts')],
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
    }),
  };
}
