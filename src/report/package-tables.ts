/**
 * The changed packages as tables for a pull request: those that need a look open; those that pass, and those that merely
 * bring along what needs a look, folded when they are many.
 */
import type { CheckVerdict } from '../model/check-verdict.ts';
import { shorten } from '../rule.ts';
import { type CheckSections, isCarrier, type PackageSection } from './check-sections.ts';
import { describeAge, describeRemark, describeStep, findAsker, formatCount, hasAges } from './check-words.ts';
import { Markdown } from './escape-markdown.ts';
import type { Part } from './fit-markdown.ts';
import { isWeighty } from './verdict-words.ts';

/** So many packages are seen at one glance. */
const maxOpen = 12;
/** A longer name would make the table wider than the page. */
const maxCell = 60;

export type PackageTable = Pick<Part, 'what' | 'pieces' | 'assemble'>;

interface PackageTables {
  readonly open: PackageTable;
  readonly carrying: PackageTable;
  readonly passing: PackageTable;
}

export function packageTables(check: CheckVerdict, sections: CheckSections): PackageTables {
  const { packages } = sections;
  const withAge = hasAges(sections);
  const fewer = packages.length <= maxOpen;
  const tell = (
    what: string,
    all: readonly PackageSection[],
    fold: (table: Markdown) => Markdown = (table) => table,
  ): PackageTable => ({
    what,
    pieces: all.map((section) => [renderRow(section, check, withAge)]),
    assemble: (shown) => fold(tabulate(shown, withAge)),
  });
  const [carrying, passing] = [packages.filter(isCarrier), packages.filter(({ result }) => result === 'allow')];
  const folded = fewer ? [] : [...carrying, ...passing];
  const count = (all: readonly PackageSection[], what: string): Markdown =>
    Markdown.of`${formatCount(all.length)} packages that ${what}`;
  const brings = 'bring along what needs a look';
  return {
    open: tell(
      'packages',
      packages.filter((section) => !folded.includes(section)),
    ),
    carrying: tell(`packages that ${brings}`, fewer ? [] : carrying, (table) =>
      Markdown.fold(count(carrying, brings), table),
    ),
    passing: tell('packages that pass', fewer ? [] : passing, (table) => Markdown.fold(count(passing, 'pass'), table)),
  };
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
