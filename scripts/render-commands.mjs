/** @import { Command } from 'commander' */

/**
 * All commands of the CLI, from its help: a table for each group, and one for commands without a group.
 * @param {Command} program
 */
export function commandTables(program) {
  const commands = visible(program);
  const groups = commands.filter((command) => visible(command).length > 0);
  const single = commands.filter((command) => visible(command).length === 0);
  return [
    ...groups.flatMap((group) => [`### ${group.name()}`, '', ...table(leaves(group))]),
    '### Other commands',
    '',
    ...table(single),
  ].join('\n');
}

function table(/** @type {Command[]} */ commands) {
  return ['| command | what it does | options |', '|---|---|---|', ...commands.map(row), ''];
}

function row(/** @type {Command} */ command) {
  const words = [
    ...path(command),
    ...command.registeredArguments.map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    ),
  ];
  const options = command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help');
  return `| \`${words.join(' ')}\` | ${cell(command.description())} | ${options.map(({ flags }) => `\`${flags}\``).join('<br>')} |`;
}

/** @returns {string[]} without the program's own name */
function path(/** @type {Command} */ command) {
  return command.parent ? [...path(command.parent), command.name()] : [];
}

/** @returns {Command[]} */
function leaves(/** @type {Command} */ command) {
  const below = visible(command);
  return below.length === 0 ? [command] : below.flatMap(leaves);
}

/** @returns {Command[]} */
function visible(/** @type {Command} */ command) {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
}

function cell(/** @type {string} */ text) {
  return text.replaceAll('|', '\\|');
}
