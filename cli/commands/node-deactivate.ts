import { createDrain } from '../../client/sdk.gen.js';
import type { DrainSet } from '../../client/types.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { DRAIN_COMMANDS } from '../waiting/set-commands.js';
import { waitForDrainSet } from '../waiting/drain-set-wait.js';
import { timeOf, type TimeAhead } from '../arguments/time-ahead.js';
import { nodeId } from '../arguments/parsers.js';
import { windowWords } from '../output/drain-lines.js';
import { formatCount } from '../output/quantity.js';
import { idsFrom } from '../arguments/ids-from.js';
import { decisionCommand } from './node-decide.js';
import type { EpochMs } from '../../contract/states.js';
import type { CallOf } from '../grammar/add-command.js';
import type { spanCommand } from '../grammar/decision-commands.js';

/** `rollcall node deactivate`: drains one node, several, or all with the labels, a few at a time. */
export async function run(call: CallOf<typeof spanCommand>): Promise<void> {
  const { filterLabels, maxUnavailable } = call.options;
  const named = call.arguments[0] ?? [];
  if ((named.length === 0) === (filterLabels === undefined)) {
    throw usage(
      named.length === 0
        ? 'it lacks the node'
        : `it names ${named.length === 1 ? 'one node' : 'nodes'} and labels of many`,
      'Try: rollcall node deactivate node-1, or: rollcall node deactivate --filter-labels pool=a',
    );
  }
  if (filterLabels !== undefined) return drainSet(call, { labels: filterLabels });
  const ids = await idsFrom(named, nodeId, call);
  if (ids.length > 1) return drainSet(call, { nodes: ids });
  if (maxUnavailable !== undefined) throw usage('--max-unavailable is for several nodes', 'Name them, or their labels');
  if (call.options.window !== undefined)
    throw usage('--window is for several nodes', 'Name their labels: --filter-labels pool=a; or use --at');
  const { at, until, window: _none, ...options } = call.options;
  const span = spanOf({ at, until }, Date.now());
  await decisionCommand('deactivate').run({ ...call, options: { ...options, span }, arguments: [ids] });
  if (options.dryRun || (span.at === undefined && span.until === undefined)) return;
  const { stderr } = call.terminal;
  stderr.write(
    `${ids[0]} ${spanText(span)}; to change that: rollcall node deactivate, to cancel it: rollcall node activate\n`,
  );
}

interface Span<Moment> {
  at?: Moment;
  until?: Moment;
}

/** Options for begin and end, converted to times. */
function spanOf({ at, until }: Span<TimeAhead | undefined>, now: EpochMs): Span<string> {
  const begins = at && timeOf(at, now);
  const from = begins === undefined ? now : Date.parse(begins);
  return { ...(begins !== undefined && { at: begins }), ...(until && { until: timeOf(until, from) }) };
}

function spanText({ at, until }: Span<string>): string {
  const begins = at === undefined ? 'is out of service' : `goes out of service at ${at}`;
  return until === undefined ? begins : `${begins}, and comes back at ${until}`;
}

async function drainSet(
  call: CallOf<typeof spanCommand>,
  whom: { labels: string[] } | { nodes: string[] },
): Promise<void> {
  const { options, terminal, interruption } = call;
  const { reason = '', window, deadline, onDeadline, maxUnavailable = 1, wait, monitor, timeout, dryRun } = options;
  const connection = await call.connect();
  const body = {
    ...whom,
    reason,
    maxUnavailable,
    ...(window === undefined ? {} : { window }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(onDeadline === undefined ? {} : { onDeadline }),
    ...spanOf(options, Date.now()),
  };
  const set = await connection.ask(createDrain({ client: connection.client, body }));
  const { id, nodes, maxUnavailable: atOnce } = set;
  const extent = `of ${formatCount(nodes?.length ?? 0, 'node')}`;
  if (dryRun) {
    terminal.stdout.write('Ok\n');
    terminal.stderr.write(`A drain ${extent} would ${beginning(set, 'begin')}, at most ${atOnce} at once.\n`);
    return;
  }
  terminal.stdout.write(`${id}\n`);
  terminal.stderr.write(
    `Drain ${id} ${extent} ${beginning(set, 'has begun')}, at most ${atOnce} at once; see: rollcall drain describe ${id}\n`,
  );
  if (wait)
    await waitForDrainSet(connection, DRAIN_COMMANDS, id, { terminal, interruption, monitor, timeoutMs: timeout });
}

/** `begins at …` for a set that begins later. An older api begins all sets at once, and refuses a time. */
function beginning(set: DrainSet, says: 'begin' | 'has begun'): string {
  const { beginsAt, window } = set;
  if (!beginsAt && !window?.waiting) return `${says}${windowWords(set)}`;
  const begins = says === 'begin' ? 'begin' : 'begins';
  return beginsAt
    ? `${begins} at ${beginsAt}${window ? `, within window ${window.name}` : ''}`
    : `${begins}${windowWords(set)}`;
}

function usage(detail: string, hint: string): CliFailure {
  return new CliFailure(EXIT_CODE.usage, 'USAGE', detail, hint);
}
