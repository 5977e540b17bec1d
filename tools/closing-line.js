/**
 * The last line of CI: `N passed, N failed`. Usage: node tools/closing-line.js <vitest's JSON report> <exit status so far>.
 * A step that failed without a failing test (types, format, corpus) counts as one failure, so that the line never looks green.
 * Plain JavaScript: it must be able to say so when `npm ci` itself has failed.
 */
import { readFileSync } from 'node:fs';

const [reportPath = '', status = '1'] = process.argv.slice(2);
const { passed, failed } = countTests(reportPath);
console.log(`${passed} passed, ${status === '0' ? failed : Math.max(failed, 1)} failed`);

/** @param {string} path */
function countTests(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    return { passed: Number(report.numPassedTests), failed: Number(report.numFailedTests) };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
