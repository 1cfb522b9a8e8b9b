import { Command as TypedCommand, type OptionValues } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import type { Call, CommandModule } from '../connection/call.js';

/** Makes the commander action of a command's module, which is loaded when it is called. */
export type Lazily = <Options extends OptionValues, Arguments extends unknown[]>(
  load: () => Promise<CommandModule<Options, Arguments>>,
) => (this: Command) => Promise<void>;

/** A command whose type includes its arguments and options. */
export function command(name: string): TypedCommand {
  return new TypedCommand(name);
}

/** Options of a command: `OptionsOf<typeof nodeListCommand>`. */
export type OptionsOf<Words extends (...given: never[]) => { opts: () => unknown }> = ReturnType<
  ReturnType<Words>['opts']
>;

/** A call of a command: `CallOf<typeof nodeDescribeCommand>`. */
export type CallOf<Words extends (...given: never[]) => { opts: () => unknown; processedArgs: unknown[] }> = Call<
  OptionsOf<Words>,
  ReturnType<Words>['processedArgs']
>;

/** Adds a command below `parent`. The type checker ensures that its module takes exactly its arguments and options. */
export function addCommand<Arguments extends unknown[], Options extends OptionValues>(
  parent: Command,
  words: TypedCommand<Arguments, Options>,
  lazily: Lazily,
  load: () => Promise<CommandModule<NoInfer<Options>, NoInfer<Arguments>>>,
  settings?: { hidden?: boolean; isDefault?: boolean },
): void {
  // The same class, for which extra-typings has the more exact types.
  const added = words as unknown as Command;
  added.copyInheritedSettings(parent).action(lazily(load));
  parent.addCommand(added, settings);
}
