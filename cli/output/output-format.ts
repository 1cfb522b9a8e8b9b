import { InvalidArgumentError } from '@commander-js/extra-typings';
import { OwnOutput } from './own-output.js';

/** A parser of `-o`: one of the formats, or fields of the user's choice. */
export function outputFormat<Format extends string>(formats: readonly Format[]): (text: string) => Format | OwnOutput {
  return (text) => {
    const format = formats.find((known) => known === text) ?? OwnOutput.parse(text);
    if (format === undefined)
      throw new InvalidArgumentError(`Allowed are ${formats.join(', ')}, jsonpath=PATH, columns=NAME:PATH,NAME:PATH.`);
    return format;
  };
}
