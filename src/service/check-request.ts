/** What a caller posts to have a change of a lockfile checked: texts only, before and after. */
export interface CheckRequest {
  /** What it is compared with, for a person. */
  readonly base?: string;
  /** Null: the whole tree is judged, as if all were new. */
  readonly before: PostedProject | null;
  readonly after: PostedProject;
  /** Text of a sluice.json, in place of the service's own policy. */
  readonly policy?: string;
}

export interface PostedProject {
  readonly lockfile: { readonly path: string; readonly text: string | null };
  /** Text by path from the root of the repository. */
  readonly files: Readonly<Record<string, string>>;
}
