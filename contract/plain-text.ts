/** What terminals take for orders: CSI and OSC sequences, and other escapes. */
const ORDERS =
  // oxlint-disable-next-line no-control-regex -- control characters are what it finds
  /\u001b\][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;

/**
 * Characters that do something instead of showing something, or hide: controls, halves of characters, line and paragraph separators,
 * and all that Unicode calls ignorable where it is not understood: zero width, text direction, tags, fillers. Those stay that join two
 * emojis, choose an emoji's look, or keep letters of Arabic script apart.
 */
const UNSEEN =
  /(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)\u200d(?=\p{Extended_Pictographic})|(?<=\p{Extended_Pictographic})\ufe0f|(?<=\p{Script=Arabic})\u200c(?=\p{Script=Arabic}))[\p{Control}\p{Surrogate}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu;

/** `text` of elsewhere as one line that is safe to show: agents report text and people write reasons, and neither may move the reader's cursor or deceive the reader. */
export function plainText(text: string): string {
  return visibleText(text).replace(/ +/g, ' ').trim();
}

/** As {@link plainText}, with every space: they mean something in a query, in YAML and in columns. */
export function visibleText(text: string): string {
  return text.replace(ORDERS, '').replace(/\s/g, ' ').replace(UNSEEN, '');
}

/** `text` as lines that are safe to show, for prose that may have line breaks. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map(plainText);
}

/** `text` with each character that does not show made by `escape`: data that stays what it is. */
export function escapeUnseen(text: string, escape: (character: string) => string): string {
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escape(character)));
}
