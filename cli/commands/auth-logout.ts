import type { Call } from '../connection/call.js';
import { contextPath, removeContext } from '../connection/context-file.js';

/** `rollcall auth logout`: forgets server and token. The token stays good for whoever else has it. */
export async function run({ options, terminal }: Call<unknown>): Promise<void> {
  const path = contextPath(options.home, terminal);
  const wasThere = await removeContext(path);
  terminal.stderr.write(
    wasThere
      ? `Removed ${path}. The token itself works until it expires or an admin revokes it.\n`
      : `There was nobody logged in: ${path} does not exist.\n`,
  );
}
