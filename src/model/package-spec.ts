/** How packages and their versions are spelled, wherever a person or a program names one. */

/** Older packages have names that npm would refuse today. */
export const packageName: RegExp = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i;
/** As npm publishes them: semver, and the looser spellings of its first years. */
export const exactVersion: RegExp = /^[v=]*(\d+\.\d+\.\d+(?:[-+.]?[0-9a-z][0-9a-z.+-]*)?)$/i;

/** A package URL, in its canonical spelling. */
export function renderPurl(name: string, version: string): string {
  return `pkg:npm/${name.split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(version)}`;
}
