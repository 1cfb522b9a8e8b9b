import { CONFIG_KEYS, type ConfigKey } from './config-keys.js';
import type { KeyAbout } from './key-about.js';

const MARKS = { 'at SIGHUP': '*', 'at joining': '+', 'with its file': ' ' } as const;
const WIDTH = 110;

/** One or more lines for each key of these sections: how a new value takes effect, the key, its meaning, and its default. */
export function settingsHelp(...sections: string[]): string {
  const keys = CONFIG_KEYS.filter(({ path }) => sections.some((section) => path.startsWith(`${section}.`)));
  const width = Math.max(...keys.map(({ path }) => path.length)) + 4;
  return keys
    .map((key) => {
      const { path, about } = key;
      const head = `${about.followed ? MARKS[about.followed] : ' '} ${path}`;
      return wrapped(`${about.means.replaceAll('`', '')}${defaultText(key)}`, WIDTH - width)
        .map((line, index) => `${(index === 0 ? head : '').padEnd(width)}${line}\n`)
        .join('');
    })
    .join('');
}

/** A duration includes its unit, and a port has none worth showing. */
const UNITS_SAID: readonly KeyAbout['unit'][] = ['per second', 'MB', 'heartbeats', 'nodes'];

function defaultText({ about, fallback }: ConfigKey): string {
  const text = about.unset ?? fallback;
  if (text === undefined) return '';
  return ` [${text}${UNITS_SAID.includes(about.unit) ? ` ${about.unit}` : ''}]`;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
