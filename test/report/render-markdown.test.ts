import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../src/report/render-markdown.ts';
import { buildFinding, buildVerdict } from './build-verdict.ts';
import { findForeignTokens } from './find-foreign-tokens.ts';
import { hostileVerdict } from './hostile-verdict.ts';

describe('renderMarkdown', () => {
  test('says everything that a block has to say', () => {
    const verdict = buildVerdict({ result: 'block', findings: [buildFinding(), buildFinding()] });
    expect(renderMarkdown(verdict)).toBe(`\
### Sluice: block, \`sample 1.0.0 → 1.0.1\`

all 22 rules checked

#### block: endless-loop-at-load

a loop that never ends runs when the package is loaded

\`\`\`text
12 | for (let i = 666; i < Infinity; i++) {
13 |   console.log(i);
\`\`\`

- **Where:** \`lib/index.js:12\`
- **Reached by:** \`main\` → \`lib/index.js\`
- **Also:** \`lib/index.js:12\`
- **Why it matters:** Whoever loads it hangs.
- **What to do:** Stay on the old version.

**Do not take this update.**

Looked into it, and it is fine? Say so under \`exemptions\` in \`sluice.json\`: \`{ "package": "sample@1.0.1", "rule": "endless-loop-at-load", "reason": "…", "expires": "YYYY-MM-DD" }\`

<sub>sha256-id, sluice 0.1.0</sub>
`);
  });

  test('lists notices in one line each', () => {
    const text = renderMarkdown(buildVerdict({ findings: [buildFinding({ level: 'notice' })] }));
    expect(text).toContain(
      '#### notices\n\n- endless-loop-at-load: a loop that never ends runs when the package is loaded (`lib/index.js:12`)\n',
    );
    expect(text).not.toContain('Why it matters');
  });

  test('a hostile verdict brings no link, image, HTML, mention, heading or command of its own', () => {
    const text = renderMarkdown(hostileVerdict());
    expect(text).not.toMatch(/^\s*::|##\[|(?!\n)\p{C}/mu);
    expect(findForeignTokens(text)).toEqual([]);
    const headings = text.split('\n').flatMap((line) => /^(#+) /.exec(line)?.[1]?.length ?? []);
    // Verdict, block, review, notices, exemptions.
    expect(headings).toEqual([3, 4, 4, 4, 4]);
  });
});
