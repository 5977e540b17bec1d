/** What a file's first bytes say it is. They decide before its name does, since a program may wear any name. */
import type { FileFormat } from '../model/package-tree.ts';

type BinaryFormat = Extract<FileFormat, 'elf' | 'pe' | 'mach-o' | 'wasm' | 'archive' | 'image' | 'font'>;

export interface Magic {
  readonly format: BinaryFormat;
  /** True when no JavaScript can begin so. `GIF89a=1` can: there the name has the say. */
  readonly neverText: boolean;
}

interface Signature extends Magic {
  readonly at: number;
  readonly bytes: Uint8Array;
}

type SignatureRow = readonly [format: BinaryFormat, hex: string, at?: number];

const neverText: readonly SignatureRow[] = [
  ['elf', '7f454c46'],
  ['mach-o', 'feedface'],
  ['mach-o', 'feedfacf'],
  ['mach-o', 'cefaedfe'],
  ['mach-o', 'cffaedfe'],
  ['wasm', '0061736d'],
  // zip (and jar, xpi, nupkg …): a member, an empty one, a part of several.
  ['archive', '504b0304'],
  ['archive', '504b0506'],
  ['archive', '504b0708'],
  ['archive', '1f8b'],
  ['archive', '1f9d'],
  ['archive', 'fd377a585a00'],
  ['archive', '377abcaf271c'],
  ['archive', '28b52ffd'],
  ['archive', '04224d18'],
  ['archive', '526172211a07'],
  ['archive', '213c617263683e0a'],
  ['archive', '4d53434600000000'],
  ['archive', 'edabeedb'],
  ['image', '89504e470d0a1a0a'],
  ['image', 'ffd8ff'],
  ['image', '00000100'],
  ['image', '00000200'],
  ['image', '49492a00'],
  ['image', '4d4d002a'],
  ['image', '0000000c6a502020'],
  ['font', '0001000000'],
];

/** Letters and digits: a text, even a script, can begin so. */
const perhapsText: readonly SignatureRow[] = [
  // bzip2 has a digit between its name and pi.
  ['archive', '314159265359', 4],
  ['archive', '7573746172', 257],
  ['archive', '78617221'],
  ['image', '474946383761'],
  ['image', '474946383961'],
  ['image', '57454250', 8],
  ['image', '6674797061766966', 4],
  ['image', '6674797068656963', 4],
  ['image', '38425053'],
  ['image', '69636e73'],
  ['font', '774f4646'],
  ['font', '774f4632'],
  ['font', '4f54544f'],
  ['font', '74746366'],
  ['font', '4c50', 34],
];

const signatures: readonly Signature[] = [...toSignatures(neverText, true), ...toSignatures(perhapsText, false)];
const signaturesByFirstByte = Map.groupBy(
  signatures.filter((signature) => signature.at === 0),
  (signature) => signature.bytes[0],
);
const signaturesWithin = signatures.filter((signature) => signature.at > 0);

export function findMagic(bytes: Uint8Array): Magic | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isPortableExecutable(view)) return { format: 'pe', neverText: true };
  if (isFatMachO(view)) return { format: 'mach-o', neverText: true };
  const isHere = (signature: Signature) => hasBytes(bytes, signature);
  return signaturesByFirstByte.get(bytes[0])?.find(isHere) ?? signaturesWithin.find(isHere);
}

function toSignatures(rows: readonly SignatureRow[], certain: boolean): readonly Signature[] {
  return rows.map(([format, hex, at]) => ({ format, neverText: certain, at: at ?? 0, bytes: Buffer.from(hex, 'hex') }));
}

function hasBytes(bytes: Uint8Array, { at, bytes: wanted }: Signature): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

/** `MZ` are two letters; the program they announce stands where the pointer at 60 says. */
function isPortableExecutable(view: DataView): boolean {
  if (view.byteLength < 64 || view.getUint16(0) !== 0x4d5a) return false;
  const header = view.getUint32(60, true);
  return header + 4 <= view.byteLength && view.getUint32(header) === 0x50450000;
}

/** Java classes begin with the same four bytes; where they have a version above 44, a fat binary counts its few parts. */
function isFatMachO(view: DataView): boolean {
  if (view.byteLength < 8) return false;
  const magic = view.getUint32(0);
  return (magic === 0xcafebabe || magic === 0xcafebabf) && view.getUint32(4) < 45;
}
