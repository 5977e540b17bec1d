/** Where the store lies when nobody says otherwise: in the user's data directory, as each system has it. */
import { posix, win32 } from 'node:path';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
}

const file = ['sluice', 'store.db'];

export function findStorePath({ platform, env, home }: Surroundings): string {
  if (platform === 'win32') {
    return win32.join(absolute(env['LOCALAPPDATA'], win32) ?? win32.join(home, 'AppData', 'Local'), ...file);
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', ...file);
  return posix.join(absolute(env['XDG_DATA_HOME'], posix) ?? posix.join(home, '.local', 'share'), ...file);
}

/** The XDG specification has relative paths ignored. */
function absolute(path: string | undefined, { isAbsolute }: typeof posix): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}
