/** The same attack in other clothes: every imitation, in every form, delivered and spelled in every way. */
import type { SourceTree } from '../../src/rule.ts';
import { deliveries } from './deliveries.ts';
import { disguises, unfoldedDisguises } from './disguises.ts';
import { asModules, type Form, forms, toModule, withRequire } from './forms.ts';
import type { Imitation, Payload } from './update.ts';

export interface Variant {
  readonly name: string;
  /** Of the package that holds the payload. */
  readonly before: SourceTree | undefined;
  readonly after: SourceTree;
  /** Where the payload stands in it. */
  readonly path: string;
}

/** The package that holds the payload, before and after; an added dependency replaces nothing. */
interface Carrier {
  readonly before: SourceTree | undefined;
  readonly after: SourceTree;
  readonly payload: Payload;
}

interface Rewriting {
  readonly name: string;
  apply(code: string): string;
}

export function makeForms(imitation: Imitation): Variant[] {
  const carrier = findCarrier(imitation);
  return carrier === undefined ? [] : forms.map((form) => reshape(carrier, form));
}

export function makeDeliveries(imitation: Imitation, turn: number): Variant[] {
  return rewrite(imitation, deliveries, turn);
}

/** As modules, where an unknown name of a module is no sign by itself. */
export function makeUnfolded(imitation: Imitation): Variant[] {
  const carrier = findCarrier(imitation);
  if (carrier === undefined) return [];
  return unfoldedDisguises.map((way) => ({
    name: way.name,
    ...replacePayload(toModules(carrier), (code) => withRequire(way.apply(code))),
  }));
}

export function makeDisguises(imitation: Imitation, turn: number): Variant[] {
  return rewrite(imitation, disguises, turn);
}

function findCarrier({ before, after, dependencies, payload }: Imitation): Carrier | undefined {
  if (payload === undefined) return undefined;
  if (payload.of === undefined) return { before, after, payload };
  const tree = dependencies?.[payload.of];
  return tree && { before: undefined, after: tree, payload };
}

function reshape({ before, after, payload }: Carrier, form: Form): Variant {
  const { tree, path } = form.apply(after, payload.path);
  // What was there before has the new shape too, or everything would be news.
  const old = before && form.apply({ [payload.path]: '', ...before }, payload.path).tree;
  return { name: form.name, before: old, after: tree, path };
}

/** Every third way, in CommonJS and as modules by turns: imitations that stand side by side share out the work. */
function rewrite(imitation: Imitation, ways: readonly Rewriting[], turn: number): Variant[] {
  const carrier = findCarrier(imitation);
  if (carrier === undefined) return [];
  const modules = toModules(carrier);
  return ways.flatMap((way, index) => {
    if ((index + turn) % 3 !== 0) return [];
    return (index + turn) % 2 === 0
      ? { name: way.name, ...replacePayload(carrier, way.apply) }
      : { name: `${way.name}, as a module`, ...replacePayload(modules, (code) => withRequire(way.apply(code))) };
  });
}

function toModules({ before, after, payload }: Carrier): Carrier {
  return {
    before: before && asModules(before),
    after: { ...asModules(after), [payload.path]: toModule(textAt(after, payload.path)) },
    payload: { ...payload, code: toModule(payload.code) },
  };
}

function replacePayload({ before, after, payload }: Carrier, apply: (code: string) => string): Omit<Variant, 'name'> {
  const { path, code } = payload;
  const text = textAt(after, path);
  if (text.split(code).length !== 2) throw new Error(`${path} does not hold its payload once.`);
  return { before, after: { ...after, [path]: text.replace(code, () => apply(code)) }, path };
}

function textAt(tree: SourceTree, path: string): string {
  const text = tree[path];
  if (typeof text !== 'string') throw new Error(`${path} is no text of the package.`);
  return text;
}
