/**
 * What the outside can do: names of Node's, the browser's and well-known packages' functions, and what using one means.
 * Names are canonical (see `value.ts`): `child_process.exec`, `npm:axios.get`, `fetch`.
 */
import type { BehaviorKind } from '../../model/behavior.ts';
import { flow } from '../values/flow.ts';

/** Which argument says most, and how to read it. */
export type DetailShape = 'command' | 'program' | 'url' | 'path' | 'destination' | 'code' | 'text' | 'none';

export interface Api {
  readonly kind: BehaviorKind;
  readonly detail: DetailShape;
  /** What flows out of it: into its value, and into the parameters of its callbacks. */
  readonly gives?: number;
}

const command: Api = { kind: 'child-process', detail: 'command' };
const program: Api = { kind: 'child-process', detail: 'program' };
const request: Api = { kind: 'network', detail: 'url', gives: flow.fetched };
/** What goes out over a connection that was made before. */
const sending: Api = { kind: 'disclosure', detail: 'none' };
/** A port is opened: who connects is not told. */
const listens: Api = { kind: 'network', detail: 'none', gives: flow.fetched };
const lookup: Api = { kind: 'network', detail: 'text', gives: flow.fetched };
const fileRead: Api = { kind: 'file-read', detail: 'path', gives: flow.file };
const listing: Api = { kind: 'file-read', detail: 'path', gives: flow.file | flow.listing };
const fileWrite: Api = { kind: 'file-write', detail: 'path' };
const fileCopy: Api = { kind: 'file-write', detail: 'destination' };
const fileDelete: Api = { kind: 'file-delete', detail: 'path' };
const code: Api = { kind: 'dynamic-code', detail: 'code' };
/** Its parameters' names come first, its body last. */
const functionBody: Api = { kind: 'dynamic-code', detail: 'text' };
const output: Api = { kind: 'output', detail: 'text' };
const stop: Api = { kind: 'process-stop', detail: 'none' };
const native: Api = { kind: 'native-code', detail: 'text' };
const page: Api = { kind: 'page-change', detail: 'text' };

const exact: ReadonlyMap<string, Api> = new Map([
  ...named('child_process', command, 'exec', 'execSync'),
  ...named('child_process', program, 'execFile', 'execFileSync', 'spawn', 'spawnSync', 'fork'),
  ...plain(program, 'npm:cross-spawn', 'npm:cross-spawn.sync', 'npm:cross-spawn.spawn', 'npm:execa', 'npm:execa.execa'),
  ...plain(program, 'npm:execa.sync', 'npm:execa.execaSync', 'npm:execa.node', 'npm:execa.execaNode', 'npm:npm-run'),
  ...plain(command, 'npm:execa.command', 'npm:execa.execaCommand', 'npm:execa.commandSync', 'npm:shelljs.exec'),
  ...plain(command, 'npm:execa.$', 'npm:zx.$', 'npm:execa.execaCommandSync', 'npm:child-process-promise.exec'),
  ...plain(program, 'npm:child-process-promise.spawn', 'npm:spawn-sync', 'npm:tinyexec.x', 'npm:tinyexec.exec'),
  ...plain(program, 'Deno.Command', 'Bun.spawn', 'Bun.spawnSync', 'npm:win-spawn'),

  ...named('http', request, 'request', 'get'),
  ...named('https', request, 'request', 'get'),
  ...named('http2', request, 'connect'),
  ...['http', 'https', 'net', 'tls', 'http2'].flatMap((module) => [
    ...named(`${module}.createServer()`, listens, 'listen'),
    ...named(`${module}.Server()`, listens, 'listen'),
  ]),
  ...plain(listens, 'inspector.open', 'repl.start', 'Bun.serve', 'Deno.serve', 'Deno.listen'),
  ...named('net', request, 'connect', 'createConnection', 'Socket', 'Socket().connect'),
  ...named('tls', request, 'connect'),
  ...named('dgram', request, 'createSocket'),
  ...['dns', 'dns.Resolver()'].flatMap((asked) =>
    named(asked, lookup, 'lookup', 'resolve', 'resolve4', 'resolve6', 'resolveTxt', 'resolveAny', 'resolveCname'),
  ),
  ...plain(request, 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'navigator.sendBeacon', 'importScripts'),
  ...['$', 'jQuery'].flatMap((module) => named(module, request, 'ajax', 'get', 'post', 'getJSON', 'getScript')),
  ...plain(
    request,
    'net.Socket().connect',
    'XMLHttpRequest().open',
    'npm:ws',
    'npm:ws.WebSocket',
    'RTCPeerConnection',
    'WebTransport',
  ),

  ...['http.request', 'https.request', 'net.connect', 'net.createConnection', 'net.Socket', 'tls.connect'].flatMap(
    (made) => named(`${made}()`, sending, 'write', 'end', 'setHeader'),
  ),
  ...['http2.connect().request', 'dgram.createSocket', 'WebSocket', 'npm:ws', 'npm:ws.WebSocket'].flatMap((made) =>
    named(`${made}()`, sending, 'send', 'write', 'end'),
  ),
  ...named('XMLHttpRequest()', sending, 'send', 'setRequestHeader'),
  ...['get', 'post', 'put', 'patch'].flatMap((method) =>
    named(`npm:superagent.${method}()`, sending, 'send', 'set', 'query'),
  ),

  ...named('fs', fileRead, 'readFile', 'readFileSync', 'createReadStream', 'openAsBlob'),
  ...named('fs', listing, 'readdir', 'readdirSync', 'opendir', 'opendirSync', 'glob', 'globSync'),
  ...named('fs', fileWrite, 'writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'createWriteStream'),
  ...named('fs', fileWrite, 'truncate', 'truncateSync', 'chmod', 'chmodSync', 'outputFile', 'outputFileSync'),
  ...named('fs', fileWrite, 'outputJson', 'outputJsonSync', 'writeJson', 'writeJsonSync'),
  ...named(
    'fs',
    fileCopy,
    'copyFile',
    'copyFileSync',
    'cp',
    'cpSync',
    'rename',
    'renameSync',
    'symlink',
    'symlinkSync',
  ),
  ...named('fs', fileDelete, 'unlink', 'unlinkSync', 'rm', 'rmSync', 'rmdir', 'rmdirSync', 'remove', 'removeSync'),
  ...plain(fileCopy, 'npm:asar.createPackage', 'npm:@electron/asar.createPackage'),
  ...named('fs', fileDelete, 'emptyDir', 'emptyDirSync'),
  ...plain(fileDelete, 'npm:rimraf', 'npm:rimraf.sync', 'npm:rimraf.rimraf', 'npm:rimraf.rimrafSync', 'npm:del'),
  ...plain(fileDelete, 'npm:del.sync', 'npm:del.deleteAsync', 'npm:del.deleteSync', 'npm:shelljs.rm'),

  ...plain(functionBody, 'Function'),
  ...plain(code, 'eval', 'vm.runInThisContext', 'vm.runInNewContext', 'vm.runInContext', 'vm.Script'),
  ...plain(code, 'vm.compileFunction', 'vm.SourceTextModule', 'worker_threads.Worker', 'execScript', 'module._compile'),
  ...plain(code, 'module.Module._compile', 'module.Module.prototype._compile', 'module.prototype._compile'),

  ...['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'].map((name): [string, Api] => [
    `console.${name}`,
    output,
  ]),
  ...plain(output, 'process.stdout.write', 'process.stderr.write', 'process._rawDebug', 'npm:print', 'util.log'),
  ...plain(stop, 'process.exit', 'process.abort', 'process.reallyExit', 'process.kill', 'Deno.exit', 'Atomics.wait'),
  ...plain(native, 'process.binding', 'process.dlopen', 'process._linkedBinding', 'WebAssembly.instantiate'),
  ...plain(native, 'WebAssembly.Module', 'WebAssembly.compile', 'WebAssembly.instantiateStreaming', 'npm:bindings'),
  ...plain(native, 'npm:node-gyp-build', 'npm:ffi-napi.Library'),
  ...plain(page, 'alert', 'confirm', 'prompt', 'open', 'document.write', 'document.writeln', 'location.assign'),
  ...plain(page, 'location.replace', 'Notification', 'Audio().play', 'document.body.appendChild'),
]);

/** Clients whose every function sends a request. */
const clients = [
  'npm:axios',
  'npm:got',
  'npm:node-fetch',
  'npm:request',
  'npm:request-promise',
  'npm:superagent',
  'npm:needle',
  'npm:undici',
  'npm:ky',
  'npm:cross-fetch',
  'npm:isomorphic-fetch',
  'npm:node-fetch-native',
  'npm:phin',
  'npm:bent',
  'npm:make-fetch-happen',
  'npm:minipass-fetch',
];
const clientCalls: ReadonlySet<string> = new Set([
  '',
  'request',
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'del',
  'head',
  'fetch',
  'stream',
  'default',
  '$',
]);

/** Clones of Node's `fs` with the same names. */
const fileSystems = ['npm:fs-extra', 'npm:graceful-fs', 'npm:fs-jetpack', 'npm:mz.fs', 'npm:memfs'];

export function findApi(name: string): Api | undefined {
  const known = exact.get(name);
  if (known !== undefined) return known;
  if (name.endsWith('._compile')) return code;
  if (!name.startsWith('npm:')) return undefined;
  for (const client of clients) {
    if (name === client) return request;
    if (name.startsWith(`${client}.`) && clientCalls.has(name.slice(client.length + 1))) return request;
  }
  for (const clone of fileSystems) {
    if (name.startsWith(`${clone}.`)) return exact.get(`fs.${name.slice(clone.length + 1)}`);
  }
  return undefined;
}

/** What a call of an outside function gives, where that matters for what it flows into. */
export function givenBy(name: string): number {
  const api = findApi(name);
  if (api?.gives !== undefined) return api.gives;
  if (serves.test(name)) return flow.fetched;
  return decoder.test(name) ? flow.decoded : 0;
}

/** What whoever connects sends is as foreign as an answer. */
const serves = /^(?:https?|http2|net|tls)\.(?:createServer|createSecureServer|Server)$/;

const decoder =
  /^(?:atob|unescape|(?:util\.)?TextDecoder\(\)\.decode|zlib\.(?:gunzip|inflate|inflateRaw|unzip|brotliDecompress)(?:Sync)?|crypto\.createDecipher(?:iv)?\(\)\.(?:update|final)|npm:(?:pako\.(?:inflate|ungzip)|lz-string\.decompress\w*|crypto-js\.\w+\.decrypt|atob|js-base64\.\w+))$/;

/** Methods that run the function they are given at once, whatever they are called on. */
const runsNow = new Set([
  'forEach', 'map', 'filter', 'reduce', 'reduceRight', 'some', 'every', 'find', 'findIndex', 'findLast', 'flatMap',
  'replace', 'replaceAll', 'sort', 'from',
]); // biome-ignore format: a list of names

/** Methods that run it later, by themselves. */
const runsLater = new Set([
  'then', 'catch', 'finally', 'on', 'once', 'addListener', 'addEventListener', 'prependListener', 'pipe',
  'nextTick', 'subscribe', 'ready',
]); // biome-ignore format: a list of names

const runnersNow = new Set(['Promise', 'define', 'Array.from', 'npm:tslib.__awaiter', 'Reflect.apply', 'JSON.parse']);
const runnersLater = new Set([
  'Promise.resolve().then',
  'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'process.nextTick', 'requestAnimationFrame',
  'requestIdleCallback', 'addEventListener', 'timers.setTimeout', 'timers.setInterval', 'timers.setImmediate',
]); // biome-ignore format: a list of names

/** Node's modules whose functions take nothing but callbacks that they call by themselves; their names stand below. */
const answersLater = /^(?:fs|crypto|zlib|dns|npm:(?:fs-extra|graceful-fs))\./;

/** Whether a function given to this call runs without anybody's further doing, and when. */
export function runsCallback(name: string | undefined, method: string | undefined): 'now' | 'later' | undefined {
  if (name !== undefined) {
    if (runnersNow.has(name)) return 'now';
    if (runnersLater.has(name) || findApi(name)?.gives !== undefined) return 'later';
    if (findApi(name)?.kind === 'child-process' || answersLater.test(name) || serves.test(name)) return 'later';
  }
  if (method === undefined) return undefined;
  if (runsNow.has(method)) return 'now';
  return runsLater.has(method) ? 'later' : undefined;
}

/** What else takes a callback there. */
const answering =
  `access appendFile chmod chown close copyFile cp exists fchmod fchown fdatasync fstat fsync ftruncate futimes
  glob lchown link lstat lutimes mkdir mkdtemp open opendir read readFile readdir readlink readv realpath rename rm rmdir stat
  statfs symlink truncate unlink unwatchFile utimes watch watchFile write writeFile writev createReadStream createWriteStream
  randomBytes randomFill randomInt pbkdf2 scrypt hkdf generateKey generateKeyPair generatePrime checkPrime sign verify argon2
  gzip gunzip deflate deflateRaw inflate inflateRaw unzip brotliCompress brotliDecompress zstdCompress zstdDecompress
  lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr
  resolveSoa resolveSrv resolveTlsa resolveTxt reverse`.split(/\s+/);

/** Scripts that stay in a browser and answer for it. */
export const workerRegistrations: readonly string[] = ['navigator.serviceWorker.register'];
/** What a page's wallet is asked by. */
export const walletCalls: readonly string[] = ['ethereum', 'solana'].flatMap((wallet) =>
  ['request', 'send', 'sendAsync', 'signTransaction', 'signAllTransactions', 'signAndSendTransaction'].map(
    (method) => `${wallet}.${method}`,
  ),
);
export const clipboardWrite = 'navigator.clipboard.writeText';

/** Every name that means something here, whole: what cannot become one of them leads to nothing that is told. */
export const catalogNames: readonly string[] = [
  ...exact.keys(),
  ...clients.flatMap((client) => [...clientCalls].map((name) => `${client}.${name}`)),
  ...fileSystems.flatMap((clone) => answering.map((name) => `${clone}.${name}`)),
  ...['fs', 'crypto', 'zlib', 'dns'].flatMap((module) => answering.map((name) => `${module}.${name}`)),
  ...runnersNow,
  ...runnersLater,
  'module._compile',
  ...workerRegistrations,
  ...walletCalls,
  clipboardWrite,
];

/** Timers that call again and again, or that a function can use to call itself for ever. */
export const timers: ReadonlySet<string> = runnersLater;

function named(module: string, api: Api, ...names: string[]): [string, Api][] {
  return names.flatMap((name): [string, Api][] => [[`${module}.${name}`, api]]);
}

function plain(api: Api, ...names: string[]): [string, Api][] {
  return names.map((name) => [name, api]);
}
