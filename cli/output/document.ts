import { escapeUnseen } from '../../contract/plain-text.js';

/** JSON may contain raw characters that a terminal acts on or does not show. Escaped, they are the same data. */
const inJson = (character: string) =>
  character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** YAML has a separate escape beyond 16 bits. */
const inYaml = (character: string) =>
  character.length === 1 ? inJson(character) : `\\U${character.codePointAt(0)?.toString(16).padStart(8, '0')}`;

/** JSON for people and jq: indented, ending with a line break, safe to show in a terminal. */
export function toJson(value: unknown): string {
  return `${escapeUnseen(JSON.stringify(value, null, 2), inJson)}\n`;
}

/** One line of JSON, for streams. */
export function toJsonLine(value: unknown): string {
  return `${escapeUnseen(JSON.stringify(value), inJson)}\n`;
}

/** YAML, safe to show in a terminal. Values that YAML 1.1 would read differently (`no`, `1_000`, `2026-01-01`) are quoted. */
export async function toYaml(value: unknown): Promise<string> {
  // Loaded on demand: it takes longer than the rest of the CLI.
  const { Document, Scalar, visit } = await import('yaml');
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && escapeUnseen(node.value, () => '') !== node.value)
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  // Only double-quoted text can still hold these characters, and there an escape is read as the character.
  return escapeUnseen(document.toString({ lineWidth: 0 }), inYaml);
}
