/** The changed packages as tables for a pull request: those that need a look open, those that pass folded when they are many. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import { shorten } from '../rule.ts';
import type { CheckSections, PackageSection } from './check-sections.ts';
import { describeAge, describeRemark, describeStep, findAsker, formatCount } from './check-words.ts';
import { Markdown } from './escape-markdown.ts';
import type { Part, Piece } from './fit-markdown.ts';
import { isWeighty } from './verdict-words.ts';

/** So many packages are seen at one glance. */
const maxOpen = 12;
/** A longer name would make the table wider than the page. */
const maxCell = 60;
const maxRules = 3;

export type PackageTable = Pick<Part, 'what' | 'pieces' | 'assemble'>;

export function packageTables(check: CheckVerdict, { packages }: CheckSections): readonly [PackageTable, PackageTable] {
  const isOpen = ({ result }: PackageSection): boolean => packages.length <= maxOpen || result !== 'allow';
  const rows = (sections: readonly PackageSection[]): readonly Piece[] =>
    sections.map((section) => [renderRow(section, check)]);
  const passing = packages.filter((section) => !isOpen(section));
  const summary = Markdown.of`${formatCount(passing.length)} packages that pass`;
  return [
    { what: 'packages', pieces: rows(packages.filter(isOpen)), assemble: tabulate },
    {
      what: 'packages that pass',
      pieces: rows(passing),
      assemble: (shown) => Markdown.fold(summary, tabulate(shown)),
    },
  ];
}

const header = ['verdict', 'package', 'change', 'through', 'age', 'because'];

function tabulate(rows: readonly Markdown[]): Markdown {
  const head = Markdown.row(header.map((title) => Markdown.of`${title}`));
  return Markdown.join([head, Markdown.underline(header.length), ...rows], '\n');
}

function renderRow(section: PackageSection, check: CheckVerdict): Markdown {
  const { checked, findings, result } = section;
  const asker = findAsker(checked);
  const rules = [...new Set(findings.filter(isWeighty).map(({ rule }) => rule))];
  const more = rules.length > maxRules ? ` and ${rules.length - maxRules} more` : '';
  const reason = [rules.slice(0, maxRules).join(', ') + more, describeRemark(section)]
    .filter((part) => part !== '')
    .join('; ');
  return Markdown.row([
    result === 'allow' ? Markdown.of`${result}` : Markdown.of`**${result}**`,
    Markdown.cell(shorten(checked.name, maxCell)),
    Markdown.unbroken(shorten(describeStep(checked, check), maxCell)),
    asker === undefined
      ? Markdown.of`${checked.direct ? 'direct' : 'unknown'}`
      : Markdown.cell(shorten(asker, maxCell)),
    Markdown.unbroken(describeAge(checked, check.lock.asOf).replace(/^age /, '').replace(/ old$/, '')),
    Markdown.of`${shorten(reason, 2 * maxCell)}`,
  ]);
}
