/** The parts of an SRI string, as a lockfile or a registry writes it. */

export interface Digest {
  /** `sha512`; whatever stands before the first dash. */
  readonly algorithm: string;
  /** `sha512-…`, without SRI's options. */
  readonly text: string;
}

export function parseDigests(integrity: string | undefined): readonly Digest[] {
  return (integrity ?? '')
    .split(/\s+/)
    .filter((token) => token !== '')
    .map((token) => {
      const text = token.replace(/\?.*$/, '');
      return { algorithm: text.slice(0, Math.max(0, text.indexOf('-'))), text };
    });
}
