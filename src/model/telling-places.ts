/**
 * Paths, variables and commands that mean something by their name alone: where keys are kept, what runs at the next login or
 * in the next pipeline, what publishes. Both the comparison of behaviors and the rules ask here, so that they agree.
 * A path comes as the analysis shows it: `<home>/.npmrc`, `$HOME/.ssh`, `<cwd>/.vscode/tasks.json`.
 */

const credentialPath = new RegExp(
  [
    String.raw`(?:^|[\\/])(?:\.(?:npmrc|yarnrc(?:\.yml)?|pypirc|netrc|git-credentials|vault-token|pgpass|my\.cnf)|_netrc)$`,
    String.raw`(?:^|[\\/])\.(?:ssh|aws|azure|kube|gnupg|electrum|bitcoin|ethereum|monero|solana|terraform\.d)(?:[\\/]|$)`,
    String.raw`[\\/]\.docker[\\/]config\.json$`,
    String.raw`[\\/]\.config[\\/](?:gcloud|gh|hub|solana|configstore)(?:[\\/]|$)`,
    String.raw`(?:^|[\\/])\.env(?:\.[\w-]+)?$`,
    String.raw`(?:^|[\\/])id_(?:rsa|dsa|ecdsa|ed25519)\b`,
    String.raw`(?:^|[\\/])\.(?:bash|zsh|node_repl|psql|mysql)_history$`,
    String.raw`[\\/](?:Local Extension Settings|Local Storage|Login Data|Local State|Web Data|Keychains|IndexedDB)(?:[\\/]|$)`,
    String.raw`(?:Chrome|Chromium|Brave-Browser|Microsoft[\\/]Edge|Firefox|Opera[^\\/]*)[\\/](?:.*[\\/])?(?:Default|Profiles?)\b`,
    String.raw`(?:^|[\\/])(?:logins\.json|key[34]\.db|wallet\.dat|keystore)$`,
    String.raw`[\\/](?:Exodus|atomic|Ledger Live|Electrum|Coinomi)[\\/]`,
    String.raw`^[\\/]etc[\\/](?:passwd|shadow)$`,
    String.raw`^[\\/](?:var[\\/])?run[\\/]secrets(?:[\\/]|$)`,
    String.raw`^[\\/]proc[\\/][^\\/]+[\\/](?:environ|mem)$`,
  ].join('|'),
  'i',
);

/** The part of a path that says so: `.npmrc`, `/.ssh/`. */
export function findCredentialPlace(path: string): string | undefined {
  return path.length < 1_000 ? credentialPath.exec(path)?.[0] : undefined;
}

const credentialVariable =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY(?:_ID)?|SECRET_?KEY|MNEMONIC|SEED|AUTH)(?:_|$)|TOKEN$/i;

/** `NPM_TOKEN`, `AWS_SECRET_ACCESS_KEY`: a variable of the environment. */
export function isCredentialVariable(name: string): boolean {
  return credentialVariable.test(name);
}

/** Hosts that give a cloud machine its keys. */
export function isMetadataAddress(address: string): boolean {
  return /^(?:https?:\/\/)?(?:169\.254\.169\.254|169\.254\.170\.2|100\.100\.100\.200|metadata\.google\.internal|\[?fd00:ec2::254\]?)(?=[:/]|$)/i.test(
    address,
  );
}

/** What takes whole addresses: without a scheme and a host, one lies beside the page that asks. */
const pageClient = /^(?:fetch|\$\.|jQuery\.|XMLHttpRequest|EventSource|navigator\.sendBeacon|importScripts)\b/;

export function isOfPage(api: string, address: string | undefined): boolean {
  return address !== undefined && pageClient.test(api) && /^[\w./-]*\.(?!\/)\w+$/.test(address);
}

/** What somebody signs, decrypts or logs in with. */
const keyMaterial =
  /(?:^|_)(?:sk|priv)$|(?:secret|private|priv|signing|encryption|master|wallet)_?key|mnemonic|seed_?phrase|^seed$|_seed$|recovery_?phrase|pass_?phrase|password|passwd|^secret$|_secret$|key_?pair/i;
/** What a service knows a user by; the libraries of services send it all day. */
const serviceToken =
  /^(?:token|key|auth|authorization)$|(?:api|access|auth|session|refresh|bearer|id|user|npm|github|private)_?token|api_?key|access_?key|credentials?$/i;
/** Words that only sound like it. */
const harmless =
  /(?:page|next|cancel|continuation|csrf|xsrf|sync|abort|cache|public|pub)_?(?:token|key)|key_?(?:code|word|board|down|up)/i;

/** Whether a variable or property is called like something to be kept secret, and of which sort. */
export function findSecretSort(name: string): 'key' | 'token' | undefined {
  const word = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
  if (harmless.test(word)) return undefined;
  if (keyMaterial.test(word)) return 'key';
  return serviceToken.test(word) ? 'token' : undefined;
}

const startupPath = new RegExp(
  [
    String.raw`(?:^|[\\/])\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zprofile|zshenv|zlogin|cshrc|kshrc|xinitrc|xprofile)$`,
    String.raw`[\\/]\.ssh[\\/](?:authorized_keys2?|config|rc)$`,
    String.raw`[\\/]fish[\\/](?:config\.fish|conf\.d[\\/])`,
    String.raw`[\\/]Launch(?:Agents|Daemons)[\\/]`,
    String.raw`[\\/]systemd[\\/](?:user|system)(?:[\\/]|$)`,
    String.raw`^[\\/](?:etc|var)[\\/](?:cron|spool[\\/]cron|profile|rc\.local|init\.d|systemd)`,
    String.raw`[\\/]autostart[\\/]`,
    String.raw`Start Menu[\\/]Programs[\\/]Startup`,
    String.raw`(?:Microsoft\.)?PowerShell_profile\.ps1$`,
    // What is found before other programs, by name or by the loader; who may do what; which host a name means.
    String.raw`[\\/]\.local[\\/]bin[\\/]|^[\\/]usr[\\/](?:local[\\/])?s?bin[\\/]`,
    String.raw`^[\\/]etc[\\/](?:sudoers|hosts$|ld\.so|pam\.d|environment$|bash)`,
  ].join('|'),
  'i',
);
/** What an editor, a pipeline, git, npm or an assistant runs or obeys by itself. */
const automationPath =
  /(?:^|[\\/])(?:\.github[\\/]workflows(?:[\\/]|$)|\.vscode[\\/](?:tasks|settings|launch)\.json$|\.git[\\/]hooks(?:[\\/]|$)|\.git-?templates?[\\/]|[\\/](?:claude_desktop_config|mcp(?:_config)?)\.json$|\.cursor[\\/]|\.(?:vscode|vscode-server|windsurf)[\\/]extensions[\\/]|resources[\\/]app(?:\.asar)?\b|Applications[\\/][^\\/]+\.app[\\/]|\.cursorrules$|\.claude[\\/]|\.claude\.json$|CLAUDE\.md$|AGENTS\.md$|\.gemini[\\/]|\.codex[\\/]|\.idea[\\/]|\.gitlab-ci\.yml$|\.(?:npmrc|yarnrc|yarnrc\.yml|gitconfig|netrc|pnpmfile\.[cm]?js)$)|^(?:<cwd>|\$INIT_CWD)[\\/](?:package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock)$/i;

/** What a file does there by itself, later. */
export function findPersistence(path: string): 'startup' | 'automation' | undefined {
  if (path.length > 1_000) return undefined;
  if (startupPath.test(path)) return 'startup';
  return automationPath.test(path) ? 'automation' : undefined;
}

export type CommandKind = 'publish' | 'persist' | 'assistant';

const commandKinds: readonly (readonly [CommandKind, RegExp])[] = [
  [
    'publish',
    /(?:^|[\s;&|("'/\\])(?:npm|pnpm|yarn(?:\s+npm)?|bun)(?:\.cmd)?\s+(?:--?[\w-]+(?:=\S+)?\s+)*(?:publish|whoami|token|access|owner\s+add|adduser)\b/i,
  ],
  [
    'persist',
    /(?:^|[\s;&|(])crontab(?!\s+-l\b[^|;&]*$)|\bschtasks(?:\.exe)?\s+\/create\b|\breg(?:\.exe)?\s+add\s+\S*\\(?:Run|RunOnce)\b|\blaunchctl\s+(?:load|bootstrap|submit)\b|\bsystemctl\s+(?:--user\s+)?(?:enable|link)\b|\bgit\s+config\s+(?:--?\w+\s+)*--(?:global|system)\s+(?:--?\w+\s+)*(?:core\.(?:hooksPath|sshCommand|fsmonitor|pager|editor)|init\.templateDir|alias\.\S+|credential\.helper)\b|>>?\s*["']?(?:~|\$HOME|<home>)[\\/]\.(?:bashrc|zshrc|profile|bash_profile|zshenv)\b/i,
  ],
  [
    'assistant',
    /(?:^|[\s;&|(/\\])(?:claude|gemini|codex|aider|cursor-agent|opencode|copilot|q|goose)(?:\.cmd|\.exe)?\s[^\n]*(?:--dangerously[\w-]*|--yolo|--trust-all-tools|--no-interactive|--print|--prompt|--message|--full-auto|\s-p\s|\bexec\b|\bchat\b)/i,
  ],
];

/** Commands that show keys: of the system's keychain, of the tools of clouds and of code hosts. */
const keyCommand =
  /^\s*(?:security\s+(?:dump-keychain|find-(?:generic|internet)-password)|secret-tool\s+(?:search|lookup)|gh\s+auth\s+token|git\s+credential\s+fill|gcloud\s+auth\s+(?:application-default\s+)?print-access-token|az\s+account\s+get-access-token|aws\s+(?:configure\s+(?:get|export-credentials)|sts\s+get-session-token)|kubectl\s+config\s+view|npm\s+(?:config\s+get|token\s+list)|op\s+(?:item|read)|pass\s+show|netsh\s+wlan\s+show\s+profile|cmdkey\s+\/list)\b/i;
const environmentCommand = /^\s*(?:env|printenv|set)\s*(?:$|[|;&])/;
/** Commands that say who runs them. */
const identityCommand = /^\s*(?:whoami|hostname|id|uname -a|ifconfig|ip a(?:ddr)?|ipconfig|systeminfo)\b/;
/** What prints a file. */
const printer = /^\s*(?:cat|type|more|head|tail|Get-Content)\s+["']?([^\s"'|;&]+)/i;

/** What a command prints that is nobody else's business. */
export function findTellingCommand(command: string): 'credential' | 'identity' | undefined {
  const text = command.slice(0, 4_000);
  const printed = printer.exec(text)?.[1];
  const isKey = printed !== undefined && findCredentialPlace(printed) !== undefined;
  if (isKey || keyCommand.test(text) || environmentCommand.test(text)) return 'credential';
  return identityCommand.test(text) ? 'identity' : undefined;
}

/** What is special about a command, whatever program starts it. */
export function findCommandKind(command: string): CommandKind | undefined {
  const text = command.slice(0, 4_000);
  return commandKinds.find(([, pattern]) => pattern.test(text))?.[0];
}
