/** What a package's code does, and what runs it: the nouns that `src/behavior` fills and the code rules read. */

/**
 * What makes a statement run, strongest first.
 * install: a lifecycle script. load: importing the package (or one of its importable files, or starting its `bin`).
 * call: somebody must call an exported function. unreached: nothing in the package leads to it.
 */
export type Tier = 'install' | 'load' | 'call' | 'unreached';

export const tierRank: Readonly<Record<Tier, number>> = { install: 3, load: 2, call: 1, unreached: 0 };

/** What an endless loop says of itself that is no loop: its turns leave room for others, and fill only the console. */
export const printsAgain = 'it prints again and again';

export type BehaviorKind =
  | 'network'
  /** Something that is nobody else's business goes out over the network: what it is stands in `carries`. */
  | 'disclosure'
  | 'child-process'
  | 'file-read'
  | 'file-write'
  | 'file-delete'
  /** Text becomes code: eval, Function, vm, Module._compile, a script element, a timer given a string. */
  | 'dynamic-code'
  | 'output'
  /** A loop, or a chain of timers, that has no way to end. */
  | 'endless-loop'
  /** The process exits, throws, kills itself or blocks. */
  | 'process-stop'
  /** A global object, a prototype or a module of another package is overwritten. */
  | 'global-patch'
  /** A web page is changed, covered or left: alert, window.open, document.write, an element put into it. Only found under a test of language, time zone, place, host or user. */
  | 'page-change'
  /** A function gives something else. Only found under a test of the day, or of a number drawn by chance. */
  | 'answer'
  /** Code that is not JavaScript is loaded: an addon, WebAssembly, process.binding. */
  | 'native-code'
  /** A module whose name cannot be told from the text. */
  | 'computed-import'
  /** A function of the outside is called by a name that neither the text tells nor acting the file out: `fs[…]`. */
  | 'computed-call'
  /** Code or a command is run that was to be found out by acting the file out, and that took more steps than the limit. */
  | 'unseen-run';

/** Where a value came from on its way into a call. */
export type Origin =
  /** base64, hex, charCodes, zlib, a cipher or an XOR turned bytes into it. */
  | 'decoded'
  /** The network's answer. */
  | 'fetched'
  /** Whoever sends a request to a server wrote it. */
  | 'request'
  | 'file'
  | 'environment'
  /** The package's caller gave it. */
  | 'parameter';

/** A quality of the call itself that changes what it means. */
export type Mark =
  /** The command goes through a shell, or names one. */
  | 'shell'
  /** The shell command pipes a download into an interpreter, or otherwise runs what it fetched. */
  | 'pipe'
  | 'detached'
  /** Its standard streams are thrown away. */
  | 'silenced'
  | 'recursive'
  /** Its path is taken from a directory listing: it happens to every entry of a walk. */
  | 'in-walk'
  /** Its target lies at or above the home folder, the root, the working directory or a drive. */
  | 'broad-target'
  /** It runs only in an asynchronous callback or timer. */
  | 'deferred'
  /** It stands in a branch that a test decides, or what leads to it does. */
  | 'conditional'
  /** It only fills in what a test has found missing: a polyfill. */
  | 'fills-gap'
  /** Where a test finds no CommonJS, the page gets under a global's name what importers get. */
  | 'for-pages';

/** Something that goes out with what is sent. */
export interface Carried {
  /**
   * credential: from where keys are kept: a file, a variable of the environment, all of the environment.
   * key, token: a variable of the code that is called so. identity: what tells one machine or user from others.
   * input: what the caller of a function gave it.
   */
  readonly sort: 'credential' | 'key' | 'token' | 'identity' | 'input';
  /** `<home>/.npmrc`, `NPM_TOKEN`, `secretKey`, `os.hostname`. */
  readonly name: string;
}

/** A test of where, when or for whom the code runs, on which a behavior depends. */
export interface Guard {
  /**
   * `program`: only where the file is started itself; it decides the root, and stands over no behavior any more.
   * `thread`: only where the file is started as a thread; it decides the tier, and stands over no behavior any more.
   * `switch`: only where a variable of the environment, whose name is the text, asks for a patch.
   * `chance`: once in a while, by a random number that is compared with a fixed one.
   */
  readonly test:
    | 'program'
    | 'thread'
    | 'switch'
    | 'chance'
    | 'language'
    | 'time-zone'
    | 'place'
    | 'host'
    | 'user'
    | 'date';
  readonly line: number;
  /** The test as written, at most 200 characters. */
  readonly text: string;
  /** What tells is compared with something fixed: a language, a host, a day. */
  readonly fixed?: true;
}

export interface Behavior {
  readonly kind: BehaviorKind;
  /** The canonical name of what is used, whatever alias the code gave it: `child_process.exec`, `fetch`, `for(;;)`. */
  readonly api: string;
  /**
   * The one folded constant that says most: a command, a URL or host, a path, a variable's name, the text put out, a condition.
   * Undefined when it cannot be told from the text.
   */
  readonly detail: string | undefined;
  readonly origins: readonly Origin[];
  /** Those of them that only a name leads to, which other things may have too: a field, a method. Absent where there are none. */
  readonly guessed?: readonly Origin[];
  readonly marks: readonly Mark[];
  /** Outermost first. */
  readonly guards: readonly Guard[];
  /** What is sent with it; absent where nothing is known to be. */
  readonly carries?: readonly Carried[];
  readonly tier: Tier;
  /** Its tier is `load` only if the one of several functions of a name is meant that leads there. Absent where that is certain. */
  readonly doubtful?: true;
  /** The kind of entry that leads to it. `file`: nothing names the file, but users may import it by its path. */
  readonly root: Entry['kind'] | 'file' | undefined;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** How it is reached, from the manifest's field down: `["main", "index.js", "lib/init.js", "start()"]`. */
  readonly via: readonly string[];
}

/** A reason why part of the code was not understood. */
export interface UnreadCode {
  readonly path: string;
  readonly why: 'too-large' | 'too-deep' | 'too-long';
  readonly detail: string;
}

export interface ParseFailure {
  readonly path: string;
  readonly line: number;
  /** The parser's message. */
  readonly detail: string;
}

export interface BehaviorComparison {
  /** Behaviors of the new version that no file of the old one had, at this tier or a stronger one. Strongest tier first. */
  readonly added: readonly Behavior[];
  /** What the old version did somewhere, as far as it was read: at least all of these kinds. */
  readonly knownKinds: ReadonlySet<BehaviorKind>;
  /** The same of its installation scripts. */
  readonly knownInInstall: ReadonlySet<BehaviorKind>;
  /** Files that parsed before and do not parse now, and new ones that the package runs and that do not parse. */
  readonly parseFailures: readonly ParseFailure[];
  readonly unread: readonly UnreadCode[];
}

/** A manifest field that names a file which somebody will run or import. */
export interface Entry {
  /** JSON pointer in package.json: `/main`, `/exports/.~1feature/import`, `/bin/tool`. */
  readonly pointer: string;
  readonly kind: 'main' | 'module' | 'browser' | 'exports' | 'bin' | 'hook';
  /** As the manifest writes it. */
  readonly target: string;
  /** The file it leads to, resolved as Node does (extensions, index files); undefined when the tarball has none. */
  readonly path: string | undefined;
}

/** A lifecycle script that npm runs when the package is installed from a registry. */
export interface Hook {
  readonly event: 'preinstall' | 'install' | 'postinstall';
  readonly command: string;
  /** True for the `node-gyp rebuild` that npm adds by itself where a binding.gyp lies beside no install script. */
  readonly implicit: boolean;
}

/** One version's modules, as far as they can be told without running them. */
export interface ModuleGraph {
  readonly entries: readonly Entry[];
  readonly hooks: readonly Hook[];
  /** Names of packages and builtins (`fs`, without `node:`) that any file imports. */
  readonly imports: ReadonlySet<string>;
  /** Modules of other packages as they are named where they are loaded, `…` for what the text does not tell: `name/lib/one.js`. */
  readonly specifiers: ReadonlySet<string>;
  /** The files of the package that each of its files loads or starts, at whatever time. */
  readonly loads: ReadonlyMap<string, readonly string[]>;
  /** Names that the main entry exports; undefined when they cannot be told from the text. */
  readonly exportedNames: ReadonlySet<string> | undefined;
  /** The strongest tier that leads to each file; a file that is absent is unreached. */
  readonly tiers: ReadonlyMap<string, Tier>;
}

export interface ModuleComparison {
  /** Undefined when the package is new. */
  readonly before: ModuleGraph | undefined;
  readonly after: ModuleGraph;
}
