/** True when there is nothing but padding. A plain loop: a callback for each byte of a large tar takes seconds. */
export function isZeroFilled(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] !== 0) return false;
  }
  return true;
}
