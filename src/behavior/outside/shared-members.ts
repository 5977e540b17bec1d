/**
 * Objects that the whole program shares, by their canonical names, and what others rely on there. A name that the object does
 * not have is its writer's own. `[…]` stands for a name that the text does not tell: where it is listed, nothing of the object
 * is anybody's own.
 */
export const sharedMembers: ReadonlyMap<string, RegExp> = new Map([
  [
    'globalThis',
    /^(?:fetch|XMLHttpRequest|WebSocket|EventSource|ethereum|solana|eval|Function|Promise|JSON|console|crypto|localStorage|open|alert|postMessage)$/,
  ],
  ['console', /^(?:log|error|warn|info|debug|trace)$/],
  ['process', /^(?:exit|emit|on|binding|dlopen|kill|stdout|stderr|getBuiltinModule)$/],
  ['process.stdout', /^write$/],
  ['process.stderr', /^write$/],
  ['module', /^(?:_load|_resolveFilename|_compile|wrap|require|createRequire|_extensions)$/],
  ['module.Module', /^(?:_load|_resolveFilename|_compile|wrap|createRequire|_extensions)$/],
  ['module.prototype', /^(?:require|_compile|load)$/],
  ['module.Module.prototype', /^(?:require|_compile|load)$/],
  ['module._extensions', /^\.[cm]?js(?:on)?$|^\.node$/],
  ['http', /^(?:request|get|createServer|ClientRequest)$/],
  ['https', /^(?:request|get|createServer)$/],
  ['http.Server.prototype', /^(?:emit|on|addListener|listen)$/],
  ['https.Server.prototype', /^(?:emit|on|addListener|listen)$/],
  ['net.Server.prototype', /^(?:emit|on|listen)$/],
  ['net.Socket.prototype', /^(?:emit|on|write|connect|end)$/],
  ['tls.TLSSocket.prototype', /^(?:emit|on|write|connect|end)$/],
  ['events.EventEmitter.prototype', /^emit$/],
  ['events.prototype', /^emit$/],
  ['require.cache.*.exports', /./],
  ['Math', /^random$/],
  ['Date', /^now$/],
  ['net', /^(?:connect|createConnection|Socket)$/],
  ['tls', /^connect$/],
  ['dns', /^(?:lookup|resolve)/],
  ['child_process', /^(?:exec|spawn|fork)/],
  ['fs', /^(?:readFile|writeFile|open|createReadStream)(?:Sync)?$/],
  ['crypto', /^(?:random|create|getRandom|subtle)/],
  ['crypto.webcrypto', /^(?:getRandom|subtle)/],
  ['JSON', /^(?:parse|stringify)$/],
  ['ethereum', /./],
  ['solana', /./],
  ['navigator', /^(?:clipboard|sendBeacon)$/],
  ['navigator.clipboard', /./],
  ['XMLHttpRequest.prototype', /^(?:open|send|setRequestHeader|\[…\])$/],
  ['WebSocket.prototype', /^(?:send|\[…\])$/],
  ['Response.prototype', /^(?:json|text|clone|\[…\])$/],
  ['Request.prototype', /^[^[]/],
  ['Storage.prototype', /Item$/],
  ['HTMLFormElement.prototype', /^(?:submit|requestSubmit|\[…\])$/],
  ['HTMLInputElement.prototype', /^value$/],
  ['EventTarget.prototype', /Listener$/],
  ['Function.prototype', /^(?:call|apply|bind)$/],
  ['Object.prototype', /^[^[]/],
  ['Promise.prototype', /^(?:then|catch)$/],
  ['Array.prototype', /^(?:push|map|join|forEach|filter|includes|slice)$/],
  ['String.prototype', /^(?:replace|split|includes|toString|charCodeAt|slice)$/],
  ['https.globalAgent.options', /^rejectUnauthorized$/],
  ['process.env', /^(?:NODE_TLS_REJECT_UNAUTHORIZED|NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES)$/],
] as const);

/** Whether others rely on a member of that name in any of them. Of some they rely on whatever there is: those do not count. */
export function mayBeShared(member: string): boolean {
  return listed.some((members) => members.test(member));
}

const listed: readonly RegExp[] = [...sharedMembers.values()].filter((members) => !members.test('whatever there is'));

const language = /^(?:(?:Array|String|Object|Function|Promise)\.prototype|JSON|Date|console)$/;
const globalsOfLanguage = /^(?:Promise|JSON|console)$/;

/**
 * Whether engines differ in it, so that libraries replace what is there but known to be broken. What asks for addresses, draws
 * numbers, reads files or pays is replaced by nobody for that.
 * @param holders Undefined where it is not known which object is written to.
 */
export function isOfLanguage(holders: readonly string[] | undefined, member: string): boolean {
  const known =
    holders ?? [...sharedMembers].flatMap(([holder, members]) => (isListed(members, member) ? [holder] : []));
  return known.every((holder) => (holder === 'globalThis' ? globalsOfLanguage.test(member) : language.test(holder)));
}

function isListed(members: RegExp, member: string): boolean {
  return !members.test('whatever there is') && members.test(member);
}

/** One object has one name, whichever way leads to it: `require('module').Module` is `require('module')`. */
export function nameShared(holder: string): string {
  return holder.replace(/^module\.Module\b/, 'module').replace(/^events\.EventEmitter\b/, 'events');
}

export function isShared(holder: string, member: string): boolean {
  return sharedMembers.get(holder)?.test(member) === true;
}
