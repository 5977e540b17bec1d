/** Other shapes of the same package: what a bundler, a compiler or a move of the file makes of it. */
import { isRecord } from '../../src/model/manifest.ts';
import type { SourceTree } from '../../src/rule.ts';

export interface Form {
  readonly name: string;
  /** @param path The file that matters, which may be another one afterwards. */
  apply(tree: SourceTree, path: string): { readonly tree: SourceTree; readonly path: string };
}

export const forms: readonly Form[] = [
  {
    name: 'in a file that the file loads',
    apply(tree, path) {
      const part = besides(path, 'part.js');
      return {
        tree: { ...tree, [part]: textAt(tree, path), [path]: `module.exports = require('./${nameOf(part)}');\n` },
        path: part,
      };
    },
  },
  {
    name: 'in a file that is loaded under a condition',
    apply(tree, path) {
      const part = besides(path, 'part.js');
      const text = `if (process.env.NODE_ENV === 'production') {\n  module.exports = require('./${nameOf(part)}');\n} else {\n  module.exports = require('./${nameOf(part)}');\n}\n`;
      return { tree: { ...tree, [part]: textAt(tree, path), [path]: text }, path: part };
    },
  },
  {
    name: 'in a file that is imported later',
    apply(tree, path) {
      const part = besides(path, 'part.js');
      return { tree: { ...tree, [part]: textAt(tree, path), [path]: `import('./${nameOf(part)}');\n` }, path: part };
    },
  },
  { name: 'in dist', apply: (tree, path) => ({ tree: moveTo('dist', tree), path: `dist/${path}` }) },
  { name: 'on one line', apply: (tree, path) => ({ tree: { ...tree, [path]: joinLines(textAt(tree, path)) }, path }) },
  {
    name: 'wrapped by a bundler',
    apply: (tree, path) => ({
      tree: {
        ...tree,
        [path]: `var wrap = (parts, module) => function () {
  return module || (0, parts[Object.keys(parts)[0]])((module = { exports: {} }).exports, module), module.exports;
};
var load_entry = wrap({
  '${path}'(exports, module) {
${textAt(tree, path)}
  }
});
module.exports = load_entry();
`,
      },
      path,
    }),
  },
  {
    name: "in a bundler's table of modules",
    apply: (tree, path) => ({
      tree: {
        ...tree,
        [path]: `(() => {
var modules = {
  17: (module, exports) => {
${textAt(tree, path)}
  }
};
var loaded = {};
function load(id) {
  var known = loaded[id];
  if (known !== undefined) return known.exports;
  var module = (loaded[id] = { exports: {} });
  modules[id](module, module.exports, load);
  return module.exports;
}
var entry = load(17);
module.exports = entry;
})();
`,
      },
      path,
    }),
  },
  {
    name: 'wrapped for every kind of loader',
    apply: (tree, path) => ({
      tree: {
        ...tree,
        [path]: `(function (root, factory) {
  if (typeof define === 'function' && define.amd) define(['exports'], factory);
  else if (typeof exports === 'object') factory(exports);
  else factory((root.entry = {}));
})(this, function (exports) {
${textAt(tree, path)}
});
`,
      },
      path,
    }),
  },
  { name: 'as modules', apply: (tree, path) => ({ tree: asModules(tree), path }) },
  {
    name: 'as modules, in dist',
    apply: (tree, path) => ({ tree: moveTo('dist', asModules(tree)), path: `dist/${path}` }),
  },
];

/** `import` and `export` in place of `require` and `exports`, line by line. */
export function asModules(tree: SourceTree): SourceTree {
  const manifest = tree['package.json'];
  const files = Object.entries(tree).map(([path, content]): [string, SourceTree[string]] => {
    if (path === 'package.json') return [path, { ...(isRecord(manifest) ? manifest : {}), type: 'module' }];
    return [path, path.endsWith('.js') && typeof content === 'string' ? withRequire(toModule(content)) : content];
  });
  return Object.fromEntries(files);
}

export function toModule(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(
          /^(?:const|let|var) (\{[^}]*\}) = require\(('[^']+')\);$/,
          (_, names: string, from: string) => `import ${names.replaceAll(':', ' as')} from ${from};`,
        )
        .replace(/^(?:const|let|var) (\w+) = require\(('[^']+')\);$/, 'import $1 from $2;')
        .replace(/^require\(('[^']+')\);$/, 'import $1;')
        .replace(/^module\.exports = require\(('[^']+')\);$/, 'export { default } from $1;')
        .replace(/^module\.exports = /, 'export default ')
        .replace(/^exports\.(\w+) = /, 'export const $1 = ')
        .replaceAll('__dirname', 'import.meta.dirname')
        .replaceAll('__filename', 'import.meta.filename'),
    )
    .join('\n');
}

/** What stands inside functions still asks for `require`. */
export function withRequire(text: string): string {
  return /\brequire\b/.test(text)
    ? `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); ${text}`
    : text;
}

/** Everything but the manifest goes into a folder, and the manifest says so. */
function moveTo(folder: string, tree: SourceTree): SourceTree {
  const paths = Object.keys(tree).filter((path) => path !== 'package.json');
  const moved = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return paths.reduce(
        (text, path) =>
          text.replace(new RegExp(`(^|[\\s'"])(\\./)?${escapePattern(path)}(?=$|[\\s'"])`), `$1$2${folder}/${path}`),
        value,
      );
    }
    return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moved(one)])) : value;
  };
  const manifest = moved(tree['package.json']);
  return {
    'package.json': isRecord(manifest) ? manifest : {},
    ...Object.fromEntries(paths.map((path) => [`${folder}/${path}`, tree[path] ?? ''])),
  };
}

/** Statements must end with semicolons for this. */
function joinLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('');
}

function textAt(tree: SourceTree, path: string): string {
  const text = tree[path];
  if (typeof text !== 'string') throw new Error(`${path} is no text of the package.`);
  return text;
}

function besides(path: string, name: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1) + name;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
