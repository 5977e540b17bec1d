/** Canonical names of the outside that tell where, when or for whom the code runs, with what they tell. */
import type { Guard } from '../../model/behavior.ts';
import type { DayPart } from './names-somebody.ts';

const tellers: readonly (readonly [Guard['test'], RegExp])[] = [
  ['time-zone', /resolvedOptions\(\)\.timeZone|^Date\(\)\.to(?:Time)?String\b|\.getTimezoneOffset|^process\.env\.TZ$/],
  [
    'language',
    /^navigator\.(?:language|languages|userLanguage|browserLanguage|systemLanguage)\b|^process\.env\.(?:LANG|LANGUAGE|LC_ALL|LC_MESSAGES)$|resolvedOptions\(\)\.locale|^npm:os-locale/,
  ],
  ['host', /^location\.(?:host|hostname|href|origin)\b|^document\.(?:domain|location)\b|^os\.hostname\b/],
  [
    'user',
    /^os\.userInfo\b|^process\.env\.(?:USER|USERNAME|LOGNAME|npm_package_(?:name|author|repository)\w*)$|^process\.project\.(?:name|author|repository|homepage|description)\b/,
  ],
];

/** What the package.json of the project is called that runs the program. */
export const projectManifest = 'process.project';

/** Members by which an answer from the network tells a place, whatever the object is called. */
export const placeMember: RegExp = /^(?:country|countryCode|country_code|country_name|countryName|geo|geoip)$/i;

/** Methods that ask for a text, or make another of it, or a list of texts: it still tells the same. */
const textMethods: ReadonlySet<string> = new Set(
  `toString valueOf toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase trim trimStart trimEnd split slice substring
  substr replace replaceAll concat normalize at charAt match matchAll pop shift reverse join map filter find digest update
  then startsWith endsWith includes indexOf lastIndexOf localeCompare search some every`.split(/\s+/),
);

/** Parts of a location or an account that tell no less than the whole. */
const telling: ReadonlySet<string> = new Set(
  'host hostname href origin domain username uid locale timeZone name email url'.split(' '),
);

/** What a name of the outside tells; what some other function, or a member of its own, makes of it tells something else. */
export function findTold(name: string): Guard['test'] | undefined {
  for (const [test, pattern] of tellers) {
    const match = pattern.exec(name);
    if (match === null) continue;
    const rest = name.slice(match.index + match[0].length).replace(/^\(\)/, '');
    if (rest.split('.').slice(1).every(keepsTelling)) return test;
  }
  return undefined;
}

function keepsTelling(step: string): boolean {
  if (step.endsWith('()')) return textMethods.has(step.slice(0, -2));
  return telling.has(step) || /^\d+$/.test(step);
}

/** What an instant is asked for, to compare it with a day, and which part of it that is. */
export const dayMethods: ReadonlyMap<string, DayPart> = new Map(
  (
    [
      ['FullYear', 'year'],
      ['Month', 'month'],
      ['Date', 'day'],
      ['Day', 'weekday'],
      ['Hours', 'hour'],
    ] as const
  ).flatMap(([name, part]) => [
    [`get${name}`, part],
    [`getUTC${name}`, part],
  ]),
);
/** What writes an instant down, its day included. */
export const dayTexts: ReadonlyMap<string, 'written'> = new Map(
  'toISOString toJSON toDateString toLocaleDateString toLocaleString toUTCString toGMTString'
    .split(' ')
    .map((name) => [name, 'written']),
);
/** What gives a number by chance. */
export const draws: ReadonlySet<string> = new Set(['random', 'getRandomValues', 'randomInt', 'randomBytes']);
/** An instant in milliseconds that lies after 2001: a date, not a duration. */
export const firstInstant: number = 1_000_000_000_000;
export const readsClock: RegExp = /^Date(?:\.now)?\(\)/;

/** The names that these expressions are about, part by part: what is not on the way to one of them is not followed. */
export const tellingNames: readonly string[] = [
  'Intl.DateTimeFormat().resolvedOptions().timeZone',
  'Intl.NumberFormat().resolvedOptions().locale',
  ...['Collator', 'PluralRules', 'RelativeTimeFormat', 'ListFormat', 'DisplayNames', 'Segmenter', 'DurationFormat'].map(
    (name) => `Intl.${name}().resolvedOptions().locale`,
  ),
  'Date().getTimezoneOffset()',
  'worker_threads.isMainThread',
  'Date().toString()',
  'Date().toTimeString()',
  'Date.now()',
  'Date.parse',
  'Date.UTC',
  ...['FullYear', 'Month', 'Date', 'Day'].flatMap((part) => [`Date().get${part}()`, `Date().getUTC${part}()`]),
  ...['language', 'languages', 'userLanguage', 'browserLanguage', 'systemLanguage'].map((name) => `navigator.${name}`),
  ...['TZ', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_MESSAGES', 'USER', 'USERNAME', 'LOGNAME'].map(
    (name) => `process.env.${name}`,
  ),
  ...['host', 'hostname', 'href', 'origin'].map((name) => `location.${name}`),
  'document.domain',
  'document.location',
  'os.hostname()',
  'os.userInfo()',
  'npm:os-locale()',
  ...['name', 'author', 'repository', 'homepage', 'description'].map((name) => `process.project.${name}`),
  ...['name', 'author', 'author_name', 'repository_url'].map((name) => `process.env.npm_package_${name}`),
];
