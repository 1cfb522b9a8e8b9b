import { styleText } from 'node:util';
import { visibleText } from '../../contract/plain-text.js';

/** One line of a description: name and value. Further lines of a value are aligned with its first. */
export type Field = readonly [name: string, value: string | readonly string[]];

/** Lines `Name   value` with the values in one column. Fields without a value are left out. */
export function fieldLines(fields: readonly Field[], indent = ''): string[] {
  const shown = fields
    .map(([name, value]) => [name, typeof value === 'string' ? [value] : value] as const)
    .filter(([, lines]) => lines.some((line) => line !== ''));
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.flatMap(([name, lines]) =>
    lines.map((line, index) => `${indent}${(index === 0 ? name : '').padEnd(width)}  ${visibleText(line)}`.trimEnd()),
  );
}

/** A titled part of a description, or nothing if it has no lines. */
export function section(title: string, lines: readonly string[], colours: boolean): string[] {
  if (lines.length === 0) return [];
  return [
    '',
    colours ? styleText('bold', title, { validateStream: false }) : title,
    ...lines.map((line) => (line === '' ? line : `  ${line}`)),
  ];
}
