/** Tarballs as a broken disk or a hostile hand would leave them. */
import type { Random } from './random.ts';

/** A few changed bytes, and now and then a piece cut out, doubled, or lost at the end. */
export function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    damaged[random.below(damaged.length)] = random.pick([
      0,
      0x20,
      0x2f,
      0x2e,
      0x30,
      0x37,
      0x39,
      0x80,
      0xff,
      random.below(256),
    ]);
  }
  const start = random.below(damaged.length);
  const end = start + random.below(1500);
  const pieces = [damaged.subarray(0, start), damaged.subarray(start, end), damaged.subarray(end)];
  const kept = random.pick([[0, 1, 2], [0, 1, 2], [0, 2], [0, 1, 1, 2], [0]]);
  return Buffer.concat(kept.map((index) => pieces[index] ?? new Uint8Array()));
}

/** Every block that looks like a header gets the checksum it should have, so that the damage reaches what lies behind. */
export function mendChecksums(bytes: Uint8Array): Uint8Array {
  const mended = Buffer.from(bytes);
  for (let at = 0; at + 512 <= mended.length; at += 512) {
    if (mended.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
    mended.write('        ', at + 148, 'latin1');
    const sum = mended.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
    mended.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  }
  return mended;
}
