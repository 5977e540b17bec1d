import { expect, it } from 'vitest';
import { findStorePath, type Surroundings } from '../../src/store/find-store-path.ts';

it.each<[string, Surroundings, string]>([
  ['linux', { platform: 'linux', env: {}, home: '/home/u' }, '/home/u/.local/share/sluice/store.db'],
  [
    'linux with XDG_DATA_HOME',
    { platform: 'linux', env: { XDG_DATA_HOME: '/data' }, home: '/home/u' },
    '/data/sluice/store.db',
  ],
  [
    'linux with a relative XDG_DATA_HOME, which does not count',
    { platform: 'linux', env: { XDG_DATA_HOME: 'data' }, home: '/home/u' },
    '/home/u/.local/share/sluice/store.db',
  ],
  [
    'macOS',
    { platform: 'darwin', env: { XDG_DATA_HOME: '/data' }, home: '/Users/u' },
    '/Users/u/Library/Application Support/sluice/store.db',
  ],
  [
    'Windows',
    { platform: 'win32', env: { LOCALAPPDATA: 'D:\\Local' }, home: 'C:\\Users\\u' },
    'D:\\Local\\sluice\\store.db',
  ],
  [
    'Windows without LOCALAPPDATA',
    { platform: 'win32', env: {}, home: 'C:\\Users\\u' },
    'C:\\Users\\u\\AppData\\Local\\sluice\\store.db',
  ],
])('the store of %s lies in the user’s data directory', (_, surroundings, path) => {
  expect(findStorePath(surroundings)).toBe(path);
});
