/** SARIF 2.1.0's own JSON Schema, as a package of the format's authors ships it; it is written in draft 04. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

const path = new URL('../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', import.meta.url);
// Ajv knows newer drafts, which spell the schema's own address `$id`; nothing else that is used here differs.
const { $schema: _dialect, id: _address, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
// One of its patterns is no regular expression of the Unicode kind.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
ajv.addFormat('uri', (text: string) => URL.canParse(text));
ajv.addFormat('uri-reference', (text: string) => URL.canParse(text, 'file:///') && /^[!#-;=?-[\]_a-z~]*$/i.test(text));
ajv.addFormat('date-time', (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text));
const validate = ajv.compile(schema);

export function findSarifErrors(document: unknown): readonly unknown[] {
  validate(document);
  return validate.errors ?? [];
}
