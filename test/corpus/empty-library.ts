/** Headers of a native program with nothing behind them: enough to be told by its first bytes, too little to run. */

/** The two headers of a Windows program, without a section. */
export const emptyLibrary: Uint8Array = writeAt(256, [
  [0, 'MZ'],
  [0x3c, '\u0080'],
  [0x80, 'PE\0\0'],
]);

function writeAt(length: number, pieces: readonly (readonly [at: number, bytes: string])[]): Uint8Array {
  const bytes = Buffer.alloc(length);
  for (const [at, text] of pieces) bytes.write(text, at, 'latin1');
  return bytes;
}
