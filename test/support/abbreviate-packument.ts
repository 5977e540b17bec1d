/** A packument as the registry gives it to `npm install`: what resolving needs, without times, scripts and people. */
export function abbreviatePackument(packument: Record<string, unknown>): Record<string, unknown> {
  const { name, 'dist-tags': distTags, versions } = packument;
  const kept = ['name', 'version', 'deprecated', 'dependencies', 'optionalDependencies', 'bin', 'dist', 'engines'];
  const shorten = (manifest: object) =>
    Object.fromEntries(Object.entries(manifest).filter(([key]) => kept.includes(key)));
  return {
    name,
    'dist-tags': distTags,
    modified: '2020-01-01T00:00:00.000Z',
    versions: Object.fromEntries(
      Object.entries(versions ?? {}).map(([version, manifest]) => [version, shorten(manifest)]),
    ),
  };
}
