import type { Command } from 'commander';
import { EXAMPLES, EXIT_CODES } from './examples.js';

/**
 * The manual page of a program and all its commands, in section 1, with the macros of man(7).
 * @param version shown in its footer. There is no date, so that a version always has the same page
 */
export function manPage(program: Command, version: string): string {
  const name = program.name();
  return [
    `.TH ${text(name.toUpperCase())} 1 "" "${text(`${name} ${version}`)}" "Rollcall"`,
    '.SH NAME',
    `${text(name)} \\- ${text(withoutStop(program.description()))}`,
    '.SH SYNOPSIS',
    `.B ${text(name)}`,
    text('[options] command'),
    '.SH OPTIONS',
    'Every command takes them.',
    ...optionsOf(program),
    '.SH COMMANDS',
    ...leavesOf(program).flatMap(section),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([code, meaning]) => entry(String(code), meaning)),
    '.SH ENVIRONMENT',
    ...entry(
      'ROLLCALL_DEBUG',
      'where it is set, the id of the trace that requests are part of is printed, and a failure is told with where it happened',
    ),
    ...entry(
      'TRACEPARENT, TRACESTATE',
      'a trace (W3C Trace Context) that requests become part of; where OTEL_EXPORTER_OTLP_ENDPOINT is set instead, each command begins one. Failures name it',
    ),
    ...entry('NO_COLOR', 'where it is set, nothing is coloured'),
    '.PP',
    'Options name the others.',
    '.SH EXAMPLES',
    '.nf',
    ...EXAMPLES.map(text),
    '.fi',
    '',
  ].join('\n');
}

function section(command: Command): string[] {
  const words = [pathOf(command), command.createHelp().commandUsage(command).split(' [options]')[1] ?? ''];
  return [
    `.SS ${quoted(words.join(''))}`,
    `${text(command.description())}.`,
    ...command
      .createHelp()
      .visibleArguments(command)
      .flatMap((argument) =>
        entry(command.createHelp().argumentTerm(argument), command.createHelp().argumentDescription(argument)),
      ),
    ...optionsOf(command),
  ];
}

function optionsOf(command: Command): string[] {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .flatMap((option) => entry(help.optionTerm(option), help.optionDescription(option)));
}

/** Commands without subcommands, in the order of the help. */
function leavesOf(command: Command): Command[] {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
  return below.length === 0 ? [command] : below.flatMap(leavesOf);
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function entry(term: string, meaning: string): string[] {
  return ['.TP', `.B ${quoted(term)}`, text(meaning)];
}

function quoted(words: string): string {
  return `"${text(words).replaceAll('"', '""')}"`;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** One line of text, escaped so that nothing is read as a request. */
function text(words: string): string {
  return words
    .replaceAll(/\s+/g, ' ')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&');
}
