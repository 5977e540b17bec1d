/** Programs that fetch, send or connect. */
import {
  asPipe,
  findFile,
  findText,
  named,
  type Program,
  type ProgramCall,
  type ProgramSetting,
} from './program-call.ts';

export const networkTools: readonly [string, Program][] = [
  ...named(
    download,
    'curl',
    'wget',
    'aria2c',
    'iwr',
    'irm',
    'invoke-webrequest',
    'invoke-restmethod',
    'lynx',
    'lwp-download',
  ),
  ...named(connect, 'nc', 'ncat', 'netcat', 'socat', 'telnet', 'ssh', 'scp', 'sftp', 'ftp', 'tftp'),
  ...named(lookUp, 'nslookup', 'dig', 'host', 'ping', 'ping6', 'traceroute', 'resolve-dnsname', 'drill'),
];

/** Options of downloads that take a value in the next word. */
const downloadValue =
  /^(?:-[XHdFTuUAebxomK]|-[a-zA-Z]*[oOP]|--(?:request|header|data(?:-\w+)?|form|upload-file|user|user-agent|output(?:-document)?|proxy|config|max-time|retry|connect-timeout|post-(?:data|file)|directory-prefix|timeout|tries))$/;

function download({ name, args, command }: ProgramCall, setting: ProgramSetting): void {
  const { draft } = setting;
  const url =
    args.find((arg) => /^[a-z]+:\/\//i.test(arg)) ??
    args.find((arg, index) => /^[^-@][^=]*[.$]/.test(arg) && !downloadValue.test(args[index - 1] ?? ''));
  const target = findText(args, /^(?:-[a-zA-Z]*o|-O|--output(?:-document)?|-OutFile)$/i);
  if (target !== undefined && target !== '-') draft.downloaded.add(target);
  for (const path of command.writes) draft.downloaded.add(path);
  const last = url?.slice(url.lastIndexOf('/') + 1);
  if (last !== undefined && target === undefined) for (const path of [last, `./${last}`]) draft.downloaded.add(path);
  setting.tellProcess(command, asPipe);
  if (url !== undefined) draft.tell(command.line, { kind: 'network', api: name, detail: url });
}

function connect({ name, args, command }: ProgramCall, setting: ProgramSetting): void {
  setting.tellProcess(command, asPipe);
  const [host, port] = args.filter((arg) => !arg.startsWith('-'));
  const address =
    port !== undefined && /^\d+$/.test(port) ? `${host}:${port}` : (args.find((arg) => /[@:]/.test(arg)) ?? host);
  if (address !== undefined)
    setting.draft.tell(command.line, { kind: 'network', api: name, detail: address.replace(/^.*@/, '') });
}

/** A name that is put together at run time carries what it is put together from. */
function lookUp({ name, args, command }: ProgramCall, setting: ProgramSetting): void {
  const host = findFile(args);
  if (host === undefined) return;
  if (/[$`]/.test(host)) setting.tellProcess(command, asPipe);
  setting.draft.tell(command.line, { kind: 'network', api: name, detail: host });
}
