/** Ways in which code at the top of a file may run by itself, sooner or later, without anybody calling it. */

export interface Delivery {
  readonly name: string;
  apply(code: string): string;
}

const rows: readonly (readonly [name: string, before: string, after: string])[] = [
  ['a function called where it stands', '(function () {', '})();'],
  ['a function after a bang', '!function () {', '}();'],
  ['an arrow function called where it stands', '(() => {', '})();'],
  ['an async function called where it stands', '(async () => {', '})();'],
  ['a function by call', '(function () {', '}).call(this);'],
  ['a function by apply', '(function () {', '}).apply(null, []);'],
  ['a function by bind', '(function () {', '}).bind(null)();'],
  ['a function by Reflect', 'Reflect.apply(() => {', '}, null, []);'],
  ['a function at the end of a sequence', '(0, function () {', '})();'],
  ['a named function', 'function begin() {', '}\nbegin();'],
  ['a named function that is called above', 'begin();\nfunction begin() {', '}'],
  ['a variable', 'const begin = () => {', '};\nbegin();'],
  ['a function of a function', 'const make = () => () => {', '};\nmake()();'],
  ['a function passed to another', 'const run = (task) => task();\nrun(() => {', '});'],
  ['a method', 'const steps = { begin() {', '} };\nsteps.begin();'],
  ['a method by a computed name', 'const steps = { begin() {', "} };\nsteps['be' + 'gin']();"],
  ['an element of a list', 'const steps = [() => {', '}];\nsteps[0]();'],
  ['every element of a list', 'const steps = [() => {', '}];\nfor (const step of steps) step();'],
  ['a constructor', 'class Begin { constructor() {', '} }\nnew Begin();'],
  ['a nameless class', 'new (class { constructor() {', '} })();'],
  ['a static block', 'class Begin { static {', '} }'],
  ['a static field', 'class Begin { static done = (() => {', '})(); }'],
  ['a field of an instance', 'class Begin { done = (() => {', '})(); }\nnew Begin();'],
  ['a method of an instance', 'class Begin { run() {', '} }\nnew Begin().run();'],
  ['an old kind of class', 'function Begin() { this.run(); }\nBegin.prototype.run = function () {', '};\nnew Begin();'],
  ['forEach', '[0].forEach(() => {', '});'],
  ['Array.from', 'Array.from([0], () => {', '});'],
  ['replace', "'a'.replace('a', () => {", '});'],
  ['a promise', 'Promise.resolve().then(() => {', '});'],
  ['a new promise', 'new Promise((done) => {', 'done(); });'],
  ['a promise that failed', 'Promise.reject(0).catch(() => {', '});'],
  ['an async function that is named', 'async function begin() {', '}\nbegin().catch(() => {});'],
  ['a long timer', 'setTimeout(() => {', '}, 900000);'],
  ['a repeated timer', 'setInterval(() => {', '}, 60000);'],
  ['setImmediate', 'setImmediate(() => {', '});'],
  ['nextTick', 'process.nextTick(() => {', '});'],
  ['queueMicrotask', 'queueMicrotask(() => {', '});'],
  ['a timer that is passed a name', 'function begin() {', '}\nsetTimeout(begin, 50);'],
  ['the end of the process', "process.on('exit', () => {", '});'],
  ['an event of its own', "const bus = new (require('events'))();\nbus.on('go', () => {", "});\nbus.emit('go');"],
  ['a generator that is drained', 'function* steps() {', 'yield 0; }\nfor (const step of steps()) void step;'],
  ['a generator that is spread', 'function* steps() {', 'yield 0; }\nvoid [...steps()];'],
  ['a getter', 'const late = { get begun() {', 'return 0; } };\nvoid late.begun;'],
  [
    'a defined getter',
    "const late = Object.defineProperty({}, 'begun', { get() {",
    'return 0; } });\nvoid late.begun;',
  ],
  ['a text that is asked for', 'const late = { toString() {', "return ''; } };\nvoid (late + '');"],
  ['a default value', 'const begin = (done = (() => {', '})()) => done;\nbegin();'],
  ['a tag of a template', 'const begin = () => {', '};\nbegin``;'],
  ['a test', 'if (true) {', '}'],
  ['the right side of an operator', 'true && (() => {', '})();'],
  ['a branch of a switch', 'switch (1) { case 1: {', '} }'],
  [
    'a step of a flattened program',
    "for (let at = 0, order = '0'.split('|'); at < order.length; at++) switch (order[at]) { case '0': {",
    '} }',
  ],
  ['what is tried', 'try {', '} catch {}'],
  ['what is caught', 'try { throw 0; } catch {', '}'],
  ['what is always done', 'try {} finally {', '}'],
  ['a labeled block', 'all: {', '}'],
];

export const deliveries: readonly Delivery[] = rows.map(([name, before, after]) => ({
  name,
  apply(code) {
    // What is imported stands outside of every block.
    const lines = code.split('\n');
    const imports = lines.filter((line) => line.startsWith('import '));
    const others = lines.filter((line) => !line.startsWith('import '));
    return `\n${[...imports, before, ...others, after].join('\n')}\n`;
  },
}));
