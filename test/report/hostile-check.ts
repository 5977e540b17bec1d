/** A check in which every foreign string tries to steer whatever shows it. Inert: text only. */
import type { CheckVerdict } from '../../src/model/check-verdict.ts';
import { buildCheck, buildPackage } from './build-check.ts';
import { hostileText, hostileVerdict } from './hostile-verdict.ts';

/** Every place of a check that foreign text can reach. */
export function hostileCheck(text: string = hostileText): CheckVerdict {
  const verdict = hostileVerdict(text);
  // Each at a place of its own: what is told twice alike is shown once.
  const findings = verdict.findings.map((finding, line) => ({ ...finding, at: { ...finding.at, line: line + 1 } }));
  const release = { ...verdict, findings };
  const lock = {
    ...release,
    subject: { ...release.subject, name: text, to: text },
    findings: findings.map((finding) => ({
      ...finding,
      rule: 'lock-in-sync',
      at: { in: 'lockfile', path: text, line: finding.at.line, pointer: `/${text}` } as const,
      target: text,
    })),
  };
  const hostile = buildPackage({
    name: text,
    from: text,
    to: text,
    direct: false,
    why: [text, text, text],
    locations: [text, text],
    publishedAt: text,
    release,
  });
  const passing = buildPackage({ ...hostile, to: `2${text}`, release: undefined, unread: 'unchanged-bytes' });
  return buildCheck({
    result: 'block',
    lockfile: text,
    project: text,
    base: text,
    lock,
    packages: [hostile, passing],
    removed: [{ name: text, version: text }],
    patch: {
      text: text,
      diff: `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-${text}\n+::error::x\n::error::y\n`,
      takes: [{ name: text, from: text, to: text }],
      needsNpm: true,
      left: [text],
    },
  });
}
