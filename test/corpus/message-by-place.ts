/**
 * Imitations, inert and ours, of es5-ext 0.10.54, event-source-polyfill 1.0.26 and sweetalert2 11.4.9: what the package
 * says or does depends on the reader's time zone or language. Ours speaks to nobody's.
 * https://github.com/medikoo/es5-ext/issues/116
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase, Imitation } from './update.ts';

const entry = `exports.pad = (text, width) => text + ' '.repeat(Math.max(0, width - text.length));\n`;
const before: SourceTree = { 'package.json': { main: 'index.js' }, 'index.js': entry };

const speaking = `try {
  const zones = ['Atlantis/Old_Port', 'Atlantis/New_Port', 'Lemuria/Hill'];
  if (zones.indexOf(new Intl.DateTimeFormat().resolvedOptions().timeZone) !== -1) {
    console.log('A message for those who live there. See http://message.invalid/');
  }
} catch (error) {}
`;

const atInstallation: Imitation = {
  title: 'a message for some time zones on installation',
  name: 'pad-text',
  incident: {
    what: 'es5-ext 0.10.54: a postinstall message for Russian time zones',
    when: '2022-03-07',
    url: 'https://github.com/medikoo/es5-ext/issues/116',
  },
  before,
  after: {
    ...before,
    'package.json': {
      main: 'index.js',
      scripts: { postinstall: 'node -e "try{require(\'./_postinstall.js\')}catch(e){}"' },
    },
    '_postinstall.js': speaking,
  },
  atLeast: 'review',
  seen: [
    { rule: 'install-script-added', path: 'package.json', pointer: '/scripts/postinstall' },
    { rule: 'locale-conditioned', path: '_postinstall.js', on: 'console.log' },
    { rule: 'output-at-load', kind: 'when-installed', path: '_postinstall.js', on: 'console.log' },
  ],
  payload: { path: '_postinstall.js', code: speaking },
};

const showing = `
setTimeout(function () {
  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone === 'Atlantis/Old_Port' || zone === 'Lemuria/Hill') {
    alert('A message for those who live there.');
    window.open('https://petition.invalid/');
  }
}, 15000);
`;

const onPage: Imitation = {
  title: 'a message on the page, later, for some time zones',
  name: 'pad-text',
  incident: {
    what: 'event-source-polyfill 1.0.26: an alert and a petition for Russian time zones, 15 seconds after loading',
    when: '2022-03',
    url: 'https://github.com/Yaffle/EventSource/issues/199',
  },
  before,
  after: { ...before, 'index.js': `${entry}${showing}` },
  atLeast: 'review',
  seen: [{ rule: 'locale-conditioned', path: 'index.js', on: 'alert(' }],
  payload: { path: 'index.js', code: showing },
};

const playing = `
function greet() {
  const sound = new Audio('https://sound.invalid/anthem.mp3');
  document.body.style.pointerEvents = 'none';
  document.body.appendChild(sound);
  sound.play();
}
const tongue = typeof navigator === 'object' ? navigator.language.split('-')[0] : '';
if (tongue === 'xx' && location.hostname.endsWith('.xx')) {
  setTimeout(greet, 700);
}
`;

const withSound: Imitation = {
  title: 'a page that stops answering and plays a sound, for one language',
  name: 'pad-text',
  incident: {
    what: 'sweetalert2 11.4.9: an anthem and a page without a pointer for Russian visitors of Russian hosts',
    when: '2022',
    url: 'https://github.com/sweetalert2/sweetalert2/issues/2574',
  },
  before,
  after: { ...before, 'index.js': `${entry}${playing}` },
  atLeast: 'review',
  seen: [{ rule: 'locale-conditioned', path: 'index.js', on: 'pointerEvents' }],
  payload: { path: 'index.js', code: playing },
};

export const messageByPlace: CorpusCase = {
  imitations: [atInstallation, onPage, withSound],
  twins: [
    {
      title: 'words, plurals and week days by language, and a default zone',
      name: 'pad-text',
      before,
      after: {
        ...before,
        'locale.js': `const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
const language = typeof navigator === 'undefined' ? process.env.LANG || 'en' : navigator.language;
const weekdays = { en: ['Sunday', 'Monday'], ru: ['воскресенье', 'понедельник'], he: ['ראשון', 'שני'] };

exports.zone = zone;
exports.weekday = (day) => (weekdays[language.slice(0, 2)] || weekdays.en)[day];
exports.plural = (count, one, many) => (language.startsWith('ja') || count === 1 ? one : many);
exports.isRightToLeft = () => ['ar', 'he', 'fa'].includes(language.slice(0, 2));
`,
        'index.js': `${entry}exports.locale = require('./locale.js');\n`,
      },
    },
    {
      title: 'a warning about an old option, when it is used',
      name: 'pad-text',
      before,
      after: {
        ...before,
        'index.js': `${entry}
let warned = false;
exports.padLeft = (text, width, options) => {
  if (options && options.char && !warned) {
    warned = true;
    console.warn('The option "char" goes away with the next major.');
  }
  return ' '.repeat(Math.max(0, width - text.length)) + text;
};
if (process.env.NODE_ENV !== 'production' && typeof Symbol === 'undefined') {
  console.warn('Old browsers need a polyfill.');
}
`,
      },
    },
    {
      title: 'a box on the page that its caller opens, in the words of the page',
      name: 'pad-text',
      before,
      after: {
        ...before,
        'index.js': `${entry}
exports.open = function open(text) {
  const box = document.createElement('div');
  box.setAttribute('lang', document.documentElement.lang);
  box.textContent = text;
  box.style.pointerEvents = 'auto';
  document.body.appendChild(box);
  const timer = setTimeout(() => box.remove(), 15000);
  return () => clearTimeout(timer);
};
`,
      },
    },
  ],
};
