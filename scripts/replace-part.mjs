/**
 * Replaces the text between `<!-- NAME:begin -->` and `<!-- NAME:end -->`.
 * @param {string} document
 * @param {string} name
 * @param {string} content
 */
export function replacePart(document, name, content) {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [start, stop] = [document.indexOf(begin), document.indexOf(end)];
  if (start === -1 || stop < start)
    throw new Error(`the document has no part ${name}: it needs the lines ${begin} and ${end}`);
  return `${document.slice(0, start + begin.length)}\n${content}${document.slice(stop)}`;
}
