import { contextPath, writeContexts } from '../connection/context-file.js';
import { fileOfContext } from '../connection/known-contexts.js';
import type { CallOf } from '../grammar/add-command.js';
import type { contextUseCommand } from '../grammar/login-commands.js';

/** `rollcall context use`: makes later commands use this context. */
export async function run(call: CallOf<typeof contextUseCommand>): Promise<void> {
  const { options, terminal } = call;
  const [name] = call.arguments;
  const { path, contexts } = await fileOfContext(name, options, terminal);
  await writeContexts(path, { ...contexts, current: name });
  terminal.stderr.write(`Context ${name} is used from now on: ${contexts.byName.get(name)?.server}\n`);
  const inUse = contextPath(options, terminal);
  if (inUse !== path)
    terminal.stderr.write(
      `warning: in this clone ${inUse} goes before it, unless --context or ROLLCALL_CONTEXT names one\n`,
    );
  if (terminal.env['ROLLCALL_CONTEXT']) terminal.stderr.write('warning: ROLLCALL_CONTEXT goes before it\n');
}
