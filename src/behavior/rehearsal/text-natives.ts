/** Texts, numbers and bytes: what decodes and encodes them. */
import { textToBytes } from '../values/encoding.ts';
import { flow } from '../values/flow.ts';
import { isPlain, isThing, marked, maxList, maxText, originsOf, plainOf, unsure, wordOf } from './held.ts';
import { type Native, of, plainly } from './native.ts';

const toBytes: Native = (_, { given }) => {
  const [value, encoding] = given;
  const name = String(plainOf(encoding) ?? 'utf8').toLowerCase();
  const decodes = name.startsWith('base64') || name === 'hex' || (isThing(value) && value.kind === 'list');
  const origins = (originsOf(value) | (decodes ? flow.decoded : 0)) & ~flow.broad;
  if (isThing(value) && value.kind === 'bytes') return { value };
  if (isThing(value) && value.kind === 'list') {
    const numbers = value.elements.map((one) => Number(plainOf(one)) & 0xff);
    return { value: { kind: 'bytes', numbers, origins } };
  }
  if (typeof value === 'number')
    return {
      value: { kind: 'bytes', numbers: new Array<number>(Math.max(0, Math.min(value, maxList)) | 0).fill(0), origins },
    };
  const text = isPlain(value) ? plainOf(value) : undefined;
  if (typeof text !== 'string') return { value: unsure(origins) };
  const numbers = Array.from(textToBytes(text, name), (one) => one.charCodeAt(0));
  return { value: { kind: 'bytes', numbers, origins } };
};

const fromCodes = of((given) => {
  const origins = given.reduce<number>((bits, one) => bits | originsOf(one), flow.decoded) & ~flow.broad;
  if (!given.every(isPlain)) return unsure(origins);
  return marked(given.map((one) => String.fromCharCode(Number(plainOf(one)))).join(''), origins);
});

const decodeBytes: Native = (_, { given: [bytes] }) => {
  if (!isThing(bytes) || bytes.kind !== 'bytes') return { value: unsure(originsOf(bytes) | flow.decoded) };
  const text = new TextDecoder().decode(Uint8Array.from(bytes.numbers));
  return { value: marked(text, bytes.origins | flow.decoded) };
};

export const textNatives: readonly (readonly [string, Native])[] = [
  ['String.fromCharCode', fromCodes],
  ['String.fromCodePoint', fromCodes],
  [
    'String',
    of(([held]) => {
      const word = wordOf(held);
      return word === undefined ? unsure(originsOf(held)) : marked(word, originsOf(held));
    }),
  ],
  ['Number', plainly((value) => Number(value))],
  ['Boolean', plainly((value) => Boolean(value))],
  [
    'parseInt',
    plainly((value, [, radix]) =>
      Number.parseInt(String(value), radix === undefined ? undefined : Number(plainOf(radix))),
    ),
  ],
  [
    'Number.parseInt',
    plainly((value, [, radix]) =>
      Number.parseInt(String(value), radix === undefined ? undefined : Number(plainOf(radix))),
    ),
  ],
  ['parseFloat', plainly((value) => Number.parseFloat(String(value)))],
  ['isNaN', plainly((value) => Number.isNaN(Number(value)))],
  ['encodeURIComponent', plainly((value) => encodeURIComponent(String(value)))],
  ['escape', plainly((value) => encodeURIComponent(String(value)))],
  ['btoa', plainly((value) => btoa(String(value)))],
  ['Buffer.from', toBytes],
  ['Buffer.alloc', toBytes],
  ['Buffer', toBytes],
  ['buffer.Buffer.from', toBytes],
  ['Uint8Array', toBytes],
  ['Uint8Array.from', toBytes],
  ['Int8Array', toBytes],
  [
    'Buffer.concat',
    of(([list], stage) => {
      const parts = stage.iterate(list) ?? [];
      const numbers: number[] = [];
      for (const part of parts) {
        if (isThing(part) && part.kind === 'bytes' && numbers.length <= maxText)
          for (const one of part.numbers) numbers.push(one);
      }
      return {
        kind: 'bytes',
        numbers,
        origins: parts.reduce<number>((bits, one) => bits | originsOf(one), 0),
      };
    }),
  ],
  ['TextDecoder().decode', decodeBytes],
  ['util.TextDecoder().decode', decodeBytes],
  ['TextEncoder().encode', toBytes],
];
