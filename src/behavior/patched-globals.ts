/** Objects that everybody shares: a write to one of their members is told. Canonical names. */

export const patchedGlobals: ReadonlySet<string> = new Set([
  ...['globalThis', 'console', 'process', 'module', 'fs', 'http', 'https', 'net', 'child_process', 'ethereum'],
  ...['navigator', 'navigator.clipboard'],
  ...[
    'Object',
    'Array',
    'Function',
    'String',
    'Promise',
    'XMLHttpRequest',
    'Response',
    'Request',
    'Storage',
    'EventTarget',
  ].flatMap((name) => [name, `${name}.prototype`]),
]);
