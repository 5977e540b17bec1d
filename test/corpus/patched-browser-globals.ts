/**
 * An imitation, inert and ours, of chalk 5.6.1: obfuscated code at the top of the entry wraps fetch, XMLHttpRequest and
 * window.ethereum, and swaps addresses in what passes. Ours swaps nothing for nothing.
 * https://www.aikido.dev/blog/npm-debug-and-chalk-packages-compromised
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const entry = `const levels = { none: 0, basic: 1 };

export const tint = (code, text) => '\\u001b[' + code + 'm' + text + '\\u001b[39m';
export const red = (text) => tint(31, text);
export { levels };
`;

const before: SourceTree = {
  'package.json': { type: 'module', exports: './source/index.js' },
  'source/index.js': entry,
};

const wrapping = `const _0x3b1a=['request','ethereum','send','prototype','then','text','to','nobody-1','nobody-2'];
const _0x51c4=function(_0x1d,_0x2e){return _0x3b1a[(_0x1d-0x10)^0x0];};
function _0x77aa(_0x5a){for(const _0x6b of [_0x51c4(0x17)]){_0x5a=_0x5a.split(_0x6b).join(_0x51c4(0x18));}return _0x5a;}
const _0x9f=globalThis;if(typeof window!=='undefined'&&typeof window[_0x51c4(0x11)]!=='undefined'){
const _0xa1=window[_0x51c4(0x11)][_0x51c4(0x10)];window.ethereum.request=async function(_0xb2){_0xb2[_0x51c4(0x16)]=_0x77aa('');return _0xa1.call(this,_0xb2);};}
const _0xc3=_0x9f.fetch;_0x9f.fetch=async function(..._0xd4){const _0xe5=await _0xc3(..._0xd4);return new Response(_0x77aa(await _0xe5.text()));};
const _0xf6=XMLHttpRequest.prototype.send;XMLHttpRequest.prototype.send=function(_0x07){return _0xf6.call(this,_0x77aa(String(_0x07)));};
`;

export const patchedBrowserGlobals: CorpusCase = {
  imitations: [
    {
      title: 'obfuscated code in the entry wraps what the browser sends and gets',
      name: 'tint',
      incident: {
        what: 'chalk 5.6.1, debug 4.4.2 and others: wallet addresses swapped in whatever the browser sent or got',
        when: '2025-09-08',
        url: 'https://www.aikido.dev/blog/npm-debug-and-chalk-packages-compromised',
      },
      before,
      after: { ...before, 'source/index.js': `${wrapping}${entry}` },
      atLeast: 'review',
      seen: [],
      owed: { level: 'block', rules: ['obfuscation-added', 'globals-patched'] },
    },
  ],
  twins: [
    {
      title: 'a polyfill guarded by a feature test, and a test of what the browser can do',
      name: 'tint',
      before,
      after: {
        ...before,
        'source/index.js': `${entry}
if (typeof globalThis.queueMicrotask !== 'function') {
  globalThis.queueMicrotask = (task) => Promise.resolve().then(task);
}
if (!String.prototype.at) {
  String.prototype.at = function at(index) {
    return this.charAt(index < 0 ? this.length + index : index);
  };
}
export const isBrowser = typeof window !== 'undefined' && typeof window.document !== 'undefined';
`,
      },
    },
    {
      title: 'a minified build that replaces a minified build',
      name: 'tint',
      before: {
        ...before,
        'dist/tint.min.js': `const n={none:0,basic:1},t=(n,t)=>"\\u001b["+n+"m"+t+"\\u001b[39m";export{t as tint,n as levels};\n`,
      },
      after: {
        ...before,
        'dist/tint.min.js': `const e={none:0,basic:1,full:2};function o(e,o){return"\\u001b["+e+"m"+o+"\\u001b[39m"}const r=e=>o(31,e);export{o as tint,r as red,e as levels};\n`,
      },
    },
  ],
};
