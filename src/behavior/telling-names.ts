/** Canonical names of the outside that tell where, when or for whom the code runs, with what they tell. */
import type { Guard } from '../model/behavior.ts';

export const tellers: readonly (readonly [Guard['test'], RegExp])[] = [
  ['time-zone', /resolvedOptions\(\)\.timeZone|\.getTimezoneOffset|^process\.env\.TZ$/],
  [
    'language',
    /^navigator\.(?:language|languages|userLanguage|browserLanguage|systemLanguage)\b|^process\.env\.(?:LANG|LANGUAGE|LC_ALL|LC_MESSAGES)$|resolvedOptions\(\)\.locale|^npm:os-locale/,
  ],
  ['host', /^location\.(?:host|hostname|href|origin)\b|^document\.(?:domain|location)\b|^os\.hostname\b/],
  ['user', /^os\.userInfo\b|^process\.env\.(?:USER|USERNAME|LOGNAME)$/],
];

/** Members by which an answer from the network tells a place, whatever the object is called. */
export const placeMember: RegExp = /^(?:country|countryCode|country_code|country_name|countryName|geo|geoip)$/i;

/** What an instant is asked for, to compare it with a day. */
export const dayMethods: ReadonlySet<string> = new Set(
  ['FullYear', 'Month', 'Date', 'Day'].flatMap((part) => [`get${part}`, `getUTC${part}`]),
);
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
];
