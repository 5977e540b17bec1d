/** An exemption that somebody gave for one tarball under one policy, outside the policy's own file. */
import type { Exemption } from './finding.ts';

export interface Approval {
  readonly name: string;
  readonly version: string;
  /** Its `package` is the tarball's digest. */
  readonly exemption: Exemption;
}
