import { Argument, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { DOCUMENT_FORMATS } from '../output/print-document.js';
import { INSTALL_FORMS } from '../output/install-text.js';
import { OUTPUT_FORMATS } from '../output/print-items.js';
import { ItemFilter } from '../output/item-filter.js';
import { OwnOutput } from '../output/own-output.js';
import { TIME_AHEAD, timeAhead } from '../arguments/time-ahead.js';
import { durationMs, durationText, nodeId, nodeIds, resourceName } from '../arguments/parsers.js';

/** Arguments and options shared by several commands. */

export const idArgument = () => new Argument('<id>', 'id of the node').argParser(nodeId);
export const IDS = 'ids of nodes; - reads them from standard input';
export const idsArgument = () => new Argument('<id...>', IDS).argParser(nodeIds);

const HOW = 'how to print; jsonpath=PATH and columns=NAME:PATH,... print fields of your choice';
export const itemsOutput = () =>
  new Option('-o, --output <format>', HOW)
    .choices(OUTPUT_FORMATS)
    .argParser(outputFormat(OUTPUT_FORMATS))
    .default('table' as const);
export const documentOutput = () =>
  new Option('-o, --output <format>', HOW)
    .choices(DOCUMENT_FORMATS)
    .argParser(outputFormat(DOCUMENT_FORMATS))
    .default('text' as const);
export const filterOption = () =>
  new Option(
    '--filter <expression>',
    "only those for which this JSONPath expression is true: @.version != '1.2.0' && @.labels.pool == 'gpu'",
  ).argParser((expression) => new ItemFilter(expression));
export const noHeaders = () => new Option('--no-headers', 'leave out the line of column names');

export const installForm = () =>
  new Option('--format <form>', 'print nothing but what installs the agent and lets it join, in this form')
    .choices(INSTALL_FORMS)
    .conflicts('output');

export const reasonOption = () => new Option('-m, --reason <text>', 'why, for whoever asks later');
export const yesOption = () => new Option('-y, --yes', 'do not ask on a terminal whether it is meant');
export const dryRunOption = () =>
  new Option('--dry-run', 'check everything and change nothing; what would be refused is told').conflicts([
    'wait',
    'monitor',
    'timeout',
  ]);
export const waitOption = (until: string) => new Option('--wait', `wait until ${until}; Ctrl-C ends the waiting only`);
export const timeoutOption = () =>
  new Option(
    '--timeout <duration>',
    'how long to wait: 30s, 15m, 1h30m; exits with 3 when it is over (default: for ever)',
  )
    .argParser(durationMs)
    .implies({ wait: true });

/** Monitoring implies waiting. */
export const monitorOption = (what: string) => new Option('--monitor', what).implies({ wait: true });

export const tokenLifetime = () =>
  new Option('--expires-in <duration>', 'how long the bootstrap token works, 1m to 24h')
    .argParser(durationText)
    .default('30m');

export const deadlineOption = () =>
  new Option('--deadline <duration>', 'how long running sessions may take (default: for ever)').argParser(durationText);
export const onDeadlineOption = () =>
  new Option('--on-deadline <what>', 'what happens to sessions that still run at the deadline').choices([
    'wait',
    'terminate',
  ]);

export const atOption = () =>
  new Option('--at <time>', `when it begins (default: now): ${TIME_AHEAD} from now`)
    .argParser(timeAhead)
    .conflicts(['wait', 'monitor', 'timeout']);
export const untilOption = () =>
  new Option('--until <time>', 'when it ends by itself, as --at, or a duration from its beginning').argParser(
    timeAhead,
  );

export const windowOption = () =>
  new Option(
    '--window <name>',
    'nodes begin within this maintenance window only: rollcall maintenance window list',
  ).argParser(resourceName);

/** A parser of `-o`: one of the formats, or fields of the user's choice. */
function outputFormat<Format extends string>(formats: readonly Format[]): (text: string) => Format | OwnOutput {
  return (text) => {
    const format = formats.find((known) => known === text) ?? OwnOutput.parse(text);
    if (format === undefined)
      throw new InvalidArgumentError(`Allowed are ${formats.join(', ')}, jsonpath=PATH, columns=NAME:PATH,NAME:PATH.`);
    return format;
  };
}
