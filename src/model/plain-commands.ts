/** Commands that say by their words what they are: tools that build an addon, questions for a version, own files. */

/** Build helpers that compile or fetch the package's own addon, and tools for developers. Arguments are plain words. */
const buildHelper =
  /^(node-gyp (re)?build|node-gyp-build|node-gyp-build-optional-packages|prebuild-install|node-pre-gyp install|napi-postinstall|cmake-js (compile|install|build)|husky|is-ci|patch-package|only-allow|opencollective(-postinstall| postinstall)?|exit 0|true)( [\w@./=:-]+)*$/;

/** Every step of the command must be a known tool: one other step is enough to look at it. */
export function isBuildCommand(command: string): boolean {
  return command.split(/&&|\|\|/).every((step) => buildHelper.test(step.trim()));
}

/** `node a.js`, `node -e "try{require('./a')}catch(e){}"`, and what follows them so that a failure is no failure. */
const ownStep =
  /^(?:node (?:\.\/)?[\w@-][\w@./-]*|node -e (["'])(?:try ?\{ ?)?require\((?!\1)(["'])\.\/[\w@./-]+\2\);?(?: ?\} ?catch ?(?:\(\w+\) ?)?\{ ?\})?\1|echo [\w"' ]*|exit 0|true|:)$/;

/** Every step of the command builds an addon, or runs a file of the package with Node: what it does, that file tells. */
export function buildsOrStartsOwnFiles(command: string): boolean {
  if (command.length > 1_000) return false;
  if (ownStep.test(command.trim())) return true;
  // Brackets only say what belongs together.
  const steps = command.split(/&&|\|\|/).map((step) => step.trim().replace(/^\(+ *| *\)+$/g, ''));
  return steps.every((step) => ownStep.test(step) || buildHelper.test(step));
}

const silenced = /(?: 2> ?(?:&1|\/dev\/null))?(?: \|\| (?:true|:))?$/;
const versionQuestion =
  /^(?:[\w.-]+ (?:--version|-version|-v|-V|-productVersion)|which [\w.-]+|command -v [\w.-]+|getconf GNU_LIBC_VERSION)$/;

/** Of a program by its bare name: which version it has, or where it lies. */
export function isVersionQuestion(command: string): boolean {
  const asked = command.slice(0, 200).replace(/^(?:ba|z|da)?sh -c /, '');
  return versionQuestion.test(asked.replace(silenced, ''));
}
