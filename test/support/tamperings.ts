/**
 * The ways to tamper with a lockfile: what is done, which rule has to see it, and the nearest thing that is innocent.
 * Over 300 lines, because it is one table, and each way needs its ten.
 */
import {
  type Draft,
  draftOf,
  editEntry,
  editManifest,
  entryAt,
  entryFrom,
  type NpmWritten,
} from './tampered-project.ts';

export interface Tampering {
  readonly title: string;
  /** The rule that has to see it, and as which of its kinds. */
  readonly rule: string;
  readonly kind?: string;
  /** The package, or the project, that the finding has to be about. */
  readonly about: string;
  /** Which of npm's lockfiles is the base, and is tampered with. */
  readonly from: keyof NpmWritten;
  tamper(draft: Draft, written: NpmWritten): void;
  readonly twin: string;
  /** Done to the same lockfile. */
  twinOf(draft: Draft, written: NpmWritten): void;
}

const [a, c, d, e] = ['node_modules/a', 'node_modules/c', 'node_modules/d', 'node_modules/e'];
const otherDigest = `sha512-${'B'.repeat(86)}==`;
const sha1Digest = 'sha1-C3RgP0eJmKxDQ4VB1t2Vg7XyMQE=';
const commit = '0123456789abcdef0123456789abcdef01234567';

export const tamperings: readonly Tampering[] = [
  {
    title: 'version 2.1.3 with resolved and integrity of 2.0.0',
    rule: 'lock-truth',
    about: 'a',
    from: 'base',
    tamper: (draft) => editEntry(draft, a, { version: '2.1.3' }),
    twin: 'the update to 2.1.3 as npm writes it',
    twinOf: takeUpdate,
  },
  {
    title: 'the same in a lockfile of version 1',
    rule: 'lock-truth',
    about: 'a',
    from: 'oldest',
    tamper: (draft) => editOldEntry(draft, 'a', { version: '2.1.3' }),
    twin: 'the update to 2.1.3, rewritten in version 3',
    twinOf: (draft, written) => {
      Object.assign(draft.lock, draftOf(written.updated).lock);
      delete draft.lock.dependencies;
    },
  },
  {
    title: "another package's resolved and integrity",
    rule: 'lock-truth',
    about: 'a',
    from: 'base',
    tamper: (draft, written) => {
      const { resolved, integrity } = entryFrom(written.richer, d);
      editEntry(draft, a, { version: '2.1.3', resolved, integrity });
    },
    twin: 'the update without resolved, as the setting omit-lockfile-registry-resolved leaves it',
    twinOf: (draft, written) => {
      takeUpdate(draft, written);
      editEntry(draft, a, { resolved: undefined });
    },
  },
  {
    title: 'a fabricated dependency edge with its entry',
    rule: 'lock-truth',
    about: 'a',
    from: 'base',
    tamper: (draft, written) => {
      editEntry(draft, a, { dependencies: { ...entryAt(draft, a).dependencies, d: '^1.0.0' } });
      takeD(draft, written);
    },
    twin: 'the same package, asked for by the project',
    twinOf: (draft, written) => {
      askFor(draft, { d: '^1.0.0' });
      takeD(draft, written);
    },
  },
  {
    title: 'a command that the package does not have',
    rule: 'lock-truth',
    about: 'a',
    from: 'base',
    tamper: (draft) => editEntry(draft, a, { bin: { tsc: 'index.js' } }),
    twin: 'a licence that npm did not write down before',
    twinOf: (draft) => editEntry(draft, a, { license: 'MIT' }),
  },
  {
    title: 'a mark for an install script that the package does not have',
    rule: 'lock-truth',
    kind: 'install-script-flag',
    about: 'a',
    from: 'base',
    tamper: (draft, written) => {
      takeUpdate(draft, written);
      editEntry(draft, a, { hasInstallScript: true });
    },
    twin: 'the update as npm writes it',
    twinOf: takeUpdate,
  },
  {
    title: 'integrity removed',
    rule: 'integrity-missing',
    about: 'c',
    from: 'base',
    tamper: (draft) => editEntry(draft, c, { integrity: undefined }),
    twin: 'resolved removed',
    twinOf: (draft) => editEntry(draft, c, { resolved: undefined }),
  },
  {
    title: 'sha1 only',
    rule: 'integrity-missing',
    kind: 'sha1-only',
    about: 'c',
    from: 'base',
    tamper: (draft) => editEntry(draft, c, { integrity: sha1Digest }),
    twin: 'the same digest once more',
    twinOf: (draft) => {
      const { integrity } = entryAt(draft, c);
      editEntry(draft, c, { integrity: `${integrity} ${integrity}` });
    },
  },
  {
    title: 'an undeclared alias',
    rule: 'lock-in-sync',
    about: 'app',
    from: 'base',
    tamper: (draft, written) => editEntry(draft, c, { ...entryFrom(written.richer, d), name: 'd' }),
    twin: 'an alias that the project declares',
    twinOf: (draft, written) => {
      askFor(draft, { mine: 'npm:d@^1.0.0' });
      draft.lock.packages['node_modules/mine'] = { name: 'd', ...entryFrom(written.richer, d) };
    },
  },
  {
    title: 'a version out of range',
    rule: 'lock-in-sync',
    about: 'app',
    from: 'base',
    tamper: (draft, written) => editEntry(draft, c, entryFrom(written.richer, c)),
    twin: 'a version in range',
    twinOf: takeUpdate,
  },
  {
    title: 'an extraneous entry',
    rule: 'lock-in-sync',
    kind: 'extraneous',
    about: 'app',
    from: 'base',
    tamper: takeD,
    twin: 'the same entry, asked for by a workspace',
    twinOf: (draft, written) => {
      askFor(draft, { d: '^1.0.0' }, 'packages/web');
      takeD(draft, written);
    },
  },
  {
    title: 'resolved on another host',
    rule: 'source-not-allowed',
    about: 'a',
    from: 'base',
    tamper: (draft, written) => {
      takeUpdate(draft, written);
      editEntry(draft, a, { resolved: 'https://files.invalid/a/-/a-2.1.3.tgz' });
    },
    twin: 'resolved on another registry that npm is set to',
    twinOf: (draft, written) => {
      takeUpdate(draft, written);
      editEntry(draft, a, { resolved: 'https://registry.example/a/-/a-2.1.3.tgz' });
    },
  },
  {
    title: 'http',
    rule: 'source-not-allowed',
    about: 'a',
    from: 'base',
    tamper: (draft, written) => {
      takeUpdate(draft, written);
      editEntry(draft, a, { resolved: 'http://registry.example/a/-/a-2.1.3.tgz' });
    },
    twin: 'https',
    twinOf: (draft, written) => {
      takeUpdate(draft, written);
      editEntry(draft, a, { resolved: 'https://registry.example/a/-/a-2.1.3.tgz' });
    },
  },
  {
    title: 'a git dependency without commit',
    rule: 'source-not-allowed',
    about: 'd',
    from: 'base',
    tamper: (draft) => takeFromGit(draft, 'main'),
    twin: 'a git dependency at a commit',
    twinOf: (draft) => takeFromGit(draft, commit),
  },
  {
    title: 'git in place of the registry, with a commit',
    rule: 'source-not-allowed',
    about: 'c',
    from: 'base',
    tamper: (draft) =>
      editEntry(draft, c, { resolved: `git+https://git.invalid/user/c.git#${commit}`, integrity: undefined }),
    twin: 'the registry',
    twinOf: (draft) => editEntry(draft, c, { license: 'MIT' }),
  },
  {
    title: "another tarball, marked as part of a package's own",
    rule: 'not-in-bundle',
    about: 'c',
    from: 'base',
    tamper: (draft, written) => {
      editEntry(draft, a, { bundleDependencies: ['c'] });
      const { resolved } = entryFrom(written.richer, d);
      draft.lock.packages[`${a}/${c}`] = { version: '1.0.0', inBundle: true, ...(resolved && { resolved }) };
    },
    twin: 'a package that really bundles',
    twinOf: takeBundler,
  },
  {
    title: 'a published package, marked as part of a tarball that does not hold it',
    rule: 'not-in-bundle',
    kind: 'unlisted',
    about: 'a',
    from: 'base',
    tamper: (draft, written) => {
      takeUpdate(draft, written);
      editEntry(draft, a, { bundleDependencies: ['c'] });
      draft.lock.packages[`${a}/${c}`] = { version: '1.0.0', inBundle: true };
    },
    twin: 'a package that really bundles',
    twinOf: takeBundler,
  },
  {
    title: 'another package in the place of one that is said to be bundled',
    rule: 'lock-in-sync',
    about: 'app',
    from: 'base',
    tamper: (draft) => {
      editEntry(draft, a, { bundleDependencies: ['c'] });
      draft.lock.packages[`${a}/${c}`] = { name: 'd', version: '1.0.0', inBundle: true };
    },
    twin: 'a package that really bundles',
    twinOf: takeBundler,
  },
  {
    title: 'an entry that calls itself bundled, and so has no integrity',
    rule: 'integrity-missing',
    about: 'c',
    from: 'base',
    tamper: (draft) => {
      draft.lock.packages[`${a}/${c}`] = { version: '1.0.0', inBundle: true };
    },
    twin: 'a package that really bundles',
    twinOf: takeBundler,
  },
  {
    title: 'a workspace that is said to bundle what no tarball of it holds',
    rule: 'not-in-bundle',
    about: 'c',
    from: 'base',
    tamper: (draft) => {
      editManifest(draft, 'packages/web/package.json', { bundleDependencies: ['c'], dependencies: { c: '^1.0.0' } });
      editEntry(draft, 'packages/web', { bundleDependencies: ['c'], dependencies: { c: '^1.0.0' } });
      draft.lock.packages[`packages/web/${c}`] = { version: '1.0.0' };
    },
    twin: 'a package that really bundles',
    twinOf: takeBundler,
  },
  {
    title: 'a lockfile out of step with package.json',
    rule: 'lock-in-sync',
    about: 'app',
    from: 'base',
    tamper: (draft) => editManifest(draft, 'package.json', { dependencies: { a: '^2.1.0' } }),
    twin: 'both in step',
    twinOf: (draft, written) => {
      askFor(draft, { a: '^2.1.0' });
      takeUpdate(draft, written);
    },
  },
  {
    title: 'a lockfile out of step with one workspace',
    rule: 'lock-in-sync',
    about: 'app',
    from: 'base',
    tamper: (draft) => editManifest(draft, 'packages/web/package.json', { dependencies: { b: '^1.0.0', c: '1.0.0' } }),
    twin: 'both in step',
    twinOf: (draft) => askFor(draft, { c: '1.0.0' }, 'packages/web'),
  },
  {
    title: 'the half that only npm 6 reads names another version',
    rule: 'lock-in-sync',
    about: 'app',
    from: 'middle',
    tamper: (draft) => editOldEntry(draft, 'c', { version: '2.0.0' }),
    twin: 'the half that only npm 6 reads in another order',
    twinOf: (draft) => {
      const entries = Object.entries(draft.lock.dependencies ?? {});
      draft.lock.dependencies = Object.fromEntries(entries.reverse());
    },
  },
  {
    title: 'the same version, another integrity than the base',
    rule: 'integrity-changed',
    about: 'c',
    from: 'base',
    tamper: (draft) => editEntry(draft, c, { integrity: otherDigest }),
    twin: 'the same version and integrity, another licence',
    twinOf: (draft) => editEntry(draft, c, { license: 'MIT' }),
  },
  {
    title: 'a step back in the lockfile alone',
    rule: 'unjustified-downgrade',
    about: 'a',
    from: 'updated',
    tamper: (draft, written) => editEntry(draft, a, entryFrom(written.base, a)),
    twin: 'a step back that package.json asks for',
    twinOf: (draft, written) => {
      askFor(draft, { a: '2.0.0' });
      editEntry(draft, a, entryFrom(written.base, a));
    },
  },
  {
    title: 'an edit of sluice.json',
    rule: 'gate-edited',
    about: 'app',
    from: 'base',
    tamper: (draft) => append(draft, 'sluice.json', '{ "rules": { "lock-truth": "off" } }\n'),
    twin: 'an edit of a file that guards nothing',
    twinOf: (draft) => append(draft, 'notes.json', '{ "rules": {} }\n'),
  },
  {
    title: 'an edit of .npmrc',
    rule: 'gate-edited',
    about: 'app',
    from: 'base',
    tamper: (draft) => append(draft, '.npmrc', 'ignore-scripts=false\n'),
    twin: 'a comment in .npmrc',
    twinOf: (draft) => append(draft, '.npmrc', '; which registry to ask\n'),
  },
  {
    title: 'an edit of allowScripts',
    rule: 'gate-edited',
    about: 'app',
    from: 'base',
    tamper: (draft) => editManifest(draft, 'package.json', { allowScripts: { a: true } }),
    twin: "an edit of the project's own scripts",
    twinOf: (draft) => editManifest(draft, 'package.json', { scripts: { test: 'node --test' } }),
  },
];

/** The entry that npm wrote for the update. */
function takeUpdate(draft: Draft, written: NpmWritten): void {
  draft.lock.packages[a] = entryFrom(written.updated, a);
}

function takeD(draft: Draft, written: NpmWritten): void {
  draft.lock.packages[d] = entryFrom(written.richer, d);
}

function takeBundler(draft: Draft, written: NpmWritten): void {
  askFor(draft, { e: '^1.0.0' });
  for (const location of [e, `${e}/${c}`]) draft.lock.packages[location] = entryFrom(written.richer, location);
}

function takeFromGit(draft: Draft, committish: string): void {
  askFor(draft, { d: 'github:user/d#v1' });
  draft.lock.packages[d] = { version: '1.0.0', resolved: `git+ssh://git@github.com/user/d.git#${committish}` };
}

function append({ files }: Draft, path: string, text: string): void {
  files[path] = `${files[path] ?? ''}${text}`;
}

/** In package.json and in the lockfile, as npm would. */
function askFor(draft: Draft, more: Readonly<Record<string, string>>, folder = ''): void {
  const dependencies = { ...entryAt(draft, folder).dependencies, ...more };
  draft.lock.packages[folder] = { ...entryAt(draft, folder), dependencies };
  editManifest(draft, folder === '' ? 'package.json' : `${folder}/package.json`, { dependencies });
}

function editOldEntry(draft: Draft, name: string, more: { readonly version: string }): void {
  const entry = draft.lock.dependencies?.[name];
  if (entry === undefined) throw new Error(`npm wrote no entry for ${name}`);
  Object.assign(entry, more);
}
