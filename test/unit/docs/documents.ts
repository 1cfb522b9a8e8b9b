import { readdirSync } from 'node:fs';

export const ROOT = new URL('../../../', import.meta.url);

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage']);

/** Paths of all documents, except those of packages, builds and hidden folders. */
export const DOCUMENTS = documentsBelow('');

function documentsBelow(folder: string): string[] {
  return readdirSync(new URL(folder || '.', ROOT), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return NOT_OURS.has(entry.name) || entry.name.startsWith('.') ? [] : documentsBelow(`${folder}${entry.name}/`);
    return entry.name.endsWith('.md') ? [`${folder}${entry.name}`] : [];
  });
}
