/**
 * One step in the history of the database's shape, as a value: its text is what its checksum is made of.
 * Columns are SQL that SQLite and PostgreSQL both read; `BYTES` stands for either's word for binary.
 */
export interface Migration {
  /** Numbered: `0001-verdicts`. */
  readonly id: string;
  readonly steps: readonly MigrationStep[];
}

export type MigrationStep =
  | { readonly createTable: string; readonly columns: readonly string[] }
  | { readonly createIndex: string; readonly on: string }
  | { readonly createUniqueIndex: string; readonly on: string }
  | { readonly addColumn: string; readonly to: string }
  /** From here on the table's rows are neither changed nor taken away. */
  | { readonly appendOnly: string };
