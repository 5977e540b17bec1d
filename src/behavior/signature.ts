/**
 * When are two behaviors "the same", so that having had one makes the other no news? Coarse on purpose in what ordinary
 * releases change (lines, files, spelling of a call), fine in what attacks change (host, command, path, origin, tier).
 */
import type { Behavior, BehaviorKind, Origin } from '../model/behavior.ts';
import { findCommandKind, findCredentialPlace, findPersistence } from '../model/telling-places.ts';

const toldByChance: ReadonlySet<BehaviorKind> = new Set(['process-stop', 'endless-loop', 'answer']);

/** How a function without a name is called. */
export const anonymous = '(anonymous function)';

export function signatureOf(behavior: Behavior): string {
  const { kind, guards } = behavior;
  // By chance much is done that only stopping makes worth telling.
  const counted = guards.filter(({ test }) => test !== 'chance' || toldByChance.has(kind));
  const tests = [...new Set(counted.map(({ test }) => test))].sort();
  return [kind, tell[kind](behavior), ...tests].join('|');
}

/**
 * What the old version did, and all that is no more than that: what certainly flowed there covers a guess, and a guess covers
 * what is certain in the same place only. In bundles one becomes the other by changes elsewhere.
 */
export function signaturesOfLess(behavior: Behavior): readonly string[] {
  const less = listLess(behavior.origins.filter(isTold), behavior.guessed ?? []);
  return less.flatMap((flows) => [signatureOf({ ...behavior, ...flows }), ...atPlace({ ...behavior, ...flows })]);
}

/** Signatures of which one suffices. Where a guess is all that is new, what is certain is asked for, if anything is. */
export function signaturesOfKnown(behavior: Behavior): readonly string[] {
  const { origins, guessed = [] } = behavior;
  const certain = origins.filter((one) => isTold(one) && !guessed.includes(one));
  const sure = { ...behavior, origins: certain, guessed: [] };
  const rest = guessed.length > 0 && certain.length > 0 ? [signatureOf(sure)] : [];
  return [signatureOf(behavior), ...rest, ...atPlace(sure)];
}

/** Done by the same API in a function of that name, or a nameless one that it enters, guessed or not. A file is no such place. */
function atPlace(behavior: Behavior): readonly string[] {
  const { api, via } = behavior;
  const named = via.findLastIndex((one) => one !== anonymous);
  if (via[named]?.endsWith('()') !== true) return [];
  return [[signatureOf({ ...behavior, guessed: [] }), api, ...via.slice(named)].join('|')];
}

type Flows = Required<Pick<Behavior, 'origins' | 'guessed'>>;

function listLess([first, ...rest]: readonly Origin[], guessed: readonly Origin[]): readonly Flows[] {
  if (first === undefined) return [{ origins: [], guessed: [] }];
  return listLess(rest, guessed).flatMap((less) => {
    const origins = [first, ...less.origins];
    const guess = { origins, guessed: [first, ...less.guessed] };
    return guessed.includes(first) ? [less, guess] : [less, guess, { origins, guessed: less.guessed }];
  });
}

const tell: Readonly<Record<BehaviorKind, (behavior: Behavior) => string>> = {
  network: ({ detail }) => hostOf(detail),
  disclosure: ({ detail, carries = [] }) =>
    [hostOf(detail), carries[0]?.sort === 'token' ? 'key' : carries[0]?.sort].join(),
  'child-process': ({ detail, marks, ...flows }) =>
    [
      detail?.split(/\s/)[0] ?? '',
      (detail && findCommandKind(detail)) ?? '',
      ...marks.filter((mark) => mark === 'pipe' || mark === 'detached' || mark === 'silenced'),
      ...tellFlows(flows).filter((one) => one.startsWith('request')),
    ].join(),
  'file-read': ({ detail }) => tellOf(detail),
  'file-write': fileSignature,
  'file-delete': fileSignature,
  'dynamic-code': ({ api, detail, ...flows }) =>
    api === 'script.src' ? `script ${hostOf(detail)}` : tellFlows(flows).join(),
  output: () => '',
  'endless-loop': ({ api }) => api,
  'process-stop': ({ api }) => api,
  'global-patch': ({ api }) => api,
  // The text of WebAssembly is another one in each build, and so is the way that it takes.
  'native-code': ({ api, detail, origins }) =>
    api.startsWith('WebAssembly') ? `WebAssembly ${origins.includes('decoded')}` : (detail ?? ''),
  'computed-import': (flows) => tellFlows(flows).find((one) => one.startsWith('decoded')) ?? '',
  'computed-call': ({ api }) => api,
  answer: () => '',
  'unseen-run': ({ api }) => api,
  'page-change': () => '',
};

/** Where it came from, a guess marked as one. */
function tellFlows({ origins, guessed = [] }: Pick<Behavior, 'origins' | 'guessed'>): readonly string[] {
  return origins.filter(isTold).map((one) => (guessed.includes(one) ? `${one}?` : one));
}

/** What users configure and pass is what they want. */
function isTold(origin: Origin): boolean {
  return origin !== 'environment' && origin !== 'parameter';
}

function fileSignature({ detail, marks }: Behavior): string {
  const isCode = detail !== undefined && /\.[cm]?js$|package\.json$/.test(detail);
  return [
    tellOf(detail),
    isCode ? 'code' : '',
    ...marks.filter((mark) => mark === 'broad-target' || mark === 'in-walk'),
  ].join();
}

/** Where it begins, and what it is where that means something. */
function tellOf(path: string | undefined): string {
  if (path === undefined) return '';
  return [startOf(path), findCredentialPlace(path), findPersistence(path)].filter((one) => one !== undefined).join(' ');
}

function startOf(path: string | undefined): string {
  return path === undefined ? '' : (/^(?:<\w+>|\$\w+|[\\/]|~|\.{1,2}[\\/])?/.exec(path)?.[0] ?? '');
}

/** The host of a URL or of `host/path`; empty when it is not known. */
function hostOf(address: string | undefined): string {
  if (address === undefined) return '';
  const match = /^(?:[a-z][a-z+.-]*:)?(?:\/\/)?(?:[^/@\s]*@)?([^/:?#\s]+)/i.exec(address);
  const host = match?.[1]?.toLowerCase() ?? '';
  return host.includes('…') || host.startsWith('$') ? '' : host;
}
