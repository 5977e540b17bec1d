/** The changed packages as tables for a pull request: those that need a look open, those that pass folded when they are many. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import { shorten } from '../rule.ts';
import type { CheckSections, PackageSection } from './check-sections.ts';
import { describeAge, describeRemark, describeStep, findAsker, formatCount, hasAges } from './check-words.ts';
import { Markdown } from './escape-markdown.ts';
import type { Part, Piece } from './fit-markdown.ts';
import { isWeighty } from './verdict-words.ts';

/** So many packages are seen at one glance. */
const maxOpen = 12;
/** A longer name would make the table wider than the page. */
const maxCell = 60;

export type PackageTable = Pick<Part, 'what' | 'pieces' | 'assemble'>;

export function packageTables(check: CheckVerdict, sections: CheckSections): readonly [PackageTable, PackageTable] {
  const { packages } = sections;
  const withAge = hasAges(sections);
  const isOpen = ({ result }: PackageSection): boolean => packages.length <= maxOpen || result !== 'allow';
  const rows = (all: readonly PackageSection[]): readonly Piece[] =>
    all.map((section) => [renderRow(section, check, withAge)]);
  const passing = packages.filter((section) => !isOpen(section));
  const summary = Markdown.of`${formatCount(passing.length)} packages that pass`;
  return [
    { what: 'packages', pieces: rows(packages.filter(isOpen)), assemble: (shown) => tabulate(shown, withAge) },
    {
      what: 'packages that pass',
      pieces: rows(passing),
      assemble: (shown) => Markdown.fold(summary, tabulate(shown, withAge)),
    },
  ];
}

function tabulate(rows: readonly Markdown[], withAge: boolean): Markdown {
  const titles = ['verdict', 'package', 'through', ...(withAge ? ['age'] : []), 'because'];
  const head = Markdown.row(titles.map((title) => Markdown.of`${title}`));
  return Markdown.join([head, Markdown.underline(titles.length), ...rows], '\n');
}

function renderRow(section: PackageSection, check: CheckVerdict, withAge: boolean): Markdown {
  const { checked, result } = section;
  const asker = findAsker(checked);
  const step = Markdown.unbroken(shorten(describeStep(checked, check), maxCell));
  const age = describeAge(checked, check.lock.asOf).replace(/^age /, '').replace(/ old$/, '');
  return Markdown.row([
    result === 'allow' ? Markdown.of`${result}` : Markdown.of`**${result}**`,
    Markdown.of`${Markdown.cell(shorten(checked.name, maxCell))} ${step}`,
    asker === undefined
      ? Markdown.of`${checked.direct ? 'direct' : 'unknown'}`
      : Markdown.cell(shorten(asker, maxCell)),
    ...(withAge ? [Markdown.unbroken(age)] : []),
    Markdown.of`${shorten(describeReason(section), 2 * maxCell)}`,
  ]);
}

function describeReason(section: PackageSection): string {
  const [first, ...others] = new Set(section.findings.filter(isWeighty).map(({ rule }) => rule));
  const rules = first === undefined ? '' : others.length === 0 ? first : `${first} and ${others.length} more`;
  return [rules, describeRemark(section)].filter((part) => part !== '').join('; ');
}
