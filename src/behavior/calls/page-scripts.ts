/** Scripts that are put into a page: an element with a source, markup that holds one, a module from an address. */

import type { FileSummary } from '../summary/file-summary.ts';
import type { SummaryDraft } from '../summary/summary-draft.ts';
import { type CallSite, findBinding, type MemberWriteSite, type Node, type Scope } from '../syntax/scope.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { flow } from '../values/flow.ts';
import { blobScheme } from '../values/fold-call.ts';
import { textOf } from '../values/text-of.ts';
import { alternatives, constantOf, referenceNames, type Value } from '../values/value.ts';

/** Name of what is told. */
const scriptSource = 'script.src';
const frameTags: ReadonlySet<string> = new Set(['iframe', 'frame', 'embed', 'object']);
const createsElement = /^document\.createElement(?:NS)?$/;
const markupMembers: ReadonlySet<string> = new Set(['innerHTML', 'outerHTML', 'srcdoc']);
const scriptTag = /<script\b[^>]{0,400}?\ssrc\s*=\s*["']?([^"'\s>]{1,400})/i;

export class PageScriptReader {
  readonly #evaluator: Evaluator;
  readonly #draft: SummaryDraft;

  readonly #readText: (text: string) => FileSummary | undefined;

  /** @param readText Reads code that stands in markup. */
  constructor(evaluator: Evaluator, draft: SummaryDraft, readText: (text: string) => FileSummary | undefined) {
    this.#evaluator = evaluator;
    this.#draft = draft;
    this.#readText = readText;
  }

  /** `element.src = address`, where the element is, or may be, a script. */
  readSource(site: MemberWriteSite): void {
    const { left, right } = site.node;
    if (left.type !== 'MemberExpression') return;
    const tags = this.#tagsOf(left.object, site.scope);
    if (tags?.some((name) => frameTags.has(name))) this.#addFrame(site, this.#evaluator.evaluate(right, site.scope));
    if (tags !== undefined && !tags.includes('script')) return;
    this.#add(site, this.#evaluator.evaluate(right, site.scope));
  }

  /** `element.setAttribute('src', address)` */
  readAttribute(site: CallSite, [name, value]: readonly Value[]): void {
    const { node, scope } = site;
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
    if (name === undefined || value === undefined || constantOf(name)?.value !== 'src') return;
    if (this.#mayBeScript(node.callee.object, scope)) this.#add(site, value);
  }

  /** `element.innerHTML = '<script src=…'` */
  readMarkupWrite(site: MemberWriteSite, member: string): void {
    if (markupMembers.has(member)) this.readMarkup(site, [this.#evaluator.evaluate(site.node.right, site.scope)]);
  }

  /** `document.write('<script src=…')` */
  readMarkup(site: CallSite | MemberWriteSite, given: readonly Value[]): void {
    for (const value of given) {
      const markup = textOf(value) ?? '';
      const [, source] = scriptTag.exec(markup) ?? [];
      if (source !== undefined)
        this.#draft.add(site, { kind: 'dynamic-code', api: scriptSource, detail: source, origins: value.origins });
      for (const code of listInlineCode(markup)) {
        const nested = this.#readText(code);
        if (nested !== undefined) this.#draft.addNested(site, nested.fns);
      }
    }
  }

  #add(site: CallSite | MemberWriteSite, value: Value): void {
    const text = textOf(value);
    if (text === undefined && (value.origins & flow.parameter) === 0) this.#evaluator.tellHidden(site.fn);
    // A text of the page's own has no host.
    const detail = text?.startsWith(blobScheme) ? undefined : text;
    this.#draft.add(site, { kind: 'dynamic-code', api: scriptSource, detail, origins: value.origins });
  }

  /** A page of somebody else's inside this one. */
  #addFrame(site: MemberWriteSite, value: Value): void {
    const detail = textOf(value);
    if (detail !== undefined && /^(?:https?:)?\/\/[^/]+/i.test(detail))
      this.#draft.add(site, { kind: 'network', api: 'iframe.src', detail, origins: value.origins });
  }

  #mayBeScript(element: Node, scope: Scope): boolean {
    return this.#tagsOf(element, scope)?.includes('script') !== false;
  }

  /** The tags that an element is made with; undefined where it may be any. */
  #tagsOf(element: Node, scope: Scope): readonly string[] | undefined {
    let [node, at] = [element, scope];
    if (node.type === 'Identifier') {
      const write = findBinding(at, node.name)?.writes.find((one) => one.kind === 'value');
      if (write?.kind === 'value') [node, at] = [write.node, write.scope];
    }
    if (node.type !== 'CallExpression') return undefined;
    const creates = referenceNames(this.#evaluator.callee(node, at)).some((name) => createsElement.test(name));
    if (!creates) return undefined;
    const tag = this.#evaluator.arguments(node, at).at(-1);
    const names = tag === undefined ? [] : alternatives(tag).map((one) => constantOf(one)?.value);
    return names.length > 0 && names.every((name) => typeof name === 'string')
      ? names.map((name) => name.toLowerCase())
      : undefined;
  }
}

const maxInline = 8;

/** `<img onerror="…">`, `<script>…</script>` */
function listInlineCode(markup: string): readonly string[] {
  if (!markup.includes('<')) return [];
  const handlers: string[] = [];
  for (const [, , code = ''] of markup.matchAll(handler)) {
    if (handlers.length >= maxInline) break;
    handlers.push(unescapeMarkup(code));
  }
  return [...handlers, ...listScripts(markup)].filter((code) => code.trim().length > 3 && !code.includes('…'));
}

const handler = /<\w[^<>]{0,400}?\son[a-z]{3,20}\s*=\s*(["'])((?:(?!\1)[\s\S]){1,4000})\1/gi;

/** Gone through once, whatever it holds: a pattern would begin anew at each tag that is never closed. */
function listScripts(markup: string): readonly string[] {
  const found: string[] = [];
  const lower = markup.toLowerCase();
  for (let at = lower.indexOf('<script'); at !== -1 && found.length < maxInline; at = lower.indexOf('<script', at)) {
    const start = lower.indexOf('>', at) + 1;
    const end = start === 0 ? -1 : lower.indexOf('</script', start);
    if (end === -1) break;
    found.push(markup.slice(start, end));
    at = end;
  }
  return found;
}

function unescapeMarkup(code: string): string {
  return code
    .replaceAll(/&#x([0-9a-f]{1,6});/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16) % 0x110000))
    .replaceAll(/&#(\d{1,7});/g, (_, number: string) => String.fromCodePoint(Number(number) % 0x110000))
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
