import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from './cruise.js';

/**
 * What workflow code could use in the sandbox but must not. Time comes from `Date.now()` and `sleep`, which Temporal replays; a JavaScript
 * timer in this code would be a mistake that the sandbox hides.
 */
const FORBIDDEN: [RegExp, string][] = [
  [/\bset(?:Timeout|Interval|Immediate)\b/, 'a JavaScript timer: use sleep'],
  [/\bperformance\b/, 'a clock that is not replayed: use Date.now'],
  [/\bprocess\.|\bprocess\b(?=\[)/, 'the process'],
  [/\brequire\(|\bimport\(/, 'a module loaded on the way'],
  [/\b(?:WeakRef|FinalizationRegistry)\b/, 'the garbage collector, which is not replayed'],
  [/\bcrypto\b|\bfetch\(/, 'the outside world'],
  [/\bnew (?:Map|Set)\b/, 'a Map or Set, which continue-as-new turns into {}'],
  [/from ['"]node:/, 'a Node API'],
];

async function workflowFiles(): Promise<string[]> {
  const files = await readdir(join(ROOT, 'workflows'), { recursive: true });
  return files.filter((file) => file.endsWith('.ts')).map((file) => join(ROOT, 'workflows', file));
}

describe('workflow code', () => {
  test('uses only what is the same at replay', async () => {
    const files = await workflowFiles();
    expect(files.length).toBeGreaterThan(5);
    const found: string[] = [];
    for (const file of files) {
      const text = (await readFile(file, 'utf8')).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      for (const [pattern, what] of FORBIDDEN) if (pattern.test(text)) found.push(`${file}: ${what}`);
    }
    expect(found).toEqual([]);
  });
});
