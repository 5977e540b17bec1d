/** Files that a package ships and its users never import. */

const developmentFolder =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|specs?|bench|benchmarks?|examples?|samples?|demos?|docs?|scripts?|fixtures?|coverage|tools?|tasks?|build|support|perf|\.[^/]+|node_modules)\//i;
const developmentName =
  /(?:^|\/)(?:(?:gruntfile|gulpfile|jakefile|cakefile|makefile|rollup|webpack|karma|jest|vite|vitest|babel|eslint|prettier|tsup|esbuild|benchmark|bench|build|release|publish|test|tests|example)(?:[.-][\w.-]*)?\.[cm]?js|[^/]*\.(?:test|spec|bench|conf|config|stories)\.[cm]?js)$/i;

const testName = /[^/]\.(?:test|spec|bench|stories)\.[cm]?jsx?$/i;

/** The same by its folder, or by a name that no module has: `vite.js` may be what users of vite import. */
export function isSurelyDevelopmentFile(path: string): boolean {
  return developmentFolder.test(path) || testName.test(path);
}

/** Kept for the package's own developers: nobody imports it by its path. If the package does, the graph finds it. */
export function isDevelopmentFile(path: string): boolean {
  return developmentFolder.test(path) || developmentName.test(path);
}
