/** Abstract values as text, for display and for telling what a path or a command is. */
import { isBroad } from '../outside/broad-path.ts';
import { flow } from './flow.ts';
import type { Value } from './value.ts';

/** The value as text: constants in full, known folders by name, `…` for what is not known. */
export function textOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'constant':
      return String(value.value);
    case 'bytes':
      return value.text;
    case 'unknown':
      return value.text;
    case 'reference':
      return places.get(value.name) ?? environmentVariable(value.name);
    case 'list': {
      const texts = value.elements.slice(0, 64).map(textOf);
      return texts.every((text) => text === undefined) ? undefined : texts.map((text) => text ?? '…').join(' ');
    }
    case 'union':
      for (const one of value.of) {
        const text = one.kind === 'constant' && typeof one.value !== 'string' ? undefined : textOf(one);
        if (text !== undefined && text !== '') return text;
      }
      return undefined;
    default:
      return undefined;
  }
}

function environmentVariable(name: string): string | undefined {
  return name.startsWith('process.env.') ? `$${name.slice('process.env.'.length)}` : undefined;
}

/**
 * Origins of a text put together from parts: where a path begins, it is broad or is not, and what is appended narrows it, unless
 * it walks over it.
 */
export function joinedOrigins(parts: readonly Value[], text: string | undefined): number {
  const first = parts.find((one) => one.kind !== 'constant' || one.value !== '');
  const rest = parts.reduce((bits, one) => bits | one.origins, 0) & ~flow.broad;
  const origins = rest | ((first?.origins ?? 0) & flow.broad);
  if ((origins & flow.broad) === 0 || (origins & flow.listing) !== 0) return origins;
  return text !== undefined && isBroad(text) ? origins : origins & ~flow.broad;
}

const places: ReadonlyMap<string, string> = new Map([
  ['os.homedir()', '<home>'],
  ['os.homedir', '<home>'],
  ['process.env.HOME', '<home>'],
  ['process.env.USERPROFILE', '<home>'],
  ['process.cwd()', '<cwd>'],
  ['process.env.INIT_CWD', '<cwd>'],
  ['__dirname', '<package>'],
  ['__filename', '<package>'],
  ['import.meta.dirname', '<package>'],
  ['import.meta.filename', '<package>'],
  ['import.meta.url', '<package>'],
  ['os.tmpdir()', '<temp>'],
  ['os.tmpdir', '<temp>'],
]);
