/** A verdict in which every foreign string tries to steer whatever shows it. Inert: text only. */
import type { Finding } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/verdict.ts';

/** Escape sequences, bidi, invisible text, Markdown, HTML, mentions, links, fences, tables and CI commands. */
export const hostileText: string =
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.invalid\u0007link\u001b]8;;\u0007 \u009b2J \u0008\u0000\r\n::error file=a::boo\n' +
  '##[error]old ::add-mask::x \u202ecod.exe\u2066 \u200b\u{e0041} \ufeff <img src=x onerror=alert(1)> <!-- --> </details>' +
  ' [click](https://evil.invalid) ![pic](http://evil.invalid/p.png) https://evil.invalid www.evil.invalid a@evil.invalid' +
  ' @someone #12 GH-12 ``` ` | --- | **bold** __x__ ~~y~~ $z$ &amp; &#64;x \\ \n# heading\n- item\n\n```\n<script>';

function hostileFinding(text: string, fields: Partial<Finding> = {}): Finding {
  return {
    rule: 'output-at-load',
    kind: text,
    level: 'review',
    package: { name: text, version: text },
    message: text,
    at: { in: 'tarball', path: `${text}.js`, line: 3, pointer: `/${text}` },
    via: ['main', text, '::stop-commands::x'],
    excerpt: [
      { line: 3, text },
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
export function hostileVerdict(text: string = hostileText): Verdict {
  const exemption = {
    package: text,
    rule: text,
    reason: text,
    expires: '2026-01-31',
    by: text,
  };
  return {
    result: 'block',
    id: 'sha256-id',
    subject: {
      name: text,
      from: text,
      to: text,
      integrity: { from: 'sha512-from', to: 'sha512-to' },
      source: 'registry',
    },
    findings: [
      hostileFinding(text, { level: 'block' }),
      hostileFinding(text, { level: 'block', message: 'another place' }),
      hostileFinding(text),
      hostileFinding(text, { level: 'notice' }),
      hostileFinding(text, { level: 'notice', exemption }),
    ],
    coverage: {
      applicable: 5,
      checked: 3,
      unchecked: [
        { rule: 'exports-lost', package: text, facts: ['versions'], failure: undefined },
        { rule: 'entry-missing', package: text, facts: [], failure: text },
      ],
      gaps: [{ fact: 'versions', package: text, why: 'malformed', detail: text, required: true }],
    },
    exemptions: { unused: [exemption], expired: [exemption] },
    engine: '0.1.0',
    rules: 'sha256-rules',
    policy: 'sha256-policy',
    asOf: '2026-01-01T00:00:00.000Z',
  };
}
