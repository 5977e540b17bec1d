/** An edge: what it asks for is fixed when the tree is linked; whether it gets that is worked out when asked for. */
import type { DependencyType, LockEdge } from '../model/lock-tree.ts';
import { type EdgeValidity, isPlainlySatisfied } from './edge-validity.ts';
import type { LockedNode } from './locked-node.ts';
import type { OverrideResolver, OverrideRule } from './override-rules.ts';

/** What all edges of a tree share. */
export interface EdgeContext {
  readonly validity: EdgeValidity;
  readonly overrides: OverrideResolver;
  /** The root's own spec for a name, for `$name` in an override. */
  findReference(name: string, from: LockedNode): string | undefined;
}

export interface EdgeRequest {
  readonly name: string;
  /** As a file system that ignores case would have it. */
  readonly folded: string;
  readonly spec: string;
  readonly type: DependencyType;
}

export class LockedEdge implements LockEdge {
  readonly from: LockedNode;
  readonly to: LockedNode | undefined;
  readonly name: string;
  readonly declaredSpec: string;
  readonly type: DependencyType;
  /** The override in force here, about this name or inherited from above. */
  rule: OverrideRule | undefined = undefined;
  /** The edge to the same node that was made before this one: a list for each node would take more than the edges. */
  earlierIn: LockedEdge | undefined = undefined;
  readonly #context: EdgeContext;
  #problem: LockEdge['problem'] | 'unknown' = 'unknown';

  constructor(from: LockedNode, { name, folded, spec, type }: EdgeRequest, context: EdgeContext) {
    this.from = from;
    this.to = from.resolve(folded);
    this.name = name;
    this.declaredSpec = spec;
    this.type = type;
    this.#context = context;
  }

  get spec(): string {
    const { rule, declaredSpec } = this;
    if (rule === undefined || !this.#isOverridden()) return declaredSpec;
    if (!rule.value.startsWith('$')) return rule.value;
    return this.#context.findReference(rule.value.slice(1), this.from) ?? rule.value;
  }

  get overridden(): boolean {
    return this.#isOverridden() && this.spec !== this.declaredSpec;
  }

  get problem(): LockEdge['problem'] {
    if (this.#problem === 'unknown') this.#problem = this.#findProblem();
    return this.#problem;
  }

  #isOverridden(): boolean {
    const { rule } = this;
    return rule !== undefined && rule.name === this.name && rule.value !== '' && rule.value !== '*';
  }

  #findProblem(): LockEdge['problem'] {
    const { from, to, type } = this;
    if (to === undefined) return type === 'optional' || type === 'peerOptional' ? undefined : 'missing';
    const isPeer = type === 'peer' || type === 'peerOptional';
    // A peer is shared with the dependents: a copy of one's own is none.
    if (isPeer && to.parent === from && !from.isTop) return 'invalid';
    // npm refuses an override of what the root itself asks for in other words.
    if (from.location === '' && this.overridden) return 'invalid';
    // A reference to what nobody asks for: npm stops there.
    if (this.spec.startsWith('$')) return 'invalid';
    return this.#isSatisfiedBy(to) && !this.#contradicts(to) ? undefined : 'invalid';
  }

  /** npm overrides nothing that comes out of another package's tarball. */
  #isSatisfiedBy(to: LockedNode): boolean {
    if (to.key !== this.name) return false;
    const isBundled = to.bundler !== undefined && to.bundler.location !== '';
    const keySpec = this.rule?.keySpec ?? '';
    if (isBundled || keySpec === '') return this.#takes(to, isBundled ? this.declaredSpec : this.spec);
    if (this.#takes(to, this.spec)) return true;
    // Neither what stands instead, nor what the rule was meant to replace: a version beside the rule.
    return this.#takes(to, this.declaredSpec) && !this.#takes(to, keySpec);
  }

  #takes(to: LockedNode, spec: string): boolean {
    if (isPlainlySatisfied(to, spec)) return true;
    const { from } = this;
    const { validity } = this.#context;
    const isOverride = this.rule !== undefined && this.rule.name === this.name && this.rule.value !== '';
    if (validity.isSatisfied({ from, to, spec, isOverride })) return true;
    const { accepted } = from.entry;
    if (accepted === undefined || !Object.hasOwn(accepted, this.name)) return false;
    return validity.isSatisfied({ from, to, spec: accepted[this.name] ?? '', isOverride });
  }

  #contradicts(to: LockedNode): boolean {
    const { rule } = this;
    if (rule === undefined || to.overrides === undefined || to.out.length === 0) return false;
    return this.#context.overrides.doConflict(rule, to.overrides);
  }
}
