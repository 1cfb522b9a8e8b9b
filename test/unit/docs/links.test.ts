import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { DOCUMENTS, ROOT } from './documents.js';

/** The text without code blocks and inline code. */
const proseOf = (text: string) =>
  text.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));

function linksIn(text: string): string[] {
  return [...proseOf(text).matchAll(/\]\(<?([^)\s>]+)>?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors, as GitHub derives them from headings. */
function anchorsIn(text: string): Set<string> {
  return new Set(
    [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** In backquotes, from the root of the project, with or without a test's title. */
const FILE_OF_OURS =
  /`((?:contract|workflows|activities|src|agent|cli|web|client|embedded|scripts|test|bench|docs|docker|\.ci)\/[\w./-]*\w)(?=[`:])/g;

describe('documents', () => {
  test('exist in number', () => {
    expect(DOCUMENTS.length).toBeGreaterThan(30);
  });

  test.each(DOCUMENTS)('%s: every link has a target', async (path) => {
    const text = await readFile(new URL(path, ROOT), 'utf8');
    const broken: string[] = [];
    for (const link of linksIn(text)) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? new URL(path, ROOT) : new URL(file, new URL(path, ROOT));
      if (!existsSync(target)) broken.push(link);
      else if (anchor !== undefined && !anchorsIn(await readFile(target, 'utf8')).has(anchor)) broken.push(link);
    }
    expect(broken).toEqual([]);
  });

  test('every document is reachable from README.md', async () => {
    const reached = new Set<string>();
    const open = ['README.md'];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (reached.has(path)) continue;
      reached.add(path);
      const text = await readFile(new URL(path, ROOT), 'utf8');
      for (const link of linksIn(text)) {
        const target = new URL(link.split('#')[0] ?? '', new URL(path, ROOT)).href.slice(ROOT.href.length);
        if (target.endsWith('.md') && existsSync(new URL(target, ROOT))) open.push(target);
      }
    }
    expect(DOCUMENTS.filter((path) => !reached.has(path))).toEqual([]);
  });

  test.each(DOCUMENTS)('%s: every named file of the project exists', async (path) => {
    const text = await readFile(new URL(path, ROOT), 'utf8');
    const files = [...text.matchAll(FILE_OF_OURS)].map(([, file = '']) => file);
    expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
  });
});
