/** Which names are methods of texts and lists: a member by any other name is not there. */

const textMethodNames: ReadonlySet<string> = new Set(
  `at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match matchAll normalize padEnd
  padStart repeat replace replaceAll search slice split startsWith substr substring toLowerCase toLocaleLowerCase toString
  toUpperCase toLocaleUpperCase trim trimEnd trimStart valueOf call apply bind`.split(/\s+/),
);

const listMethodNames: ReadonlySet<string> = new Set(
  `at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf
  join keys lastIndexOf map next pop push reduce reduceRight reverse shift slice some sort splice toReversed toSorted toString
  unshift values with set subarray`.split(/\s+/),
);

export function isTextMethod(name: string): boolean {
  return textMethodNames.has(name);
}

export function isListMethod(name: string): boolean {
  return listMethodNames.has(name);
}
