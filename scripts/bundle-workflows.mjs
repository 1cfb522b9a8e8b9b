// Bundles dist/workflows into dist/workflow-bundle.js, which workers load, so that they start fast and run what was built.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const dist = new URL('../dist/', import.meta.url);
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('workflows/index.js', dist)),
  failureConverterPath: fileURLToPath(new URL('workflows/failure-converter.js', dist)),
  workflowInterceptorModules: [fileURLToPath(new URL('workflows/trace-headers.js', dist))],
  logger: new DefaultLogger('WARN'),
});
await writeFile(new URL('workflow-bundle.js', dist), code);
