/** Tests of how a file was started: itself, or as a thread. What stands under them does not run on import. */
import type { Guard } from '../../model/behavior.ts';
import type { Relevance } from '../flows/relevance.ts';
import { type Condition, findBinding } from '../syntax/scope.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { referenceNames } from '../values/value.ts';

const programTest = /^(?:require\.main([=!]==?)module|module([=!]==?)require\.main|!module\.parent)$/;
const maxTest = 60;
const forgesMain = /(?:\bmain|mainModule|\bparent)["'`\]\s]*=(?!=)|["'`](?:main|mainModule|parent)["'`]/;

interface Setting {
  readonly evaluator: Evaluator;
  readonly relevance: Relevance;
  readonly text: string;
  readonly lineOf: (offset: number) => number;
}

export class StartTests {
  readonly #setting: Setting;
  #mayForge: boolean | undefined;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  find(condition: Condition): Guard | undefined {
    return this.#asProgram(condition) ?? this.#asThread(condition);
  }

  /** `if (require.main === module)`: not on import. Who can write to either is not believed. */
  #asProgram({ test, negated, scope }: Condition): Guard | undefined {
    const [start, end] = [test.start ?? 0, test.end ?? 0];
    if (end - start > maxTest) return undefined;
    const text = this.#setting.text.slice(start, end).replaceAll(/\s/g, '');
    const match = programTest.exec(text);
    if (match === null || (match[1] ?? match[2] ?? '=').startsWith('!') !== negated) return undefined;
    if (findBinding(scope, 'require') !== undefined || findBinding(scope, 'module') !== undefined) return undefined;
    this.#mayForge ??= forgesMain.test(this.#setting.text);
    return this.#mayForge ? undefined : { test: 'program', line: this.#setting.lineOf(start), text };
  }

  /** `if (!isMainThread)`: not on import. */
  #asThread({ test, negated, scope }: Condition): Guard | undefined {
    const isTurned = test.type === 'UnaryExpression' && test.operator === '!';
    const asked = isTurned ? test.argument : test;
    if (isTurned === negated || (asked.type !== 'Identifier' && asked.type !== 'MemberExpression')) return undefined;
    const { start = 0, end = 0 } = asked;
    const text = this.#setting.text.slice(start, end);
    if (end - start > maxTest || !this.#setting.relevance.mayBeOutside(asked, scope)) return undefined;
    const names = referenceNames(this.#setting.evaluator.evaluate(asked, scope));
    return names.length === 1 && names[0] === 'worker_threads.isMainThread'
      ? { test: 'thread', line: this.#setting.lineOf(start), text }
      : undefined;
  }
}
