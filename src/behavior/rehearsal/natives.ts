/** Functions of the outside that only compute, load a module or call what they are given. Everything else stays a name. */

import { flow } from '../values/flow.ts';
import { foldOutsideCall, foldsOutsideCall } from '../values/fold-call.ts';
import { unknownValue, type Value } from '../values/value.ts';
import { isPlain, marked, type Outside, originsOf, plainOf, unsure, wordOf } from './held.ts';
import { setMember } from './members.ts';
import { callFunctionMethod, listed } from './methods.ts';
import type { Native } from './native.ts';
import { objectNatives } from './object-natives.ts';
import { textNatives } from './text-natives.ts';
import { fromValue, toValue } from './translate.ts';

export function findNative(name: string): Native | undefined {
  const native = natives.get(name);
  if (native !== undefined) return native;
  if (name.endsWith('.call') || name.endsWith('.apply') || name.endsWith('.bind')) return throughFunction;
  if (name.startsWith('Math.')) return computeMath;
  return foldsOutsideCall(name) ? foldByValue : undefined;
}

/** `fs.rmSync.call(fs, …)`; `Function.prototype.call.call(f, …)` and its like are left to the names. */
const throughFunction: Native = (stage, { callee, given, place }) => {
  const at = callee.name.lastIndexOf('.');
  const name = callee.name.slice(at + 1);
  const target: Outside = { ...callee, name: callee.name.slice(0, at) };
  if (target.name === 'Function.prototype' || target.name === 'Function') {
    const [fn, ...rest] = given;
    return { value: callFunctionMethod(stage, { self: fn, name, given: rest, place }) };
  }
  const method = /^(Array|String)\.prototype\.(\w+)$/.exec(target.name)?.[2];
  if (method !== undefined && name !== 'bind') {
    const [self, ...rest] = given;
    return {
      value: stage.call(
        { kind: 'method', self, name: method },
        { self, given: name === 'call' ? rest : listed(stage, rest[0]) },
        place,
      ),
    };
  }
  return { value: callFunctionMethod(stage, { self: target, name, given, place }) };
};

const computeMath: Native = (_, { callee, given }) => {
  const method = callee.name.slice('Math.'.length);
  const compute = mathMethods.get(method);
  if (compute === undefined || !given.every(isPlain)) return { value: unsure(0) };
  const origins = given.reduce<number>((bits, one) => bits | originsOf(one), 0);
  return { value: marked(compute(...given.map((one) => Number(plainOf(one)))), origins) };
};

const mathMethods: ReadonlyMap<string, (...numbers: number[]) => number> = new Map([
  ['floor', Math.floor],
  ['ceil', Math.ceil],
  ['round', Math.round],
  ['trunc', Math.trunc],
  ['abs', Math.abs],
  ['min', Math.min],
  ['max', Math.max],
  ['pow', Math.pow],
  ['sqrt', Math.sqrt],
  ['sign', Math.sign],
]);

const noFunctions = { fnOf: new Map() };
const noCaller = {
  callFunction: (): Value => unknownValue,
  callOutside: (): undefined => undefined,
  property: (): Value => unknownValue,
};

/** What the other half of this folder computes already. */
const foldByValue: Native = (_, { callee, given }) => {
  const values = given.map((one) => toValue(one, noFunctions));
  const folded = foldOutsideCall({ kind: 'reference', name: callee.name, origins: callee.origins }, values, noCaller);
  return folded === undefined ? undefined : { value: fromValue(folded) };
};

const loadModule: Native = (stage, { callee, given, place }) => {
  const [specifier] = given;
  stage.seeCall(place, callee, given);
  stage.want(specifier);
  const name = isPlain(specifier) ? plainOf(specifier) : undefined;
  if (typeof name !== 'string') return { value: unsure(originsOf(specifier) & flow.decoded) };
  return { value: stage.load(name) };
};

const natives: ReadonlyMap<string, Native> = new Map<string, Native>([
  ...textNatives,
  ...objectNatives,
  ['require', loadModule],
  ['import', loadModule],
  ['module._load', loadModule],
  ['module.Module._load', loadModule],
  ['module.constructor._load', loadModule],
  ['process.getBuiltinModule', loadModule],
  [
    'Reflect.apply',
    (stage, { given: [fn, self, list], place }) => ({
      value: stage.call(fn, { self, given: listed(stage, list) }, place),
    }),
  ],
  [
    'Reflect.construct',
    (stage, { given: [fn, list], place }) => ({ value: stage.construct(fn, listed(stage, list), place) }),
  ],
  [
    'Reflect.get',
    (stage, { given: [object, key] }) => ({
      value: wordOf(key) === undefined ? unsure(0) : stage.get(object, wordOf(key) ?? ''),
    }),
  ],
  [
    'Reflect.set',
    (stage, { given: [object, key, value] }) => {
      const name = wordOf(key);
      if (name !== undefined) setMember(stage, object, { name, value });
      return { value: true };
    },
  ],
]);
