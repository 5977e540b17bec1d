/** What a call loads: modules by name, code by its address, or something that the text does not tell. */

import { listArguments } from '../flows/link-calls.ts';
import type { SummaryDraft } from '../summary/summary-draft.ts';
import type { CallSite, Node } from '../syntax/scope.ts';
import { bytesToText, textToBytes } from '../values/encoding.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { anyhow, flow } from '../values/flow.ts';
import { textOf } from '../values/text-of.ts';
import { alternatives, constantOf, union, type Value } from '../values/value.ts';

/** Canonical names of what loads modules. */
export const loaders: ReadonlySet<string> = new Set([
  'require',
  'import',
  'module._load',
  'module.prototype.require',
  'module.Module._load',
  'module.constructor._load',
  'process.getBuiltinModule',
]);

/** What other modules are loaded through from then on; the files with these hooks are loaded too. */
export const loaderHooks: ReadonlySet<string> = new Set(['module.register', 'module.registerHooks']);

const foreignAddress = /^(?:https?|data|blob):/i;

const dataAddress = /^data:(?:text|application)\/(?:javascript|ecmascript|node)[^,;]*(?:;charset=[\w-]+)?(;base64)?,/i;

/** The code that stands in an address: `data:text/javascript,…`. */
export function codeInAddress(address: string): string | undefined {
  const match = dataAddress.exec(address);
  if (match === null) return undefined;
  const code = address.slice(match[0].length);
  if (match[1] !== undefined) return bytesToText(textToBytes(code, 'base64'), 'utf8');
  try {
    return decodeURIComponent(code);
  } catch {
    // What does not decode is taken as it stands, as Node does with a lone `%`.
    return code;
  }
}

export function readLoad(
  site: CallSite,
  { loader, specifier }: { readonly loader: string; readonly specifier: Value | undefined },
  draft: SummaryDraft,
): void {
  if (specifier === undefined) return;
  const api = loader === 'import' ? 'import()' : loader;
  const { origins } = specifier;
  const names = alternatives(specifier).flatMap((one) => constantOf(one)?.value ?? []);
  for (const name of names) {
    if (typeof name !== 'string') continue;
    draft.addLoad(site, name);
    if (foreignAddress.test(name)) draft.add(site, { kind: 'dynamic-code', api, detail: name, origins });
  }
  const paths = alternatives(specifier).flatMap((one) => (constantOf(one) === undefined ? (pathFrom(one) ?? []) : []));
  for (const path of paths) draft.addLoad(site, path);
  if (names.length === 0 && paths.length > 0 && !paths.some((path) => path.includes('…'))) return;
  if (names.length === 0 || (origins & anyhow(flow.decoded)) !== 0)
    draft.add(site, { kind: 'computed-import', api, detail: textOf(specifier) ?? someFile(origins), origins });
}

/** `['./one', './two'].forEach(require)`, `process.nextTick(require, './one')` */
export function readLoadByCallback(
  site: CallSite,
  { loader, callback }: { readonly loader: string; readonly callback: Node },
  { evaluator, draft }: { readonly evaluator: Evaluator; readonly draft: SummaryDraft },
): void {
  const { node, scope } = site;
  const others = listArguments(node).filter((one) => one !== callback);
  const holder = 'callee' in node && node.callee.type === 'MemberExpression' ? [node.callee.object] : [];
  const given = [...holder, ...others].map((one) => evaluator.evaluate(one, scope));
  const texts = given.flatMap((one) => (one.kind === 'list' ? one.elements : [one])).filter(constantOf);
  if (texts.length > 0) readLoad(site, { loader, specifier: union(texts) }, draft);
}

/** Beside the file, parts that are not known as `…`: `path.join(__dirname, 'parts', name)`. */
export function pathFrom(value: Value): string | undefined {
  const text = textOf(value);
  if (text?.startsWith('<package>/') === true) return `./${text.slice('<package>/'.length)}`;
  return text !== undefined && /^\.{1,2}\//.test(text) ? text : undefined;
}

/** Whichever it is, it lies among the files: no module of Node's is hidden behind it. */
function someFile(origins: number): string | undefined {
  return (origins & flow.place) === 0 ? undefined : '…/…';
}
