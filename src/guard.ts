/** The composition root: packages → facts → changes → verdict. */
export { type ContentFacts, compareContents } from './guard/compare-contents.ts';
