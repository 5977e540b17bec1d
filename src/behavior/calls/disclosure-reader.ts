/** Calls and writes that send: what goes out with them, and to whom, told as behaviors of their own. */
import type { BehaviorKind, Carried } from '../../model/behavior.ts';
import { findCredentialPlace, isCredentialVariable } from '../../model/telling-places.ts';
import { findApi } from '../outside/catalog.ts';
import type { SummaryDraft } from '../summary/summary-draft.ts';
import {
  type Binding,
  type CallNode,
  type CallSite,
  type FileSites,
  findBinding,
  type MemberWriteSite,
  type Node,
  type Scope,
} from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { textOf } from '../values/text-of.ts';
import { referenceNames } from '../values/value.ts';
import type { CarriedFinder } from './carried.ts';
import { describeCall } from './describe-call.ts';

/** How many links of `http.request(…).on(…).on(…)` are gone back. */
const maxLinks = 12;
/** Programs that send what they are given. */
const sender = /\b(?:curl|wget|nc|ncat|nslookup|dig|ping|Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b/;

export interface DisclosureSetting {
  readonly evaluator: Evaluator;
  readonly carried: CarriedFinder;
  readonly draft: SummaryDraft;
  readonly sites: Pick<FileSites, 'calls' | 'parts' | 'made'>;
}

/** What is known of a call that may send. */
export interface Sending {
  readonly api: string;
  readonly kind: BehaviorKind;
  readonly detail: string | undefined;
}

export class DisclosureReader {
  readonly #setting: DisclosureSetting;
  #opened: ReadonlyMap<Binding, CallSite> | undefined;

  constructor(setting: DisclosureSetting) {
    this.#setting = setting;
  }

  readCall(site: CallSite, { api, kind, detail }: Sending): void {
    const { carried } = this.#setting;
    if (!('arguments' in site.node) || (kind === 'child-process' && (detail === undefined || !sender.test(detail))))
      return;
    const sent = site.node.arguments.filter((argument) => !isFunctionNode(argument));
    const found = [...carried.find(sent, site.scope), ...(kind === 'child-process' ? listNamedIn(detail ?? '') : [])];
    if (found.length === 0) return;
    const receiver =
      'callee' in site.node && site.node.callee.type === 'MemberExpression' ? site.node.callee.object : undefined;
    const address = kind === 'disclosure' && receiver !== undefined ? this.#addressOf(receiver, site.scope) : detail;
    this.#add(site, api, { address: kind === 'child-process' ? findUrl(detail ?? '') : address, found });
  }

  /** An image or a page is asked for at an address that holds what is sent. */
  readWrite(site: MemberWriteSite, api: string): void {
    const { evaluator, carried } = this.#setting;
    const found = carried.find([site.node.right], site.scope);
    if (found.length > 0)
      this.#add(site, api, { address: textOf(evaluator.evaluate(site.node.right, site.scope)), found });
  }

  /** One for each sort: having sent one to a host says nothing of the others. */
  #add(site: CallSite | MemberWriteSite, api: string, { address, found }: Found): void {
    const detail = address?.slice(0, 400);
    const groups = Map.groupBy(found, ({ sort }) => (sort === 'token' ? 'key' : sort));
    // What is known to be a secret need not be told once more for having been given by somebody.
    if (groups.has('key') || groups.has('credential')) groups.delete('input');
    for (const carries of groups.values()) this.#setting.draft.add(site, { kind: 'disclosure', api, detail, carries });
  }

  /** Where the request was made whose `write` or `end` is called. */
  #addressOf(receiver: Node, scope: Scope): string | undefined {
    let [node, at] = [receiver, scope];
    for (let link = 0; link < maxLinks; link += 1) {
      if (node.type === 'Identifier') {
        const binding = findBinding(at, node.name);
        const opened = binding === undefined ? undefined : this.#findOpened(binding);
        if (opened !== undefined) return opened;
        const write = binding?.writes.find(({ kind }) => kind === 'value');
        if (write?.kind !== 'value') return undefined;
        [node, at] = [write.node, write.scope];
      } else if (node.type === 'CallExpression' || node.type === 'NewExpression') {
        const address = this.#addressOfCall(node, at);
        if (address !== undefined) return address;
        if (node.callee.type !== 'MemberExpression') return undefined;
        node = node.callee.object;
      } else if (node.type === 'AwaitExpression') node = node.argument;
      else if (node.type === 'MemberExpression') {
        // `this.request = https.request(…)`, where that is the only thing of the name.
        const name = propertyName(node.property, node.computed);
        const { parts, made } = this.#setting.sites;
        const stored = name === undefined ? [] : [...(parts.get(name) ?? []), ...(made.get(name) ?? [])];
        const [kept, ...others] = stored;
        if (kept === undefined || others.length > 0) return undefined;
        [node, at] = [kept.node, kept.scope];
      } else return undefined;
    }
    return undefined;
  }

  /** `request.open(method, url)`: the address stands in a call of its own. */
  #findOpened(binding: Binding): string | undefined {
    this.#opened ??= findOpened(this.#setting.sites.calls);
    const site = this.#opened.get(binding);
    return site === undefined ? undefined : this.#addressOfCall(site.node, site.scope);
  }

  #addressOfCall(node: CallNode, scope: Scope): string | undefined {
    const { evaluator } = this.#setting;
    for (const name of referenceNames(evaluator.callee(node, scope))) {
      const api = findApi(name);
      if (api?.kind === 'network') return describeCall(api, evaluator.arguments(node, scope), evaluator).detail;
    }
    return undefined;
  }
}

function findOpened(calls: readonly CallSite[]): ReadonlyMap<Binding, CallSite> {
  const found = new Map<Binding, CallSite>();
  for (const site of calls) {
    const { node, scope } = site;
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.arguments.length < 2)
      continue;
    const { object, property, computed } = node.callee;
    if (object.type !== 'Identifier' || propertyName(property, computed) !== 'open') continue;
    const binding = findBinding(scope, object.name);
    if (binding !== undefined && !found.has(binding)) found.set(binding, site);
  }
  return found;
}

interface Found {
  readonly address: string | undefined;
  readonly found: readonly Carried[];
}

/** `curl -d @$HOME/.npmrc -H "x: $NPM_TOKEN" …`: what the text of a command itself sends. */
function listNamedIn(command: string): Carried[] {
  const found: Carried[] = [];
  for (const [, plain, windows] of command.matchAll(/\$\{?([A-Za-z_]\w*)|%(\w+)%/g)) {
    const name = plain ?? windows ?? '';
    if (isCredentialVariable(name)) found.push({ sort: 'credential', name });
  }
  for (const word of command.split(/[\s"'@=<>|;&()`]+/)) {
    if (findCredentialPlace(word) !== undefined) found.push({ sort: 'credential', name: word });
  }
  if (/(?:^|[|;&(`]\s*|\$\()(?:env|printenv)\b\s*[|)`]/.test(command)) found.push({ sort: 'credential', name: 'env' });
  return found;
}

function findUrl(command: string): string | undefined {
  return /\bhttps?:\/\/[^\s"'|;&)]+/.exec(command)?.[0];
}
