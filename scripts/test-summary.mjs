// Summarizes jest's results (`--json --outputFile`). With --failed-files: the test files that failed, a line each.
// With the results of a first run and of a second one of what failed in it: what failed, and `N passed, N failed`.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** @param {string} file */
function resultsIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // it never came to results
  }
}

/** @param {any} results */
const failedFiles = (results) => results.testResults.filter((/** @type {any} */ file) => file.status === 'failed');

/** @param {any} results */
function describeFailures(results) {
  for (const file of failedFiles(results)) {
    const failed = file.assertionResults.filter((/** @type {any} */ test) => test.status === 'failed');
    console.log(`FAILED ${relative('.', file.name)}`);
    if (failed.length === 0) console.log(firstLines(file.message));
    for (const test of failed) console.log(`  - ${test.fullName}\n${firstLines(test.failureMessages.join('\n'))}`);
  }
}

/** @param {string} message */
const firstLines = (message) =>
  stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 12)
    .map((line) => `      ${line}`)
    .join('\n');

if (process.argv[2] === '--failed-files') {
  for (const file of failedFiles(resultsIn(process.argv[3] ?? ''))) console.log(relative('.', file.name));
} else {
  const [first, second] = process.argv.slice(2).map(resultsIn);
  if (first && first.numFailedTestSuites > 0) {
    console.log('\n== What failed');
    describeFailures(first);
  }
  if (second) {
    console.log('\n== What failed again when tried alone');
    describeFailures(second);
    if (second.numFailedTestSuites === 0) console.log('nothing: the tests above failed by chance');
  }
  const last = second ?? first;
  const failed = last ? last.numFailedTests + last.numRuntimeErrorTestSuites : 1;
  const passed = first ? first.numTotalTests - first.numPendingTests - (last?.numFailedTests ?? 0) : 0;
  console.log(`${passed} passed, ${failed} failed`);
}
