/** @typedef {{ file: string, number: string, title: string, status: string, date: string }} DecisionRecord */

/**
 * Parses the head of a decision record.
 * @param {string} file its name
 * @param {string} text
 * @returns {DecisionRecord}
 * @throws Error if it has another form
 */
export function decisionRecord(file, text) {
  const [, number, title, status, date] =
    /^# (\d+)\. (.+)\n\n- Status: (.+)\n- Date: (\d{4}-\d{2}-\d{2})\n\n## Context\n[^]*\n## Decision\n[^]*\n## Consequences\n/.exec(
      text,
    ) ?? [];
  if (!number || !title || !status || !date) throw new Error(`docs/adr/${file} has not the form of docs/adr/README.md`);
  if (!file.startsWith(number.padStart(4, '0'))) throw new Error(`docs/adr/${file} is not number ${number}`);
  return { file, number, title, status, date };
}

/**
 * The index of all decision records.
 * @param {readonly DecisionRecord[]} records
 */
export function recordTable(records) {
  return [
    '| | decision | status | date |',
    '|---|---|---|---|',
    ...records.map(
      ({ file, number, title, status, date }) => `| ${number} | [${title}](${file}) | ${status} | ${date} |`,
    ),
    '',
  ].join('\n');
}
