/**
 * Invisible characters that JSON may carry raw, though a terminal acts on them: DEL, C1 controls, text direction.
 * Escaped, they are still the same data.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what it escapes
const RAW = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON for people and for jq: indented, ending with a line break, safe to show in a terminal. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(RAW, escape)}\n`;
}

/** One line of JSON, for streams. */
export function toJsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(RAW, escape)}\n`;
}

/** YAML, safe to show in a terminal. */
export async function toYaml(value: unknown): Promise<string> {
  // Loaded on demand: it takes longer than all the rest of the CLI.
  const { Document, Scalar, visit } = await import('yaml');
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && node.value.search(RAW) !== -1) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  // Only double-quoted text can hold these characters now, and there an escape means the character.
  return document.toString({ lineWidth: 0 }).replace(RAW, escape);
}
