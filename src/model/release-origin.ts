/**
 * Who vouches for a release, by the registry's word: signatures, provenance, publishers. Mirrors leave all of it out,
 * so each of these is known or unknown as a whole; what is there but wrong is told apart from what is not there.
 */

/** One signature of the new version, checked; or one that is missing where the registry signed the old version. */
export interface SignatureRecord {
  /** `registry`: in the packument, over name, version and integrity. `attestation`: a signed statement about the tarball. */
  readonly of: 'registry' | 'attestation';
  /** Its place in the packument's `dist.signatures`, or in the list of attestations. */
  readonly index: number;
  /** The key's id; of an attestation what it states, a predicate type. */
  readonly name: string;
  readonly outcome: 'valid' | 'invalid' | 'key-unlisted' | 'key-expired' | 'missing';
  /** Why it does not hold, after "because"; empty when it does. */
  readonly reason: string;
}

/** What built a release, as the certificate of its provenance says. Undefined where the certificate does not say. */
export interface ProvenanceSource {
  /** URL of the repository: `https://host/owner/name`. */
  readonly repository: string | undefined;
  /** Path of the workflow file in its repository: `.github/workflows/release.yml`; with the repository before it where that is another. */
  readonly workflow: string | undefined;
  /** Git reference: `refs/heads/main`, `refs/tags/v1.0.0`. */
  readonly ref: string | undefined;
  /** Who vouched for the build's identity: a URL of the CI service. */
  readonly issuer: string | undefined;
}

export type Provenance =
  /** The registry, which serves attestations, has none of provenance for this version. */
  | { readonly state: 'absent' }
  /** The registry says that there is one; nobody had to look. */
  | { readonly state: 'claimed' }
  | { readonly state: 'verified'; readonly source: ProvenanceSource }
  /** It is there and does not hold: a finding of its own. */
  | { readonly state: 'invalid' };

export interface ProvenanceComparison {
  /** Undefined when the package is new. */
  readonly before: Provenance | undefined;
  readonly after: Provenance;
  /** The newest version below the new one in the same major and of the same kind (release or prerelease); what it has is the registry's word, not verified. */
  readonly neighbor: { readonly version: string; readonly hasProvenance: boolean } | undefined;
}

export interface Publisher {
  readonly name: string;
  /** The CI service (`github`) that published by itself, without a person's token (npm's trusted publishing). */
  readonly trustedService: string | undefined;
}

export interface PublisherComparison {
  /** Undefined when the package is new. */
  readonly before: Publisher | undefined;
  readonly after: Publisher;
  /** Everybody who published the old version or one before it. */
  readonly earlier: ReadonlySet<string>;
  /** Who may publish, as each version's manifest has it; undefined when it does not say. */
  readonly maintainers: {
    readonly before: readonly string[] | undefined;
    readonly after: readonly string[] | undefined;
  };
}
