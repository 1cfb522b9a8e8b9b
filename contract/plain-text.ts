/** What terminals interpret: CSI and OSC sequences, and other escapes. */
const ORDERS =
  // oxlint-disable-next-line no-control-regex -- control characters are what it finds
  /\u001b\][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;

/**
 * Characters that act or hide instead of showing something: controls, lone surrogates, line and paragraph separators, and all that Unicode
 * declares ignorable: zero width, text direction, tags, fillers. Exceptions are those that join two
 * emojis, choose an emoji's presentation, or separate letters of Arabic script.
 */
const UNSEEN =
  /(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)\u200d(?=\p{Extended_Pictographic})|(?<=\p{Extended_Pictographic})\ufe0f|(?<=\p{Script=Arabic})\u200c(?=\p{Script=Arabic}))[\p{Control}\p{Surrogate}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu;

/** Makes `text` from elsewhere (agents' reports, people's reasons) one line that is safe to show: it can neither move the cursor nor deceive. */
export function plainText(text: string): string {
  return visibleText(text).replace(/ +/g, ' ').trim();
}

/** Like {@link plainText}, but keeps all spaces, which matter in a query, in YAML and in columns. */
export function visibleText(text: string): string {
  return text.replace(ORDERS, '').replace(/\s/g, ' ').replace(UNSEEN, '');
}

/** Makes `text` lines that are safe to show, for prose that may have line breaks. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map(plainText);
}

/** Replaces each invisible character of `text` by `escape`, for data that must stay the same. */
export function escapeUnseen(text: string, escape: (character: string) => string): string {
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escape(character)));
}
