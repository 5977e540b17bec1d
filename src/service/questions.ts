/** What a question is called in the store today: by the service's registry, rules and policy, and what was approved. */
import { rules } from '../../rules/index.ts';
import { approvePolicy, nameSettings } from '../guard/approved-policy.ts';
import { nameQuestion } from '../guard/name-question.ts';
import type { Pair } from '../guard.ts';
import type { Approval } from '../model/approval.ts';
import type { Policy } from '../model/policy.ts';
import type { Database } from '../store/database.ts';
import { findApprovals } from '../store/found-approvals.ts';

export interface QuestionsOptions {
  readonly database: Database;
  readonly policy: Policy;
  /** Sluice's version. */
  readonly engine: string;
  /** The address of the registry that a package comes from. */
  readonly addressOf: (name: string) => string;
}

export class Questions {
  readonly #options: QuestionsOptions;
  readonly #settings: { readonly rules: string; readonly policy: string };
  #approvals: readonly Approval[] = [];
  #approved = new Map<string, string>();
  #revision = 0;

  constructor(options: QuestionsOptions) {
    this.#options = options;
    this.#settings = nameSettings(rules, options.policy);
  }

  /** Digest of the policy's own file. */
  get policy(): string {
    return this.#settings.policy;
  }

  /** Digest of the rule set. */
  get rules(): string {
    return this.#settings.rules;
  }

  /** Another number whenever a question may be called otherwise. */
  get revision(): number {
    return this.#revision;
  }

  async refresh(): Promise<void> {
    const { database, policy } = this.#options;
    const approvals = await findApprovals(database, this.policy);
    if (JSON.stringify(approvals) === JSON.stringify(this.#approvals)) return;
    this.#approvals = approvals;
    this.#revision += 1;
    const packages = new Map(approvals.map(({ name, version }) => [`${name}@${version}`, { name, version }]));
    this.#approved = new Map(
      [...packages].map(([key, one]) => [key, nameSettings(rules, approvePolicy(policy, approvals, [one])).policy]),
    );
  }

  nameOf(pair: Pair): string {
    const { engine, addressOf } = this.#options;
    const policy = this.#approved.get(`${pair.name}@${pair.to}`) ?? this.policy;
    return nameQuestion(pair, { registry: addressOf(pair.name), rules: this.rules, policy, engine });
  }
}
