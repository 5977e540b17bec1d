/** What a call of the outside means: a behavior, a module loaded, text that is run, a timer. */

import { listReceived } from '../flows/received.ts';
import { type Api, clipboardWrite, findApi, timers, walletCalls, workerRegistrations } from '../outside/catalog.ts';
import { changesPage } from '../outside/page-changes.ts';
import type { SummaryDraft } from '../summary/summary-draft.ts';
import { type CallSite, findBinding, type Node, type Scope } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import { anyhow, comesFrom, flow } from '../values/flow.ts';
import { blobScheme } from '../values/fold-call.ts';
import { textOf } from '../values/text-of.ts';
import { alternatives, constant, constantOf, union, type Value, withOrigins } from '../values/value.ts';
import { computesOnly } from './computes-only.ts';
import { describeCall, findCodeArgument, holdsItsContents } from './describe-call.ts';
import { listLoaded } from './folder-loads.ts';
import { findParameters } from './function-parameters.ts';
import { methodOf } from './hidden-call.ts';
import { patchingCalls } from './patched-globals.ts';
import type { CallSetting } from './read-call.ts';
import { codeInAddress, loaderHooks, loaders, pathFrom, readLoad } from './read-load.ts';

interface OutsideCall {
  readonly api: Api;
  readonly name: string;
  readonly given: readonly Value[];
}

export class OutsideCalls {
  readonly #setting: CallSetting;
  readonly #draft: SummaryDraft;
  readonly #named: (node: Node, scope: Scope) => readonly Value[];

  /** @param named What an argument names that is to be called. */
  constructor(setting: CallSetting, draft: SummaryDraft, named: (node: Node, scope: Scope) => readonly Value[]) {
    this.#setting = setting;
    this.#draft = draft;
    this.#named = named;
  }

  /** A call of something of the outside by its canonical name. */
  tell(site: CallSite, name: string, given: () => readonly Value[]): void {
    if (loaders.has(name)) {
      this.#load(site, name, given()[0]);
      return;
    }
    if (loaderHooks.has(name)) {
      this.#draft.add(site, { kind: 'global-patch', api: name });
      this.#load(site, name, given()[0]);
      return;
    }
    for (const path of listLoaded(name, given, this.#setting.evaluator)) this.#draft.addLoad(site, path);
    if (name === 'document.createElement().setAttribute') this.#setting.scripts.readAttribute(site, given());
    if (patchingCalls.has(name)) this.#setting.patches.readCall(site, name);
    if (workers.has(name)) this.#worker(site, name, given()[0]);
    if (name === 'importScripts') this.#loadPaths(site, given());
    if (workerRegistrations.includes(name)) this.#registration(site, name, given()[0]);
    if (walletCalls.includes(name)) this.#payment(site, name, given()[0]);
    // What a page copies is replaced: told as what copies from it are, and only worth a look beside addresses.
    if (name === clipboardWrite) this.#draft.add(site, { kind: 'global-patch', api: name });
    if (timers.has(name) && name !== 'addEventListener') this.#timer(site, name, given);
    this.#emitApi(site, name, given);
  }

  #load(site: CallSite, loader: string, given: Value | undefined): void {
    const lacking = this.#setting.bundles.findAsked(site);
    const ways =
      lacking === undefined
        ? [given && this.#specifier(site, loader, given)]
        : [...alternatives(given ?? constant(undefined)).filter(constantOf), ...lacking.map((one) => constant(one))];
    for (const specifier of ways) {
      readLoad(site, { loader, specifier }, this.#draft);
      if (specifier !== undefined) this.#runAddress(site, specifier);
    }
  }

  #emitApi(site: CallSite, name: string, findGiven: () => readonly Value[]): void {
    const api = findApi(name);
    if (api === undefined) {
      const method = methodOf(site, this.#setting.evaluator);
      if (method !== undefined && changesPage(method)) this.#draft.addPageChange(site, method);
      return;
    }
    if (api.kind === 'page-change') {
      this.#draft.addPageChange(site, name);
      if (name.startsWith('document.write')) this.#readMarkup(site, name, findGiven());
      return;
    }
    // What is printed is only shown: it is worth a little work, and none through callers.
    const isShown = api.kind === 'output' && !this.#setting.rehearsal.isStarted;
    const given = isShown ? this.#setting.shown.arguments(site.node, site.scope) : findGiven();
    const [target] = given;
    if (name === 'process.kill' && target !== undefined && textOf(target) !== undefined) return;
    for (const passed of this.#passed(site, { api, name, given })) this.#add(site, { api, name, given: passed });
  }

  /** Words may lie in another file. */
  #readMarkup(site: CallSite, name: string, given: readonly Value[]): void {
    const isShown = given.every((one) => textOf(one)?.includes('…') === false || (one.origins & flow.parameter) !== 0);
    for (const passed of [given, ...(isShown ? [] : this.#seenAt(site, name))])
      this.#setting.scripts.readMarkup(site, passed);
  }

  #add(site: CallSite, { api, name, given }: OutsideCall): void {
    const described = describeCall(api, given, this.#setting.evaluator);
    const { kind } = api;
    if (kind === 'native-code' && name.startsWith('WebAssembly.') && computesOnly(site.node)) return;
    if (kind === 'network' && given[0] !== undefined && alternatives(given[0]).every(holdsItsContents)) return;
    if (kind === 'network' || kind === 'disclosure' || kind === 'child-process')
      this.#setting.sent.readCall(site, { api: name, kind, detail: described.detail });
    if (kind === 'disclosure') return;
    this.#draft.add(site, { kind, api: name, ...described });
    if (kind === 'dynamic-code') this.#runText(site, given, name === 'Function' ? findParameters(given) : undefined);
    if (kind === 'child-process') this.#runText(site, findCodeArgument(given));
  }

  /** With what it is called: where the text does not show that, what was seen when the file was acted out. */
  #passed(site: CallSite, { api, name, given }: OutsideCall): readonly (readonly Value[])[] {
    const { detail, origins } = describeCall(api, given, this.#setting.evaluator);
    const isWhole = detail !== undefined && !detail.includes('…');
    const isShown = isWhole || given.length === 0 || (origins & flow.parameter) !== 0;
    const isWanted = acts.has(api.kind) && (detail === undefined || this.#setting.rehearsal.isStarted);
    const seen = isShown || !isWanted ? [] : this.#seenAt(site, name);
    const isUnseen = !isShown && isWanted && seen.length === 0 && this.#setting.rehearsal.misses(site.fn);
    if (isUnseen && runsText.has(api.kind)) this.#draft.add(site, { kind: 'unseen-run', api: name });
    return seen.length === 0 ? [given] : seen.map((passed) => passed.map((one, at) => flowInto(one, given[at])));
  }

  /** With what it was called when the file was acted out. */
  #seenAt({ node, fn }: CallSite, name: string): readonly (readonly Value[])[] {
    const { rehearsal } = this.#setting;
    rehearsal.enter(fn);
    return rehearsal
      .callsAt(node)
      .flatMap(({ callee, given }) => (callee.kind === 'reference' && callee.name === name ? [given] : []));
  }

  /** Code given as a constant text is read as if it stood in the file. */
  #runText(site: CallSite, given: readonly Value[], parameters?: string): void {
    for (const value of given) {
      for (const one of alternatives(value)) {
        if (one.kind !== 'constant' && one.kind !== 'bytes') continue;
        const body = textOf(one);
        if (body === undefined || body.length < 4) continue;
        const text = parameters === undefined ? body : `(function (${parameters}) {${body}\n})`;
        const nested = this.#setting.readText(text);
        if (nested !== undefined) this.#draft.addNested(site, nested.fns);
      }
    }
  }

  /** Code that stands in an address itself is read as if it stood in the file. */
  #runAddress(site: CallSite, specifier: Value): void {
    for (const one of alternatives(specifier)) {
      const code = codeInAddress(textOf(one) ?? '');
      if (code !== undefined) this.#runText(site, [constant(code)]);
    }
  }

  #specifier(site: CallSite, loader: string, given: Value): Value {
    if (alternatives(given).every(constantOf) || (given.origins & flow.parameter) !== 0) return given;
    const seen = this.#seenAt(site, loader).flatMap(([specifier]) =>
      specifier && isText(specifier) ? [specifier] : [],
    );
    return seen.length === 0 ? given : union([...alternatives(given).filter(constantOf), ...seen]);
  }

  /** A file that lies beside the page is no news; text that certainly was put together, or fetched, is. */
  #worker(site: CallSite, name: string, source: Value | undefined): void {
    if (source === undefined) return;
    const detail = textOf(source);
    this.#loadPaths(site, [source]);
    if (comesFrom(source.origins, made) || detail?.startsWith('data:'))
      this.#draft.add(site, { kind: 'dynamic-code', api: name, detail, origins: source.origins });
    if (detail?.startsWith(blobScheme)) this.#runText(site, [constant(detail.slice(blobScheme.length))]);
  }

  /** Files that lie beside this one, started by a page or a worker of it. */
  #loadPaths(site: CallSite, given: readonly Value[]): void {
    const paths = given.flatMap(alternatives).flatMap((one) => pathFrom(one) ?? []);
    for (const path of paths) this.#draft.addLoad(site, path);
  }

  #registration(site: CallSite, name: string, source: Value | undefined): void {
    if (source !== undefined) this.#loadPaths(site, [source]);
    const detail = source === undefined ? undefined : textOf(source);
    if (source !== undefined && detail !== undefined && /^(?:https?:)?\/\//i.test(detail))
      this.#draft.add(site, { kind: 'dynamic-code', api: name, detail, origins: source.origins });
  }

  /** A wallet in the page is asked to pay, or to sign what lets others take. */
  #payment(site: CallSite, name: string, asked: Value | undefined): void {
    const method = asked === undefined ? undefined : textOf(this.#setting.evaluator.property(asked, 'method'));
    const detail = pays.exec(method ?? name)?.[0];
    if (detail !== undefined) this.#draft.add(site, { kind: 'network', api: name, detail });
  }

  #timer(site: CallSite, name: string, given: () => readonly Value[]): void {
    const [first, delay] = this.#timed(site, given);
    if (first === undefined) return;
    const code = textOf(first);
    if (
      (first.kind === 'constant' && typeof first.value === 'string') ||
      (first.origins !== 0 && first.kind === 'unknown' && code !== undefined) ||
      ((first.origins & anyhow(made)) !== 0 && isTextInPart(first)) ||
      (isUnknown(first) && comesFrom(first.origins, flow.fetched) && isAnswered(site))
    ) {
      this.#draft.add(site, { kind: 'dynamic-code', api: name, detail: code, origins: first.origins });
      this.#runText(site, [first]);
    }
    for (const one of alternatives(first)) {
      if (one.kind !== 'function') continue;
      const delayMs = delay === undefined ? 0 : constantOf(delay)?.value;
      const reason = this.#setting.selfScheduling.find(site, { fn: one.fn, name, delay: delayMs });
      if (reason !== undefined) this.#draft.add(site, { kind: 'endless-loop', api: name, detail: reason });
    }
  }

  /** What a timer is given: a function, as a rule, and then nothing else is to be followed. */
  #timed(site: CallSite, given: () => readonly Value[]): readonly Value[] {
    const { names } = this.#setting;
    const { scope } = site;
    const [first, ...others] = listReceived(site).filter(({ index }) => index >= 0);
    if (first === undefined) return given();
    const named = this.#named(first.node, scope);
    return named.length > 0 && named.every(({ kind }) => kind === 'function')
      ? [union(named), ...others.map(({ node }) => names.evaluate(node, scope))]
      : given();
  }
}

/** Of the browser's; what Node's is given is told as any text that is run. */
const workers: ReadonlySet<string> = new Set(['Worker', 'SharedWorker']);

const pays =
  /\b(?:eth_(?:send(?:Raw)?Transaction|signTransaction|signTypedData\w*)|wallet_sendCalls|sign(?:And|All)?(?:Send)?Transactions?)$/;

/** A function is not put together so. */
const made = flow.decoded | flow.fetched;

/** `let text = ''; for (…) text += decode(one);`: nothing but text can have grown so. */
function isTextInPart(value: Value): boolean {
  const parts = alternatives(value);
  return parts.some(isText) && parts.every((one) => one.kind === 'unknown' || isText(one));
}

/** `fetch(…).then((answer) => answer.text()).then((text) => setTimeout(text))`: functions do not come over the network. */
function isAnswered({ node, scope }: CallSite): boolean {
  const [first] = 'arguments' in node ? node.arguments : [];
  if (first?.type !== 'Identifier') return false;
  const writes = findBinding(scope, first.name)?.writes ?? [];
  return writes.some(
    (write) =>
      write.kind === 'parameter' &&
      write.index === 0 &&
      write.fn.entrances.every(({ kind, site }) => kind === 'callback' && methodNamed(site) === 'then'),
  );
}

function isUnknown(value: Value): boolean {
  return value.kind === 'unknown' || (value.kind === 'reference' && value.name.endsWith('()'));
}

function methodNamed({ node }: CallSite): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  return propertyName(node.callee.property, node.callee.computed);
}

function isText(value: Value): boolean {
  return value.kind === 'constant' && typeof value.value === 'string';
}

/** What flowed into an argument by either account. */
function flowInto(seen: Value, shown: Value | undefined): Value {
  return shown === undefined ? seen : withOrigins(seen, shown.origins & ~flow.broad);
}

/** What does whatever a text says. */
const runsText: ReadonlySet<Api['kind']> = new Set(['dynamic-code', 'child-process']);

/** For the others the file is not acted out. */
const acts: ReadonlySet<Api['kind']> = new Set([
  'network',
  'child-process',
  'file-delete',
  'file-write',
  'dynamic-code',
  'native-code',
]);
