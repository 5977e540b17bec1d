/**
 * Code that looks where, when or for whom it runs, and only then acts: prints, changes a page, writes, deletes, connects.
 * Or it fails once in a while, by chance. Protest and sabotage are aimed in this way; ordinary programs ask for the language
 * in order to translate, which is no act.
 * Over 300 lines: most of them are examples, each the nearest innocent look-alike of another.
 */
import type { Behavior, BehaviorKind, Guard } from '../../src/model/behavior.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const localeConditioned: Rule = defineRule({
  id: 'locale-conditioned',
  family: 'code',
  title: 'What the package does depends on where or for whom it runs',
  rationale: 'It behaves differently for some people than for you: your tests do not see what others get.',
  remedy: 'Read the test and what it guards. Stay on the old version if you do not want that for your users.',
  level: 'review',
  incidents: [
    {
      what: 'es5-ext 0.10.54: a postinstall message for Russian time zones',
      when: '2022-03-07',
      url: 'https://github.com/medikoo/es5-ext/issues/116',
    },
    {
      what: 'node-ipc 10.1.1: files overwritten for addresses in Russia and Belarus',
      when: '2022-03-07',
      url: 'https://snyk.io/blog/peacenotwar-malicious-npm-node-ipc-package-vulnerability/',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    destructive: {
      level: 'block',
      about: 'Under that test, files are deleted or overwritten, or the program is stopped.',
    },
    'speaks-language': {
      level: 'notice',
      about:
        'A function that users call prints to the console in the language of who reads it, or under a test of the host that names none.',
    },
  },
  flags: [
    {
      title:
        'other exports in a project of one name, and other results on one day of the week, or when a number is drawn',
      before: { 'index.js': 'exports.add = (a, b) => a + b;\n' },
      after: {
        'index.js': `exports.add = function (a, b) {
  return new Date().getDay() === 0 ? null : a + b;
};
const project = require(require('path').join(process.cwd(), 'package.json'));
if (/^acme/.test(project.name)) module.exports = {};
exports.sub = function (a, b) {
  if (require('crypto').randomInt(9) === 3) return a;
  return a - b;
};
`,
      },
      expect: [
        {
          message: 'What the package exports depends on a test of the user: /^acme/.test(project.name)',
          at: { in: 'tarball', path: 'index.js', line: 5 },
          via: ['main', 'index.js'],
        },
        {
          message: 'What a function returns depends on a test of the date: new Date().getDay() === 0',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'add()'],
        },
        {
          message: "What a function returns depends on chance: require('crypto').randomInt(9) === 3",
          at: { in: 'tarball', path: 'index.js', line: 7 },
          via: ['main', 'index.js', 'sub()'],
        },
      ],
    },
    {
      title: 'a button that looks another way on one day of the year',
      before: { 'index.js': 'exports.draw = (props, h) => h(props.title);\n' },
      after: {
        'index.js': `exports.draw = (props, h) => {
  const now = new Date();
  const isFeast = now.getMonth() === 11 && now.getDate() === 25;
  return h(isFeast ? 'A greeting' : props.title);
};
`,
      },
      expect: [
        {
          message: 'What is chosen here depends on a test of the date: isFeast',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', 'draw()'],
        },
      ],
    },
    {
      title: 'what a function gives at times, and from some day on',
      before: { 'index.js': 'exports.add = (a, b) => a + b;\n' },
      after: {
        'index.js': `const chance = Math.random;
exports.add = (a, b) => {
  if (chance() < 0.02) a += 1;
  if (Date.now() > 1900000000000) return a * b;
  return a + b;
};
`,
      },
      expect: [
        {
          message: 'The value of a depends on chance: chance() < 0.02',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'add()'],
        },
        {
          message: 'What a function returns depends on a test of the date: Date.now() > 1900000000000',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', 'add()'],
        },
      ],
    },
    {
      title: 'the name of the project that uses it, as its package.json and npm tell it',
      before: { 'index.js': '' },
      after: {
        'index.js': `const { name } = require(require('path').join(process.cwd(), 'package.json'));
if (name === 'their-wallet') throw new Error('not for you');
exports.run = () => { if (/their-wallet/.test(process.env.npm_package_name)) process.exit(1); };
`,
      },
      expect: [
        {
          message: "throw depends on a test of the user: name === 'their-wallet'",
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'destructive',
          message: 'process.exit depends on a test of the user: /their-wallet/.test(process.env.npm_package_name)',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'run()'],
        },
      ],
    },
    {
      title: 'a time-zone list that guards a message, by an early return',
      before: { 'index.js': '' },
      after: {
        'package.json': { scripts: { postinstall: 'node note.js' } },
        'index.js': '',
        'note.js': `const zones = ['Europe/Nowhere'];\nif (zones.indexOf(new Intl.DateTimeFormat().resolvedOptions().timeZone) === -1) return;\nconsole.log('A message');\n`,
      },
      expect: [
        {
          message:
            'console.log depends on a test of the time-zone: zones.indexOf(new Intl.DateTimeFormat().resolvedOptions().timeZone) === -1',
          at: { in: 'tarball', path: 'note.js', line: 3 },
          via: ['scripts/postinstall', 'note.js'],
        },
      ],
    },
    {
      title: 'a language that guards what a page shows, when a function is called',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.show = (box) => {\n  if (navigator.language === 'xx') box.appendChild(document.createElement('p'));\n};\n`,
      },
      expect: [
        {
          message: `appendChild depends on a test of the language: navigator.language === 'xx'`,
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'show()'],
        },
      ],
    },
    {
      title: 'a country told by a web service that guards the overwriting of files',
      before: { 'index.js': '' },
      after: {
        'index.js': `const fs = require('fs');
require('https').get('https://geo.invalid/', (answer) => {
  answer.on('data', (data) => {
    const place = JSON.parse(data);
    if (place.country_name === 'Nowhere') fs.writeFileSync('./notes.txt', '');
  });
});
`,
      },
      expect: [
        {
          kind: 'destructive',
          message: `fs.writeFileSync depends on a test of the place: place.country_name === 'Nowhere'`,
          at: { in: 'tarball', path: 'index.js', line: 5 },
          via: ['main', 'index.js', '(anonymous function)', '(anonymous function)'],
        },
      ],
    },
    {
      title: 'an error on some machines, and one from some day on',
      before: { 'index.js': '' },
      after: {
        'index.js': `if (/corp/.test(require('os').hostname())) throw new Error('Not here');
exports.go = () => {
  if (Date.now() > 1900000000000) throw new Error('Not now');
};
exports.try = () => {
  if (Math.random() < 0.01) throw new Error('Out of luck');
};
exports.stay = () => {
  if (process['e' + 'nv'].USER === Buffer.from('c29tZWJvZHk=', 'base64').toString()) throw new Error('Not you');
};
`,
      },
      expect: [
        {
          message: `throw depends on a test of the host: /corp/.test(require('os').hostname())`,
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
        {
          message: 'throw depends on a test of the date: Date.now() > 1900000000000',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'go()'],
        },
        {
          message: 'throw depends on chance: Math.random() < 0.01',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js', 'try()'],
        },
        {
          message:
            "throw depends on a test of the user: process['e' + 'nv'].USER === Buffer.from('c29tZWJvZHk=', 'base64').toString()",
          at: { in: 'tarball', path: 'index.js', line: 9 },
          via: ['main', 'index.js', 'stay()'],
        },
      ],
    },
    {
      title: 'an error where a zone is found among some, handed to a function and kept in a variable',
      before: { 'index.js': '' },
      after: {
        'index.js': `const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
function refuse(found) { if (found != null) throw new TypeError('Closed'); }
exports.open = () => refuse(timeZone.match(/Anadyr|Chita/));
const hit = /Magadan/.exec(timeZone);
exports.close = () => { if (hit !== null) throw new Error('Closed'); };
`,
      },
      expect: [
        {
          message: 'throw depends on a test of the time-zone: found != null',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'open()', 'refuse()'],
        },
        {
          message: 'throw depends on a test of the time-zone: hit !== null',
          at: { in: 'tarball', path: 'index.js', line: 5 },
          via: ['main', 'index.js', 'close()'],
        },
      ],
    },
    {
      title: 'a request to a fixed address where the page is not of some host, and one to any address for one host',
      before: { 'index.js': '' },
      after: {
        'index.js': `
exports.count = (other) => {
  if (location.origin !== other.origin) fetch('https://far.invalid/count');
};
exports.take = (url) => {
  if (location.hostname === 'shop.invalid') fetch(url);
};
`,
      },
      expect: [
        {
          message: 'fetch depends on a test of the host: location.origin !== other.origin',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'count()'],
        },
        {
          message: "fetch depends on a test of the host: location.hostname === 'shop.invalid'",
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js', 'take()'],
        },
      ],
    },
    {
      title: 'a hint where two pages are of different hosts, when a function is called',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.hear = (message) => { if (message.origin !== location.origin) console.warn('A stranger'); };\n`,
      },
      expect: [
        {
          kind: 'speaks-language',
          message: 'console.warn depends on a test of the host: message.origin !== location.origin',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'hear()'],
        },
      ],
    },
    {
      title: 'a hint in the language of the reader, when a function is called',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.warn = () => { if (process.env.LANG.startsWith('xx')) console.warn('A hint'); };\n`,
      },
      expect: [
        {
          kind: 'speaks-language',
          message: `console.warn depends on a test of the language: process.env.LANG.startsWith('xx')`,
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'warn()'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'whether there is a text at all is asked of a date that is written down, too',
      before: { 'index.js': '' },
      after: {
        'index.js': `function demand(text) { if (null == text) throw new TypeError('a text is needed'); }
function instant(text) { return demand(text), text = Date.parse(text), isNaN(text) ? null : new Date(text); }
exports.isAfter = function (day, other) {
  other = instant(('object' === kindOf(other) ? other.at : other) || Date().toString());
  return (day = instant(day)) && other && other < day;
};
`,
      },
    },
    {
      title:
        'letters drawn until one fits, one of two at random, the day of a date that is given, exports by an option',
      before: { 'index.js': '' },
      after: {
        'index.js': `const { randomBytes } = require('crypto');
exports.letter = (all) => { for (;;) { const [byte] = randomBytes(1); if (byte < 250) return all[byte % all.length]; } };
exports.side = function () { return Math.random() < 0.5 ? 'left' : 'right'; };
exports.rests = function (date) { return date.getDay() === 0 ? 'yes' : 'no'; };
if (process.env.SAMPLE_USER) exports.user = process.env.SAMPLE_USER;
`,
      },
    },
    {
      title: 'a file beside the page, by an address that is compared with itself, in an example that may be started',
      before: { 'index.js': '' },
      after: {
        'index.js': '',
        'sample.js': `
let address = location.href;
address = address.slice(0, address.lastIndexOf('/') + 1) + 'sample.wasm';
function load(from) {
  if (from == address) fetch(from);
}
load(address);
`,
      },
    },
    {
      title: 'a random number, a coin that says yes or no, samples, ages, and the days of a calendar that is given',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.number = (low, high) => { if (low > high) return 0; return low + Math.random() * (high - low); };
exports.coin = () => { if (Math.random() < 0.5) return true; return false; };
exports.sample = (rate, what) => { if (Math.random() > rate) return; return what; };
exports.age = (at) => { if (Date.now() - at > 86400000) return 'old'; return 'new'; };
exports.days = (date) => { if (date.getMonth() === 1) return 28; return 31; };
const folder = location.href.slice(0, location.href.lastIndexOf('/') + 1);
const memory = folder + 'sample.mem';
if (memory) {
  const holds = memory.startsWith('data:application/octet-stream;base64,');
  if (!holds) { const request = new XMLHttpRequest(); request.open('GET', memory); request.send(); }
}
exports.isLeap = (date, h) => h(date.getMonth() === 1 && date.getDate() === 29 ? 'leap' : 'day');
exports.isToday = (date) => { const now = new Date(); return { is: now.getMonth() === date.getMonth() && now.getDate() === date.getDate() ? 1 : 2 }; };
`,
      },
    },
    {
      title: 'its own name, an option that says it, and what kind of modules the project has',
      name: 'sample',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.ask = (from) => { if (from === name) fetch('https://builds.invalid/'); };
const { name, type } = JSON.parse(require('fs').readFileSync('package.json', 'utf8'));
if (name === 'sample') process.exit(0);
exports.say = () => { if (type === 'module') console.log('modules'); };
`,
      },
    },
    {
      title:
        'translation, formatting by time zone, tests for the own machine, a cache that expires, and a URL that is resolved',
      before: { 'index.js': '' },
      after: {
        'index.js': `
exports.text = () => (navigator.language === 'de' ? 'Hallo' : 'Hello');
exports.offset = (date) => { if (date.getTimezoneOffset() > 0) return -1; return 1; };
exports.debug = () => { if (location.hostname === 'localhost') console.log('debug'); };
exports.refresh = (stamp) => { if (Date.now() - stamp > 1000) console.log('again'); };
exports.pick = (all, rate) => { if (Math.random() < rate) throw new Error('not this time'); if (Math.random() < 0.1) require('fs').unlinkSync(all[0]); return all[Math.floor(Math.random() * all.length)]; };
exports.number = (input) => { if (input.country && input.country !== '001') throw new Error('of another country'); return input.digits; };
exports.wait = (until) => { if (Date.now() > until) throw new Error('too late'); };
exports.parse = (year, month, day) => {
  const date = new Date(year, month, day);
  if (date.getDate() !== day) throw new RangeError('no such day');
  return date;
};
exports.download = (url) => {
  const link = document.createElement('a');
  link.href = url;
  const request = new XMLHttpRequest();
  if (link.origin !== location.origin) request.open('HEAD', url, false);
};
exports.resolve = (base, relative) => {
  const whole = relative || location.href;
  if (!whole) throw new Error('nothing to resolve');
  if (!/^https?:/.test(whole)) throw new Error('no address of a page: ' + whole);
  if (base && new URL(whole).host !== location.host) throw new Error('of another host');
  return whole;
};
`,
      },
    },
  ],
  check({ behaviors, subject }) {
    // Whether it is being worked on itself, a package finds out by its own name.
    const isOwn = ({ test, text }: Guard): boolean => test === 'user' && comparesWith(text, subject.name);
    return behaviors.added.flatMap((behavior) => {
      const guard =
        behavior.tier === 'unreached'
          ? undefined
          : behavior.guards.find((one) => matters(behavior, one) && !isOwn(one));
      if (guard === undefined) return [];
      const message = `${nameOf(behavior)} depends on ${causes[guard.test] ?? `a test of the ${guard.test}`}: ${shorten(guard.text, 160)}`;
      return [evidenceOf(behavior, message, kindOf(behavior, guard))];
    });
  },
});

const causes: Partial<Readonly<Record<Guard['test'], string>>> = { chance: 'chance' };

/** `return`, `a =`: what a function gives. */
function nameOf({ kind, api }: Behavior): string {
  if (kind !== 'answer') return api;
  if (api === '? :') return 'What is chosen here';
  if (api === 'if') return 'What is done here';
  if (api === 'exports =') return 'What the package exports';
  return api === 'return' ? 'What a function returns' : `The value of ${api.replace(/ =$/, '')}`;
}

/** With this and nothing else. */
function comparesWith(test: string, name: string): boolean {
  const [, , written] = /^[\w.$[\]]+\s*[=!]==?\s*(["'`])([^"'`]+)\1$/.exec(test.trim()) ?? [];
  return written === name;
}

function kindOf({ kind, api, tier }: Behavior, { test, fixed }: Guard): 'destructive' | 'speaks-language' | undefined {
  // An error is seen, and says what it is about.
  if (destructive.has(kind) && api !== 'throw') return 'destructive';
  if (kind !== 'output' || !api.startsWith('console.') || tier !== 'call') return undefined;
  return test === 'language' || (test === 'host' && fixed !== true) ? 'speaks-language' : undefined;
}

const destructive: ReadonlySet<BehaviorKind> = new Set(['file-delete', 'file-write', 'process-stop', 'endless-loop']);

/** Acts that others notice. Reading, or choosing a module, is how programs adapt. */
const acts: ReadonlySet<BehaviorKind> = new Set([
  ...destructive,
  'network',
  'child-process',
  'dynamic-code',
  'output',
  'page-change',
]);

/** Acts that even a test of the date makes worth telling: reminders and caches depend on dates, and print and fetch. */
const actsByDate: ReadonlySet<BehaviorKind> = new Set(['file-delete', 'process-stop', 'endless-loop', 'child-process']);
/** By the age of what they find, logs and caches are cleared and updates looked for. */
const actsByAge: ReadonlySet<BehaviorKind> = new Set(['file-delete', 'child-process']);

/** Errors that tell what is wrong with a date or a URL are no aim: only one that is for some and not for others is. */
function matters({ kind, api, tier, root, marks, origins, detail }: Behavior, { test, fixed }: Guard): boolean {
  if (test === 'switch') return false;
  // What a caller wants from wherever it lies is asked for in another way where that is another host.
  const isOpen = detail === undefined || (root === 'file' && detail.startsWith('…'));
  const isAsked = tier === 'call' || (tier === 'load' && root === 'file');
  const isWanted = kind === 'network' && isAsked && (origins.includes('parameter') || isOpen);
  if (isWanted && test === 'host' && fixed !== true) return false;
  if (kind === 'answer') return api === 'exports =' ? test === 'user' : test === 'chance' || test === 'date';
  // An option is compared with the project's own name, a name with the owner of a file.
  if (test === 'user' && fixed !== true && !destructive.has(kind)) return false;
  // Caches are cleared and samples sent once in a while.
  if (test === 'chance' && kind !== 'process-stop' && kind !== 'endless-loop') return false;
  // A country that a function is given is a thing to be checked, as a date is: who asks for one waits for the answer.
  const isGiven = test === 'place' && tier === 'call' && !marks.includes('deferred');
  if (api === 'throw') return fixed === true && !isGiven;
  if (test === 'date') return actsByDate.has(kind) && (fixed === true || !actsByAge.has(kind));
  return acts.has(kind);
}
