/**
 * Writes src/model/popular-names.json from the installed `npm-high-impact`: `node tools/popular-names.ts 2026-09-23`, with
 * the day on which that version was published.
 */
import { writeFileSync } from 'node:fs';
import { loadNameLists } from './load-name-lists.ts';
import { renderPopularNames } from './render-popular-names.ts';

const [date = ''] = process.argv.slice(2);
if (/^\d{4}-\d\d-\d\d$/.test(date)) {
  const text = renderPopularNames(loadNameLists(date));
  writeFileSync(new URL('../src/model/popular-names.json', import.meta.url), text);
  console.log('src/model/popular-names.json is written. Run the tests of look-alikes, and read what changed.');
} else {
  console.error('Give the day on which the installed version of npm-high-impact was published: 2026-09-23');
  process.exitCode = 2;
}
