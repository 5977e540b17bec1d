/**
 * A popular package whose name another name could be taken for: a slip of the finger, a letter that looks the same,
 * another separator, the wrong scope. Names that are popular themselves imitate nobody, and neither does what stands
 * under a scope of popular packages: nobody else can publish there.
 */
import popularNames from './popular-names.json' with { type: 'json' };

export interface Lookalike {
  /** The popular one; `@scope/*` where it is the scope that can be taken for another. */
  readonly name: string;
  /** What sets them apart: `two letters are swapped`. */
  readonly difference: string;
}

interface Index {
  readonly popular: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
  readonly household: ReadonlySet<string>;
  readonly wellKnown: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  /** Those worth imitating, the best known first. */
  readonly targets: readonly string[];
  /** By the letters and digits alone. */
  readonly byLetters: ReadonlyMap<string, string>;
  readonly byShape: ReadonlyMap<string, string>;
  /** Scopes of some length, by their letters. */
  readonly scopesByLetters: ReadonlyMap<string, string>;
}

/** npm's longest name. */
const maxLength = 214;
/** Below these lengths names are near each other by chance: the more a slip stands out, the shorter may the name be. */
const minLength = { letters: 5, slip: 6, slipInWellKnown: 5, edit: 8, editInHousehold: 6, replaced: 12, scope: 6 };
/** A scope with one or two letters more than this long one is no other word. */
const minLongScope = 12;
/** What is put before or behind a name without saying anything: the package's own language. */
const ownLanguage = /^(?:node[-_.]?(?<behind>.+)|(?<before>.+?)[-_.]?(?:js|node))$/;
/** Words that claim to be the same, or better. */
const claims = new Set(
  'plain easy simple pure fast real true original official new latest fixed patched clean secure safe lite light mini plus pro extra super better node js javascript ts typescript es6 esm cjs lib compat modern legacy fork copy clone'.split(
    ' ',
  ),
);

let built: Index | undefined;

export function findLookalike(name: string): Lookalike | undefined {
  if (name.length > maxLength) return undefined;
  built ??= buildIndex();
  const index = built;
  if (index.popular.has(name) || index.scopes.has(scopeOf(name))) return undefined;
  return (
    findSameLetters(name, index) ??
    findSameShape(name, index) ??
    findSlip(name, index) ??
    findOwnLanguage(name, index) ??
    findScope(name, index)
  );
}

/** Whether very many packages and projects depend on it. */
export function isWellKnown(name: string): boolean {
  built ??= buildIndex();
  return built.known.has(name);
}

/** Less than that: among the names of the shipped list at all. */
export function isPopular(name: string): boolean {
  built ??= buildIndex();
  return built.popular.has(name);
}

/** Rougher: also a popular name with a word that claims to be the same. For packages that are suspect already. */
export function findNearCopy(name: string): Lookalike | undefined {
  const lookalike = findLookalike(name);
  if (lookalike !== undefined || name.length > maxLength) return lookalike;
  built ??= buildIndex();
  const index = built;
  if (index.popular.has(name) || index.scopes.has(scopeOf(name))) return undefined;
  const words = name.replace(/^@[^/]*\//, '').split(/[-_.]/);
  if (words.length < 2) return undefined;
  for (const position of [0, words.length - 1]) {
    const word = words[position] ?? '';
    if (!claims.has(word)) continue;
    const target = index.byLetters.get(lettersOf(words.toSpliced(position, 1).join('')));
    if (target !== undefined) return { name: target, difference: `it only adds the word "${word}"` };
  }
  return undefined;
}

function buildIndex(): Index {
  const household = popularNames.household;
  const wellKnown = [...household, ...popularNames.wellKnown];
  const targets = [...wellKnown, ...popularNames.known];
  const popular = new Set([...targets, ...popularNames.others]);
  const scopes = new Set([...popular].map(scopeOf).filter((scope) => scope !== ''));
  return {
    popular,
    scopes,
    household: new Set(household),
    wellKnown: new Set(wellKnown),
    known: new Set(targets),
    targets,
    byLetters: indexBy(targets, lettersOf, minLength.letters),
    byShape: indexBy(targets, shapeOf, minLength.letters),
    scopesByLetters: indexBy([...scopes], lettersOf, minLength.scope),
  };
}

/** The first that has a key keeps it: the better known. */
function indexBy(
  names: readonly string[],
  keyOf: (name: string) => string,
  shortest: number,
): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  for (const name of names) {
    const key = keyOf(name);
    if (key.length >= shortest && !index.has(key)) index.set(key, name);
  }
  return index;
}

function scopeOf(name: string): string {
  return name.startsWith('@') ? name.slice(0, Math.max(0, name.indexOf('/'))) : '';
}

function lettersOf(name: string): string {
  return name.replaceAll(/[@/._~-]/g, '').toLowerCase();
}

/** What looks the same in many fonts becomes the same. */
function shapeOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll(/[1i]/g, 'l')
    .replaceAll('0', 'o')
    .replaceAll('5', 's');
}

function findSameLetters(name: string, { byLetters }: Index): Lookalike | undefined {
  const target = byLetters.get(lettersOf(name));
  if (target === undefined) return undefined;
  const isScoped = scopeOf(name) !== scopeOf(target);
  return { name: target, difference: isScoped ? 'only the scope is another' : 'only the separators differ' };
}

function findSameShape(name: string, { byShape }: Index): Lookalike | undefined {
  const target = byShape.get(shapeOf(name));
  return target === undefined ? undefined : { name: target, difference: 'letters stand in it that look the same' };
}

function findSlip(name: string, { targets, household, wellKnown }: Index): Lookalike | undefined {
  for (const target of targets) {
    if (Math.abs(target.length - name.length) > 1) continue;
    const edit = findEdit(name, target);
    if (edit === undefined) continue;
    const shortest = {
      slip: wellKnown.has(target) ? minLength.slipInWellKnown : minLength.slip,
      edit: household.has(target) ? minLength.editInHousehold : minLength.edit,
      replaced: minLength.replaced,
    };
    if (target.length >= shortest[edit.kind]) return { name: target, difference: edit.difference };
  }
  return undefined;
}

function findOwnLanguage(name: string, { wellKnown, byLetters }: Index): Lookalike | undefined {
  const { behind, before } = ownLanguage.exec(name)?.groups ?? {};
  const rest = behind ?? before;
  const target = rest === undefined || rest.startsWith('@') ? undefined : byLetters.get(lettersOf(rest));
  if (target === undefined || !wellKnown.has(target)) return undefined;
  return { name: target, difference: 'it only adds the name of the language' };
}

function findScope(name: string, { scopesByLetters }: Index): Lookalike | undefined {
  const letters = lettersOf(scopeOf(name));
  if (letters.length < minLength.scope) return undefined;
  for (const [known, scope] of scopesByLetters) {
    const isLong = known.length >= minLongScope;
    const edit = letters === known ? undefined : findEdit(letters, known);
    const isMore = isLong && letters.startsWith(known) && letters.length - known.length <= 2;
    if (letters === known || isMore || edit?.kind === 'slip' || (edit?.kind === 'edit' && isLong)) {
      return { name: `${scope}/*`, difference: `${scopeOf(name)} is not the scope ${scope}` };
    }
  }
  return undefined;
}

interface Edit {
  /** slip: letters doubled or swapped. edit: one more, one less, or one that fingers or ears take for another. replaced: any other. */
  readonly kind: 'slip' | 'edit' | 'replaced';
  readonly difference: string;
}

/** The one place where two names differ, if there is only one. Digits count something, and are no slip. */
function findEdit(name: string, target: string): Edit | undefined {
  let start = 0;
  while (start < name.length && name[start] === target[start]) start += 1;
  let [end, targetEnd] = [name.length, target.length];
  while (end > start && targetEnd > start && name[end - 1] === target[targetEnd - 1]) {
    end -= 1;
    targetEnd -= 1;
  }
  const [mine, theirs] = [name.slice(start, end), target.slice(start, targetEnd)];
  if (/\d/.test(mine + theirs)) return undefined;
  if (mine.length === 2 && mine[0] === theirs[1] && mine[1] === theirs[0] && theirs.length === 2) {
    return { kind: 'slip', difference: 'two letters are swapped' };
  }
  if (mine.length + theirs.length === 1) {
    const [letter, whole, at] = mine === '' ? [theirs, target, start] : [mine, name, start];
    const isDoubled = whole[at - 1] === letter || whole[at + 1] === letter;
    const difference = `"${letter}" is ${mine === '' ? 'missing' : 'one more'}`;
    return { kind: isDoubled ? 'slip' : 'edit', difference };
  }
  if (mine.length !== 1 || theirs.length !== 1) return undefined;
  const difference = `"${mine}" stands in the place of "${theirs}"`;
  return { kind: isConfusable(mine, theirs) ? 'edit' : 'replaced', difference };
}

const keyRows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'] as const;
/** Letters that sound alike. */
const sounds = ['aeiouy', 'cks', 'szc', 'mn', 'bp', 'bd', 'dt', 'vwf', 'gj', 'gq'] as const;

function isConfusable(left: string, right: string): boolean {
  return sounds.some((group) => group.includes(left) && group.includes(right)) || areNeighbors(left, right);
}

/** Keys that touch: each row stands half a key to the right of the one above. */
function areNeighbors(left: string, right: string): boolean {
  const [a, b] = [placeOf(left), placeOf(right)];
  return a !== undefined && b !== undefined && Math.hypot(a.x - b.x, a.y - b.y) < 1.2;
}

function placeOf(letter: string): { readonly x: number; readonly y: number } | undefined {
  for (const [y, row] of keyRows.entries()) {
    const x = row.indexOf(letter);
    if (x !== -1) return { x: x + y / 2, y };
  }
  return undefined;
}
