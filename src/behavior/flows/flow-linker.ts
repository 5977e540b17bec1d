/** What flows into what: each variable, result and property's name of a file, tied to what its values are taken from. */

import { bitsOfModule } from '../outside/module-bits.ts';
import {
  type Binding,
  type Entrance,
  type FileSites,
  type Fn,
  maxFollowedParameters,
  type Node,
  type Path,
  type Scope,
  type Stored,
  type Write,
} from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import {
  after,
  along,
  anything,
  computedMember,
  element,
  given,
  type Holder,
  held,
  may,
  member,
  spread,
  type Way,
} from './may-be.ts';
import { SourceFinder, type SourceSink } from './value-sources.ts';

/** A name that is stored in more places says nothing about the one that is asked for: see `members`. */
const maxStored = 6;

export interface FlowGraph {
  holderOf(key: Binding | Fn | string): Holder;
  add(holder: Holder, bits: number): void;
}

/** Ties holders to what their values are taken from. */
export class FlowLinker implements SourceSink {
  readonly sites: FileSites;
  readonly #graph: FlowGraph;
  readonly #finder: SourceFinder = new SourceFinder(this);
  #target: Binding | Fn | string = '';

  constructor(sites: FileSites, graph: FlowGraph) {
    this.sites = sites;
    this.#graph = graph;
  }

  /** What is found from here on flows into it. */
  into(target: Binding | Fn | string): this {
    this.#target = target;
    return this;
  }

  link(node: Node, scope: Scope, way: Way | undefined): void {
    this.#finder.find(node, scope, way);
  }

  from(source: Binding | Fn, way: Way | undefined): void {
    this.#tie(source, way);
  }

  fromStored(name: string, way: Way | undefined): void {
    this.#tie(name, way);
  }

  store(name: string, value: Node, scope: Scope): void {
    const target = this.#target;
    this.into(name).link(value, scope, undefined);
    this.#target = target;
  }

  give(bits: number): void {
    if (bits !== 0) this.#graph.add(this.#graph.holderOf(this.#target), bits);
  }

  #tie(source: Binding | Fn | string, way: Way | undefined): void {
    if (source === this.#target) return;
    const holder = this.#graph.holderOf(source);
    const target = this.#graph.holderOf(this.#target);
    holder.to.push(target);
    holder.ways.push(way);
    if (holder.bits !== 0) this.#graph.add(target, along(way, holder.bits));
  }

  linkStored(name: string, places: readonly Stored[]): void {
    if (places.length > maxStored) return;
    for (const { node, scope } of places) this.into(name).link(node, scope, undefined);
  }

  /** What destructuring takes out is told by its name too. */
  #linkPath(binding: Binding, path: Path): void {
    this.#target = binding;
    path.forEach((key, index) => {
      if (typeof key === 'string') this.fromStored(key, wayOut(path.slice(index + 1)));
    });
  }

  linkWrites(binding: Binding): void {
    for (const write of binding.writes) {
      if ('path' in write && write.path.length > 0) this.#linkPath(binding, write.path);
      switch (write.kind) {
        case 'value':
          this.into(binding).link(write.node, write.scope, wayOut(write.path));
          break;
        case 'each':
          this.into(binding).link(write.node, write.scope, after(element, wayOut(write.path)));
          break;
        case 'import':
          this.#target = binding;
          this.give(
            along(
              write.member === '*' ? undefined : after(member(write.member), undefined),
              bitsOfModule(write.module),
            ),
          );
          break;
        case 'function':
          this.#target = binding;
          this.give(may.fn);
          this.#tie(write.fn, after(given, undefined));
          break;
        case 'class':
          this.#target = binding;
          this.give(may.fn);
          break;
        case 'parameter':
          for (const entrance of write.fn.entrances) this.#linkEntrance(binding, write, entrance);
          break;
        default:
      }
    }
  }

  #linkEntrance(binding: Binding, write: Extract<Write, { kind: 'parameter' }>, entrance: Entrance): void {
    const { kind, site, argument } = entrance;
    const { node, scope } = site;
    const way = wayOut(write.path);
    if (write.index >= maxFollowedParameters) {
      this.#target = binding;
      this.give(anything);
      return;
    }
    if (!('arguments' in node)) return;
    if (kind === 'callback') {
      // A callback is given what the call it is passed to makes of its receiver.
      if (node.callee.type === 'MemberExpression')
        this.into(binding).link(node.callee.object, scope, after(spread, way));
      // `setTimeout(f, 0, value)`
      if (isTimer(node.callee))
        for (const passed of node.arguments.slice(1)) this.into(binding).link(passed, scope, way);
      return;
    }
    for (const passed of argumentsAt(node.arguments, argument + write.index, write.rest))
      this.into(binding).link(passed, scope, write.rest ? after(held, way) : way);
  }
}

function isTimer(callee: Node): boolean {
  const name = callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
  return timer.test(callee.type === 'Identifier' ? callee.name : (name ?? ''));
}

const timer = /^(?:set(?:Timeout|Interval|Immediate)|nextTick)$/;

function argumentsAt(given: readonly Node[], index: number, rest: boolean): readonly Node[] {
  if (rest || given.slice(0, index + 1).some(({ type }) => type === 'SpreadElement')) return given;
  return given.slice(index, index + 1);
}

/** What destructuring makes of a value. */
function wayOut(path: Path): Way | undefined {
  return path.reduceRight<Way | undefined>(
    (rest, key) => after(typeof key === 'object' ? computedMember : member(String(key)), rest),
    undefined,
  );
}
