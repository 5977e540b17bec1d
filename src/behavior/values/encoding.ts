/** Node's text encodings for bytes held one to a character. Never throws: Node skips what does not decode. */

export function textToBytes(text: string, encoding: string): string {
  switch (encoding) {
    case 'hex':
      return fromHex(text);
    case 'base64':
    case 'base64url':
      return fromBase64(text);
    case 'latin1':
    case 'binary':
    case 'ascii':
      return text;
    default:
      return latin1(new TextEncoder().encode(text));
  }
}

export function bytesToText(bytes: string, encoding: string): string {
  switch (encoding) {
    case 'hex':
      return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
    case 'base64':
    case 'base64url':
      return btoa(bytes);
    case 'latin1':
    case 'binary':
    case 'ascii':
      return bytes;
    default:
      return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  }
}

function fromHex(text: string): string {
  const pairs = /^(?:[0-9a-fA-F]{2})*/.exec(text)?.[0].match(/../g) ?? [];
  return pairs.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
}

function fromBase64(text: string): string {
  const letters = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/[^A-Za-z0-9+/]/g, '');
  // One letter left over holds no whole byte.
  return atob(letters.length % 4 === 1 ? letters.slice(0, -1) : letters);
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
