/**
 * Programs in languages that are not read here: Python, Perl, Ruby, PHP, PowerShell, Visual Basic. What they do is told by the
 * words that such programs need for it, and only where they fetch something or hide what they run.
 */
import type { Origin } from '../../model/behavior.ts';

const fetching =
  /urllib|urlopen|\brequests\.(?:get|post|put)|http\.client|httplib|Net::HTTP|open-uri|LWP::|IO::Socket|\bsocket\b|curl_exec|file_get_contents\s*\(\s*['"]https?:|fsockopen|XMLHTTP|WinHttp|DownloadString|DownloadFile|DownloadData|Invoke-WebRequest|Invoke-RestMethod|Start-BitsTransfer|System\.Net\.(?:WebClient|Sockets|Http)|(?:^|[\s;|(&"'`])(?:iwr|irm|curl|wget)\s/i;
const running =
  /\bexec\b|\beval\b|\bsystem\b|subprocess|\bpopen|Popen|passthru|shell_exec|WScript\.Shell|Shell\.Application|Start-Process|Invoke-Expression|(?:^|[\s;|(&])iex\b|\bInvoke-Command\b|\bIEX\b|Add-Type|Reflection\.Assembly|rundll32|\bcompile\s*\(/;
const decoding =
  /b64decode|base64|fromhex|unhexlify|codecs\.decode|decode_base64|zlib\.decompress|FromBase64String|\bunpack\s*\(|marshal\.loads|gzinflate|str_rot13|-bxor\b|\bchr\s*\(|\[char\]/i;

export interface ForeignAct {
  readonly url: string | undefined;
  readonly origins: readonly Origin[];
}

/** Undefined for what fetches nothing, and hides nothing that it runs. */
export function findForeignAct(text: string): ForeignAct | undefined {
  // A backtick means nothing to PowerShell, and is put into words to hide them.
  const plain = text.replaceAll(/`(?=\w)/g, '').replaceAll(/(['"])\s*\+\s*\1/g, '');
  const [fetches, runs, decodes] = [fetching.test(plain), running.test(plain), decoding.test(plain)];
  if (!fetches && !(runs && decodes)) return undefined;
  const url = /https?:\/\/[^\s'"`)<>|;]{1,300}/i.exec(plain)?.[0];
  return { url, origins: [...(fetches ? ['fetched' as const] : []), ...(decodes ? ['decoded' as const] : [])] };
}
