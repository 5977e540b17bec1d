/** Paths at or above what somebody owns: the home folder, the root, the working directory, a drive. */

/** Canonical names of what gives such a path. */
export const broadPlaces: ReadonlySet<string> = new Set([
  'os.homedir()',
  'process.env.HOME',
  'process.env.USERPROFILE',
  'process.cwd()',
  'process.env.INIT_CWD',
]);

const broadPath = /^(?:~|\.{1,2}|[A-Za-z]:)?[\\/](?:\.\.[\\/]?)*$|^(?:~|\.\.)$/;
/** A constant that is such a path as it stands. */
export function namesBroadPlace(path: string): boolean {
  return broadPath.test(path);
}

/** A path that is, or stands directly above, everything somebody owns. */
export function isBroad(path: string): boolean {
  return path !== '' && /^(?:<home>|<cwd>|~|\/|\.|\.\.|[A-Za-z]:)?(?:[\\/]\.\.)*[\\/]*\*{0,2}$/.test(path);
}
