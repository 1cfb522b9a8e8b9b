import { getSession, openSession } from '../../client/sdk.gen.js';
import type { OpenSessionRequest, Session } from '../../client/types.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { formatRoundSpan } from '../output/age.js';
import { toJson, toYaml } from '../output/document.js';
import { OwnOutput } from '../output/own-output.js';
import { ownText } from '../output/print-document.js';
import { plainText } from '../../contract/plain-text.js';
import { previewLines } from '../output/preview-table.js';
import { formatCount } from '../output/quantity.js';
import { wantsColours, type Terminal } from '../process/terminal.js';
import { waitUntil } from '../waiting/wait.js';
import type { CallOf, OptionsOf } from '../grammar/add-command.js';
import type { sessionOpenCommand } from '../grammar/session-commands.js';

/** A query may be over in a moment. */
const POLL_MS = 200;

/** `rollcall session open`: the result on stdout, where it ran and what became of it on stderr. */
export async function run(call: CallOf<typeof sessionOpenCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const sql = await sqlOf(call.arguments[0], terminal);
  const connection = await call.connect();
  let session = await connection
    .ask(openSession({ client: connection.client, body: requestOf(sql, options) }))
    .catch((error: unknown) => {
      throw interruption.aborted
        ? new CliFailure(
            EXIT_CODE.interrupted,
            'INTERRUPTED',
            'the session may have been opened all the same',
            'See: rollcall session list --live',
          )
        : error;
    });
  if (options.dryRun) {
    terminal.stderr.write(`It would be given to ${session.node ?? 'no node'}.\n`);
    await print(session, options, terminal, () => 'Ok\n');
    return;
  }
  if (!options.wait) {
    terminal.stderr.write(
      `Session ${session.id} was given to ${session.node ?? 'no node'}; see: rollcall session describe ${session.id}\n`,
    );
    await print(session, options, terminal, () => `${session.id}\n`);
    return;
  }
  await waitUntil(
    connection,
    async () => {
      session = await connection.ask(getSession({ client: connection.client, path: { id: session.id } }));
      return session.endedAt === null ? { waitingFor: `session ${session.id} on ${session.node ?? 'a node'}` } : 'done';
    },
    {
      timeoutMs: options.timeout,
      interruption,
      progress: (line) => terminal.stderr.write(`Waiting for ${line}\n`),
      see: `rollcall session describe ${session.id}`,
      pollMs: POLL_MS,
    },
  );
  if (session.state !== 'COMPLETED') throw unsuccessful(session);
  await print(session, options, terminal, () => resultOf(session, options, terminal));
  terminal.stderr.write(summaryOf(session));
}

/** The query itself, or what stands on standard input where it is `-`. */
async function sqlOf(argument: string, terminal: Terminal): Promise<string> {
  if (argument !== '-') return argument;
  if (terminal.stdin.isTTY) terminal.stderr.write('Write the query and press Ctrl-D:\n');
  let sql = '';
  for await (const chunk of terminal.stdin) sql += String(chunk);
  return sql;
}

function requestOf(
  sql: string,
  { principal, cpu, memory, disk, gpu, labels = {}, strategy = 'spread' }: OptionsOf<typeof sessionOpenCommand>,
): OpenSessionRequest {
  const resources = {
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(disk === undefined ? {} : { disk }),
    ...(gpu === undefined ? {} : { gpu }),
  };
  return { principal, sql, resources, labels, strategy };
}

async function print(
  session: Session,
  { output, headers }: OptionsOf<typeof sessionOpenCommand>,
  terminal: Terminal,
  text: () => string,
): Promise<void> {
  const printed =
    output instanceof OwnOutput
      ? ownText(output, session, headers)
      : output === 'json'
        ? toJson(session)
        : output === 'yaml'
          ? await toYaml(session)
          : output === 'name'
            ? `${session.id}\n`
            : text();
  terminal.stdout.write(printed);
}

function resultOf(
  { preview }: Session,
  { headers }: OptionsOf<typeof sessionOpenCommand>,
  { stdout, env }: Terminal,
): string {
  if (!preview) return '';
  return previewLines(preview, { headers, colours: wantsColours(stdout, env) })
    .map((line) => `${line}\n`)
    .join('');
}

function summaryOf({ id, node, rows, elapsedMs, preview, resultFile }: Session): string {
  const took = elapsedMs < 1_000 ? `${elapsedMs}ms` : formatRoundSpan(elapsedMs);
  const lines = [`Session ${id} completed on ${node ?? 'its node'} in ${took}: ${formatCount(rows ?? 0, 'row')}.`];
  if (preview?.truncated) lines.push(`Shown is its beginning, ${formatCount(preview.rows.length, 'row')}.`);
  if (resultFile !== null) lines.push(`The whole result is in ${plainText(resultFile)} on ${node ?? 'its node'}.`);
  return `${lines.join('\n')}\n`;
}

function unsuccessful({ id, state, node, reason, termination }: Session): CliFailure {
  const what = { FAILED: 'failed', TERMINATED: 'was terminated', LOST: 'is lost' }[state as string] ?? `ended ${state}`;
  const where = node === null ? '' : ` on ${node}`;
  const by = termination && state === 'TERMINATED' ? ` by ${plainText(termination.by)}` : '';
  return new CliFailure(
    EXIT_CODE.failure,
    `SESSION_${state}`,
    `session ${id} ${what}${where}${by}${reason === '' ? '' : `: ${plainText(reason)}`}`,
    `See: rollcall session describe ${id}`,
  );
}
