/** A call of something of the outside, told as a behavior: what it is given, and what that makes of it. */
import type { Mark } from '../../model/behavior.ts';
import { findCredentialPlace, findPersistence } from '../../model/telling-places.ts';
import { isBroad } from '../outside/broad-path.ts';
import type { Api } from '../outside/catalog.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { flow } from '../values/flow.ts';
import { textOf } from '../values/text-of.ts';
import { alternatives, referenceNames, type Value } from '../values/value.ts';

export interface CallDescription {
  readonly detail: string | undefined;
  readonly origins: number;
  readonly marks: readonly Mark[];
}

const maxDetail = 400;

export function describeCall(api: Api, given: readonly Value[], evaluator: Evaluator): CallDescription {
  const [first, second] = given;
  const origins = given.reduce((bits, one) => bits | one.origins, 0);
  switch (api.detail) {
    case 'command': {
      const detail = cut(first === undefined ? undefined : textOf(first));
      return { detail, origins, marks: processMarks(detail, given, { evaluator, shell: true }) };
    }
    case 'program': {
      const words = second === undefined ? undefined : alternatives(second).find(({ kind }) => kind === 'list');
      const list = words === undefined ? undefined : textOf(words);
      const name = first === undefined ? undefined : nameProgram(first);
      const detail = cut(name === undefined && list === undefined ? undefined : `${name ?? '…'} ${list ?? ''}`.trim());
      return { detail, origins, marks: processMarks(detail, given, { evaluator, shell: false }) };
    }
    case 'url':
      return { detail: cut(findAddress(given, evaluator)), origins, marks: [] };
    case 'path':
    case 'destination': {
      const target = api.detail === 'path' ? first : (second ?? first);
      const detail = cut(target === undefined ? undefined : findTellingPath(target));
      return { detail, origins, marks: fileMarks(detail, target, { given, evaluator }) };
    }
    case 'code': {
      const text = first === undefined ? undefined : textOf(first);
      // The name of a file that stands beside it is not run.
      const isWhole = first?.kind === 'constant' && text !== undefined && !text.includes('…');
      return { detail: cut(text), origins: isWhole ? first.origins : origins, marks: [] };
    }
    case 'text':
      return { detail: cut(textArguments(given)), origins, marks: [] };
    case 'none':
      return { detail: undefined, origins, marks: [] };
  }
}

/** The runtime that runs the program itself is called by where it lies. */
function nameProgram(program: Value): string | undefined {
  const isOwn = referenceNames(program).some((name) => /^process\.(?:execPath|argv0|argv\.0)$/.test(name));
  return isOwn ? 'node' : textOf(program);
}

/** Of several paths the one that means something by its name. */
function findTellingPath(target: Value): string | undefined {
  const paths = target.kind === 'union' ? target.of.flatMap((one) => textOf(one) ?? []) : [];
  const telling = paths.find((path) => findCredentialPlace(path) !== undefined || findPersistence(path) !== undefined);
  return telling ?? textOf(target);
}

function cut(text: string | undefined): string | undefined {
  return text !== undefined && text.length > maxDetail ? `${text.slice(0, maxDetail)}…` : text;
}

/** The text that an interpreter of JavaScript is given to run: `node -e …`. */
export function findCodeArgument([program, list]: readonly Value[]): readonly Value[] {
  if (program === undefined || list?.kind !== 'list') return [];
  const name = nameProgram(program);
  if (name === undefined || !/(?:^|[\\/])(?:node|bun|deno)(?:\.exe)?$/.test(name)) return [];
  const at = list.elements.findIndex((one) => /^(?:-e|-p|-pe|--eval|--print|eval)$/.test(textOf(one) ?? ''));
  return at === -1 ? [] : list.elements.slice(at + 1, at + 2);
}

function textArguments(given: readonly Value[]): string | undefined {
  const texts = given.slice(0, 8).map(textOf);
  return texts.every((text) => text === undefined) ? undefined : texts.map((text) => text ?? '…').join(' ');
}

/** Programs that take the next program as text. */
const interpreter = /(?:^|[\\/\s;&|(])(?:ba|z|k|da)?sh(?:\.exe)?\s+-[a-z]*c\b|\bcmd(?:\.exe)?\s+\/[a-z]*c\b/i;
/** What fetches and runs, or runs text, in one line. */
const fetchAndRun =
  /\b(?:curl|wget|fetch)\b[^\n]{0,300}(?:\|\s*(?:sudo\s+)?(?:ba|z|k|da)?sh\b|\|\s*(?:node|python\d?|perl|ruby)\b|&&|;)|\bpowershell(?:\.exe)?\b|\bpwsh\b|\brundll32\b|\bmshta\b|\bcertutil\b[^\n]{0,200}-urlcache|\bbitsadmin\b|\bnode(?:\.exe)?\s+(?:-e|--eval)\b|\bpython\d?\s+-c\b|\|\s*(?:ba|z|k|da)?sh\b/i;
/** A shell that is told nothing takes its orders from whoever holds its input. */
const bareShell = /^(?:\/(?:usr\/)?bin\/)?(?:(?:ba|z|k|da)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?)(?:\s+-i)?$/i;
const downloader = /(?:^|[\\/\s;&|(])(?:curl|wget)(?:\.exe)?\s/i;

interface ProcessSetting {
  readonly evaluator: Evaluator;
  readonly shell: boolean;
}

function processMarks(
  detail: string | undefined,
  given: readonly Value[],
  { evaluator, shell }: ProcessSetting,
): Mark[] {
  const marks: Mark[] = [];
  const options = given.find((one) => one.kind === 'object' || one.kind === 'record');
  const option = (name: string): string | undefined =>
    options === undefined ? undefined : textOf(evaluator.property(options, name));
  if (shell || option('shell') === 'true' || (detail !== undefined && interpreter.test(detail))) marks.push('shell');
  if (
    detail !== undefined &&
    (fetchAndRun.test(detail) || downloader.test(detail) || interpreter.test(detail) || bareShell.test(detail))
  )
    marks.push('pipe');
  if (option('detached') === 'true') marks.push('detached');
  if (/^ignore(?: ignore)*$/.test(option('stdio') ?? '')) marks.push('silenced');
  return marks;
}

/** `http.get(url)`, `http.request({ host, path })`, `net.connect(port, host)`, `socket.open(method, url)`. */
function findAddress(given: readonly Value[], evaluator: Evaluator): string | undefined {
  for (const value of given) {
    const ways = alternatives(value);
    // Of several, one that holds its contents tells no host.
    for (const one of [...ways.filter((way) => !holdsItsContents(way)), ...ways]) {
      if (one.kind === 'object' || one.kind === 'record') {
        const host = ['hostname', 'host', 'url', 'uri', 'baseURL', 'href'].map((name) =>
          textOf(evaluator.property(one, name)),
        );
        const found = host.find((text) => text !== undefined && text !== '' && text !== 'undefined');
        if (found !== undefined) return `${found}${textOf(evaluator.property(one, 'path')) ?? ''}`;
        continue;
      }
      const text = one.kind === 'constant' && typeof one.value !== 'string' ? undefined : textOf(one);
      if (text !== undefined && /[./:]/.test(text)) return text;
    }
  }
  return undefined;
}

/** `fetch('data:…')` asks nobody: what comes back stands in the address. */
export function holdsItsContents(address: Value): boolean {
  return /^(?:data|blob):/i.test(textOf(address) ?? '');
}

interface FileSetting {
  readonly given: readonly Value[];
  readonly evaluator: Evaluator;
}

function fileMarks(detail: string | undefined, target: Value | undefined, { given, evaluator }: FileSetting): Mark[] {
  const marks: Mark[] = [];
  const options = given.find((one) => one.kind === 'object' || one.kind === 'record');
  if (options !== undefined && textOf(evaluator.property(options, 'recursive')) === 'true') marks.push('recursive');
  const origins = target?.origins ?? 0;
  if ((origins & flow.listing) !== 0) marks.push('in-walk');
  if ((origins & flow.broad) !== 0 || (detail !== undefined && isBroad(detail))) marks.push('broad-target');
  return marks;
}
