import { writeContexts } from '../connection/context-file.js';
import { fileOfContext } from '../connection/known-contexts.js';
import type { CallOf } from '../grammar/add-command.js';
import type { contextRenameCommand } from '../grammar/login-commands.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';

/** `rollcall context rename`: renames a context. */
export async function run(call: CallOf<typeof contextRenameCommand>): Promise<void> {
  const { options, terminal } = call;
  const [name, newName] = call.arguments;
  const { path, contexts } = await fileOfContext(name, options, terminal);
  if (contexts.byName.has(newName))
    throw new CliFailure(
      EXIT_CODE.conflict,
      'CONTEXT_EXISTS',
      `there is a context ${newName} already`,
      'Choose another name',
    );
  const byName = new Map(
    Array.from(contexts.byName, ([known, context]) => [known === name ? newName : known, context] as const),
  );
  await writeContexts(path, { current: contexts.current === name ? newName : contexts.current, byName });
  terminal.stderr.write(`Context ${name} is called ${newName} from now on.\n`);
}
