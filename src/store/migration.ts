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
  | FillStep
  /** From here on the table's rows are neither changed nor taken away. */
  | { readonly appendOnly: string };

/** A row for each entry of the lists that stand in the JSON of another table's column. What is no JSON has none. */
export interface FillStep {
  readonly fill: string;
  readonly from: {
    readonly table: string;
    readonly column: string;
    /** The member of the JSON that is the list. */
    readonly list: string;
    readonly orderBy: string;
  };
  readonly columns: Readonly<Record<string, FilledColumn>>;
}

export type FilledColumn =
  /** Of the other table. */
  | { readonly column: string }
  /** Of the entry: `package.name`. */
  | { readonly member: string }
  /** An id as `makeId` makes them, of the moment in that column of the other table. */
  | { readonly idAt: string };
