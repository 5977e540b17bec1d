/** A verdict in which every foreign string tries to steer whatever shows it. Inert: text only. */
import type { Finding } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/verdict.ts';

/** Escape sequences, bidi, invisible text, Markdown, HTML, mentions, links, fences, tables and CI commands. */
export const hostileText: string =
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.invalid\u0007link\u001b]8;;\u0007 \u009b2J \u0008\u0000\r\n::error file=a::boo\n' +
  '##[error]old ::add-mask::x \u202ecod.exe\u2066 \u200b\u{e0041} \ufeff <img src=x onerror=alert(1)> <!-- --> </details>' +
  ' [click](https://evil.invalid) ![pic](http://evil.invalid/p.png) https://evil.invalid www.evil.invalid a@evil.invalid' +
  ' @someone #12 GH-12 ``` ` | --- | **bold** __x__ ~~y~~ $z$ &amp; &#64;x \\ \n# heading\n- item\n\n```\n<script>';

function hostileFinding(fields: Partial<Finding> = {}): Finding {
  return {
    rule: 'output-at-load',
    kind: hostileText,
    level: 'review',
    package: { name: hostileText, version: hostileText },
    message: hostileText,
    at: { in: 'tarball', path: `${hostileText}.js`, line: 3, pointer: `/${hostileText}` },
    via: ['main', hostileText, '::stop-commands::x'],
    excerpt: [
      { line: 3, text: hostileText },
      { line: 4, text: '::error::first on its line' },
      { line: 5, text: '``````' },
    ],
    why: 'It matters.',
    remedy: 'Look at it.',
    target: undefined,
    exemption: undefined,
    ...fields,
  };
}

/** Every place of a verdict that foreign text can reach, at every level. */
export function hostileVerdict(): Verdict {
  const exemption = {
    package: hostileText,
    rule: hostileText,
    reason: hostileText,
    expires: '2026-01-31',
    by: hostileText,
  };
  return {
    result: 'block',
    id: 'sha256-id',
    subject: {
      name: hostileText,
      from: hostileText,
      to: hostileText,
      integrity: { from: 'sha512-from', to: 'sha512-to' },
      source: 'registry',
    },
    findings: [
      hostileFinding({ level: 'block' }),
      hostileFinding({ level: 'block', message: 'another place' }),
      hostileFinding(),
      hostileFinding({ level: 'notice' }),
      hostileFinding({ level: 'notice', exemption }),
    ],
    coverage: {
      applicable: 5,
      checked: 3,
      unchecked: [
        { rule: 'exports-lost', package: hostileText, facts: ['versions'], failure: undefined },
        { rule: 'entry-missing', package: hostileText, facts: [], failure: hostileText },
      ],
      gaps: [{ fact: 'versions', package: hostileText, why: 'malformed', detail: hostileText, required: true }],
    },
    exemptions: { unused: [exemption], expired: [exemption] },
    engine: '0.1.0',
    rules: 'sha256-rules',
    policy: 'sha256-policy',
    asOf: '2026-01-01T00:00:00.000Z',
  };
}
