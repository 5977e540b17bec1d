/** A rule in its own words, for a person at a terminal. */
import { factStanding, factTitle } from '../model/change.ts';
import type { Level } from '../model/finding.ts';
import type { Rule } from '../rule.ts';
import type { Line, Style } from './lay-out.ts';
import { layOut } from './lay-out.ts';
import type { TerminalOptions } from './terminal-lines.ts';
import { blankLine, labelled, limitColumns, prose, span } from './terminal-lines.ts';

const labelColumns = 11;

export function renderRule(rule: Rule, { columns, paint }: TerminalOptions): string {
  const { needs, wants, options, kinds, incidents } = rule;
  const lines = [
    prose(0, 0, span('strong', rule.id), span('plain', `: ${rule.title}`)),
    blankLine,
    field('level', rule.level, styleOf(rule.level)),
    ...Object.entries(kinds).map(([kind, { level, about }]) =>
      prose(labelColumns, labelColumns + 2, span(level, level), span('plain', ` ${kind}: ${about}`)),
    ),
    field('why', rule.rationale),
    field('do', rule.remedy),
    field('needs', needs.map(describeNeed).join(', ')),
    ...(wants.length === 0 ? [] : [field('reads', `${wants.map((fact) => factTitle[fact]).join(', ')}, where known`)]),
    field('additions', rule.appliesToAdditions ? 'looks at added dependencies too' : 'only compares two versions'),
    ...Object.entries(options).map(([name, option]) =>
      field('option', `${name} = ${JSON.stringify(option.default)}: ${option.about}`),
    ),
    ...incidents.flatMap(({ what, when, url }) => [field('incident', `${when}: ${what}`), address(url)]),
    blankLine,
    field(
      'policy',
      `In sluice.json, "rules": { "${rule.id}": "notice" } changes its level (off, notice, review, block); "exemptions" let one package pass until a day.`,
    ),
  ];
  return layOut(lines, limitColumns(columns), paint);
}

export function renderRuleList(rules: readonly Rule[], { columns, paint }: TerminalOptions): string {
  const idColumns = Math.max(...rules.map((rule) => rule.id.length)) + 2;
  const lines = rules.map(({ id, level, title }) =>
    prose(
      0,
      8 + idColumns,
      span(styleOf(level), level.padEnd(8)),
      span('strong', id.padEnd(idColumns)),
      span('plain', title),
    ),
  );
  return layOut(lines, limitColumns(columns), paint);
}

function describeNeed(fact: Rule['needs'][number]): string {
  return factStanding[fact] === 'optional' ? `${factTitle[fact]} (not every registry has them)` : factTitle[fact];
}

function styleOf(level: Level): Style {
  return level === 'off' ? 'faint' : level;
}

function field(label: string, text: string, style: Style = 'plain'): Line {
  return prose(0, labelColumns, labelled(label, labelColumns), span(style, text));
}

/** On its own line and whole, so that it can be followed. */
function address(url: string): Line {
  return { indent: labelColumns, hang: labelColumns, form: 'address', spans: [span('faint', url)] };
}
