/** What changes a page, whatever object it is asked of: told only under a test of where or for whom. */

const pageMethods = new Set([
  'appendChild',
  'insertBefore',
  'insertAdjacentHTML',
  'insertAdjacentElement',
  'append',
  'prepend',
  'play',
  'click',
]);
const pageWrites = new Set(['innerHTML', 'outerHTML', 'pointerEvents', 'cssText', 'href']);

/** Whether a method of that name changes a page, whatever it is called on. */
export function changesPage(method: string): boolean {
  return pageMethods.has(method);
}

/** Whether a write to a member of that name changes a page, whatever holds it. */
export function writesPage(member: string): boolean {
  return pageWrites.has(member);
}
