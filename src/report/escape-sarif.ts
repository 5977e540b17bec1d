/** The ways from foreign text into a SARIF log: messages, in which brackets make links, and addresses. */
import { makeVisible } from './visible-text.ts';

/** SARIF's plain text still has links (`[text](address)`) and placeholders (`{0}`): here they are neither. */
export function escapeSarif(text: string): string {
  return makeVisible(text)
    .replaceAll('](', '] (')
    .replace(/\{(\d+)\}/g, '{{$1}}');
}

/** A path from the root of the repository as a relative reference: no scheme, no host, nothing above the root. */
export function toUri(path: string): string {
  const segments = path.split('/').filter((segment) => !['', '.', '..'].includes(segment));
  return segments.map(encode).join('/');
}

/** `pkg:npm/%40scope/name@1.2.3`. */
export function toPurl(name: string, version: string): string {
  return `pkg:npm/${name.split('/').map(encode).join('/')}@${encode(version)}`;
}

/** Characters that have no UTF-8 become U+FFFD: the encoder would throw. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
