/** `chunk-6RTS5NDR.js`, `index.3f2a9b.mjs`: bundlers put a hash of the contents into a file's name, another one in each build. */

/** At the end of the name: what stands before it, it, and the endings. */
const fixedLength = /^(.*[-._])([\w-]{8})((?:\.\w{1,6}){1,3})$/;
const anyLength = /^(.*[-._])([A-Za-z\d]{6,32})((?:\.\w{1,6}){1,3})$/;
const maxName = 200;

/** The path with a sign in the place of the hash; undefined where there is none. */
export function findWithoutHash(path: string): string | undefined {
  const at = path.lastIndexOf('/') + 1;
  const name = path.slice(at);
  if (name.length > maxName) return undefined;
  for (const shape of [fixedLength, anyLength]) {
    const [, stem = '', hash = '', endings = ''] = shape.exec(name) ?? [];
    if (isHash(hash)) return `${path.slice(0, at)}${stem}#${endings}`;
  }
  return undefined;
}

/** No word: of hexadecimal digits, with a digit in it, or of eight letters of both sorts at random. */
function isHash(text: string): boolean {
  if (/^(?=.*\d)(?=.*[a-f])[\da-f]+$/.test(text)) return true;
  return text.length >= 8 && (/\d/.test(text) || (text.length === 8 && /.[A-Z]/.test(text)));
}
