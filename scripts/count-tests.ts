import { readFileSync } from 'node:fs';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** Prints the one line that sums up a run: tests passed and failed. A file that could not even be loaded counts as one failed. */
const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Report;
const broken = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed`);
