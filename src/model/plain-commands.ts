/** Commands that say by their words that they are harmless: tools that build an addon, and questions for a version. */

/** Build helpers that compile or fetch the package's own addon, and tools for developers. Arguments are plain words. */
const buildHelper =
  /^(node-gyp (re)?build|node-gyp-build|node-gyp-build-optional-packages|prebuild-install|node-pre-gyp install|napi-postinstall|cmake-js (compile|install|build)|husky|is-ci|patch-package|only-allow|opencollective(-postinstall| postinstall)?|exit 0|true)( [\w@./=:-]+)*$/;

/** Every step of the command must be a known tool: one other step is enough to look at it. */
export function isBuildCommand(command: string): boolean {
  return command.split(/&&|\|\|/).every((step) => buildHelper.test(step.trim()));
}

const silenced = /(?: 2> ?(?:&1|\/dev\/null))?(?: \|\| (?:true|:))?$/;
const versionQuestion =
  /^(?:[\w.-]+ (?:--version|-version|-v|-V|-productVersion)|which [\w.-]+|command -v [\w.-]+|getconf GNU_LIBC_VERSION)$/;

/** Of a program by its bare name: which version it has, or where it lies. */
export function isVersionQuestion(command: string): boolean {
  const asked = command.slice(0, 200).replace(/^(?:ba|z|da)?sh -c /, '');
  return versionQuestion.test(asked.replace(silenced, ''));
}
