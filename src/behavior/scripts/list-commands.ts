/** A shell script's text → the commands in it, each with its words, its place in a pipeline and its redirections. */
import { type Command, forEachChild, parse, type RedirectOperator, type SyntaxNode } from 'unbash';
import { decodePipeline } from './decode-pipeline.ts';
import { type FoldSubstitution, readWord, type Variables } from './shell-word.ts';

export interface ShellCommand {
  /** Assignments in front of it are left out. */
  readonly words: readonly string[];
  /** `NAME=value` in front of it. */
  readonly variables: readonly string[];
  /** 1-based, in the text that was read. */
  readonly line: number;
  /** The words of the whole pipeline that it stands in. */
  readonly text: string;
  /** What comes before it in its pipeline. */
  readonly upstream: readonly (readonly string[])[];
  /** What it reads from its standard input, where the text tells: a here-document, or what `echo` puts out. */
  readonly input: string | undefined;
  /** Files that its input comes from, and that its output goes to. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly background: boolean;
}

/** Hostile text may hold more. */
const maxCommands = 5_000;
const maxDepth = 60;
const maxText = 1_000;
/** Substitutions in substitutions. */
const maxFolding = 3;
/** Of a longer pipeline this much says enough. */
const maxPipeline = 16;
/** After an error the parser stops: what follows is read line by line. */
const maxRecovered = 5_000;

/** Never throws on hostile text. */
export function listCommands(text: string): ShellCommand[] {
  const found: ShellCommand[] = [];
  const [error] = listScript({ text, line: 0 }, found);
  const end = error === undefined ? -1 : text.indexOf('\n', error.pos);
  if (end === -1) return found;
  const from = countLines(text.slice(0, end + 1));
  const lines = text.slice(end + 1).split('\n', maxRecovered);
  for (const [index, line] of lines.entries()) listScript({ text: line, line: from + index }, found);
  return found;
}

interface Source {
  readonly text: string;
  /** How many lines come before it. */
  readonly line: number;
}

function listScript(source: Source, found: ShellCommand[]): NonNullable<ReturnType<typeof parse>['errors']> {
  const script = parse(source.text);
  new CommandWalk(source, found).visit(script, { upstream: [], pipeline: undefined, background: false, depth: 0 });
  return script.errors ?? [];
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

interface Around {
  readonly upstream: readonly Command[];
  readonly pipeline: readonly Command[] | undefined;
  readonly background: boolean;
  readonly depth: number;
}

class CommandWalk {
  readonly #source: Source;
  readonly #found: ShellCommand[];
  readonly #variables = new Map<string, string>();
  #folding = 0;
  #lineAt = { offset: 0, line: 1 };

  constructor(source: Source, found: ShellCommand[]) {
    this.#source = source;
    this.#found = found;
  }

  visit(node: SyntaxNode, around: Around): void {
    if (around.depth > maxDepth || this.#found.length >= maxCommands) return;
    const inner = { ...around, depth: around.depth + 1 };
    if (node.type === 'Command') this.#readCommand(node, around);
    if (node.type === 'Statement') {
      this.visit(node.command, { ...inner, background: around.background || node.background === true });
      return;
    }
    if (node.type === 'Pipeline') {
      const commands = node.commands.map((one) => firstCommand(one));
      const pipeline = around.pipeline ?? commands.slice(0, maxPipeline).filter((one) => one !== undefined);
      node.commands.forEach((one, index) => {
        const before = commands.slice(Math.max(0, index - maxPipeline), index).filter((other) => other !== undefined);
        this.visit(one, { ...inner, upstream: [...around.upstream, ...before].slice(-maxPipeline), pipeline });
      });
      return;
    }
    // What stands in a substitution has a pipeline of its own.
    const isOwn = node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution';
    forEachChild(node, (child) => {
      this.visit(child, isOwn ? { ...inner, upstream: [], pipeline: undefined } : inner);
    });
  }

  #readCommand(node: Command, { upstream, pipeline = [node], background }: Around): void {
    const words = this.#wordsOf(node);
    const variables: string[] = [];
    for (const one of node.prefix) {
      if (one.type !== 'Assignment' || one.value.type !== 'Word') continue;
      const value = this.#read(one.value).join(' ');
      variables.push(`${one.name}=${value}`);
      if (words.length === 0) this.#assign(one.name, value);
    }
    if (words[0] === 'export' || words[0] === 'readonly' || words[0] === 'local' || words[0] === 'declare') {
      for (const one of node.args) {
        if (one.type !== 'Assignment' || one.value.type !== 'Word') continue;
        const value = this.#read(one.value).join(' ');
        variables.push(`${one.name}=${value}`);
        this.#assign(one.name, value);
      }
    }
    const before = upstream.map((command) => this.#wordsOf(command));
    this.#found.push({
      words,
      variables,
      line: this.#source.line + this.#lineOf(node.pos),
      text: this.#textOf(pipeline),
      upstream: before,
      input: this.#inputOf(node, upstream, before),
      reads: this.#namedBy(node, (operator) => operator === '<'),
      writes: this.#namedBy(node, (operator) => !/^<&?$/.test(operator)),
      background,
    });
  }

  /** A variable that is given two values says nothing. */
  #assign(name: string, value: string): void {
    const known = this.#variables.get(name);
    if (known === undefined || known === value) this.#variables.set(name, value);
    else this.#variables.set(name, `$${name}`);
  }

  #textOf(commands: readonly Command[]): string {
    const text = commands.map((command) => this.#wordsOf(command).join(' ')).join(' | ');
    return text.replaceAll(/\s+/g, ' ').slice(0, maxText);
  }

  #wordsOf({ name, args }: Command): string[] {
    if (name === undefined) return [];
    const rest = args.flatMap((one) => (one.type === 'Word' ? this.#read(one) : [one.text]));
    return [...this.#read(name), ...rest];
  }

  #read(word: Parameters<typeof readWord>[0]): string[] {
    return readWord(word, { variables: this.#variables as Variables, fold: this.#fold });
  }

  /** `$(echo …)` and its like. */
  readonly #fold: FoldSubstitution = ({ commands: [statement, ...others] }) => {
    if (statement === undefined || others.length > 0 || this.#folding >= maxFolding) return undefined;
    this.#folding += 1;
    const { command } = statement;
    const commands = command.type === 'Pipeline' ? command.commands : [command];
    const words = commands.map((one) => (one.type === 'Command' ? this.#wordsOf(one) : []));
    this.#folding -= 1;
    return decodePipeline(words)?.trimEnd();
  };

  #inputOf(node: Command, upstream: readonly Command[], words: readonly (readonly string[])[]): string | undefined {
    for (const one of node.redirects) {
      if (one.type === 'HereDoc') return one.body.text;
      if (one.type === 'HereString' && one.target !== undefined) return this.#read(one.target).join(' ');
    }
    const [first] = upstream;
    if (first === undefined) return undefined;
    const document = first.redirects.find((one) => one.type === 'HereDoc');
    if (document?.type === 'HereDoc' && upstream.length === 1) return document.body.text;
    return decodePipeline(words);
  }

  #namedBy({ redirects }: Command, wanted: (operator: RedirectOperator) => boolean): string[] {
    return redirects.flatMap((one) => {
      if (one.type !== 'Redirect' || one.target === undefined || !wanted(one.operator)) return [];
      const target = this.#read(one.target).join(' ');
      return /^(?:\d+|-|)$/.test(target) ? [] : [target];
    });
  }

  /** Commands come in the order of the text, mostly. */
  #lineOf(offset: number): number {
    if (offset < this.#lineAt.offset) this.#lineAt = { offset: 0, line: 1 };
    const { offset: from, line } = this.#lineAt;
    this.#lineAt = { offset, line: line + countLines(this.#source.text.slice(from, offset)) };
    return this.#lineAt.line;
  }
}

/** `{ a; b; } | sh`: the first of them stands for all. */
function firstCommand(node: SyntaxNode, depth = 0): Command | undefined {
  if (node.type === 'Command') return node;
  let found: Command | undefined;
  if (depth < maxDepth)
    forEachChild(node, (child) => {
      found ??= firstCommand(child, depth + 1);
    });
  return found;
}
