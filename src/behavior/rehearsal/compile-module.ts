/** A module: its imports, its functions, and its statements one by one. */
import type { ESTree } from 'meriyah';
import type { Node } from '../syntax/scope.ts';
import { compileStatements } from './compile-block.ts';
import { type Act, findSlot, Thrown, writeSlot } from './frame.ts';
import { isThing } from './held.ts';
import { declarationOf } from './scopes.ts';
import { compileStatement, type Spot } from './spot.ts';

/** The statements of a module: when one of them fails, that may be for want of knowledge, and the others are acted out. */
export function compileModule(statements: readonly Node[], at: Spot): Act {
  const acts = [
    compileStatements(
      statements.filter(({ type }) => type === 'ImportDeclaration'),
      at,
    ),
  ];
  const functions = statements.filter((statement) => declarationOf(statement).type === 'FunctionDeclaration');
  acts.push(compileStatements(functions, at));
  for (const statement of statements) {
    if (statement.type === 'ImportDeclaration' || functions.includes(statement)) continue;
    let act: Act | undefined;
    acts.push((frame) => {
      act ??= compileStatement(statement, at);
      return act(frame);
    });
  }
  return (frame) => {
    for (const act of acts) {
      at.stage.spend(1);
      try {
        if (act(frame)?.kind === 'return') return undefined;
      } catch (thrown) {
        if (!(thrown instanceof Thrown)) throw thrown;
      }
    }
    return undefined;
  };
}

export function compileImport({ specifiers, source }: ESTree.ImportDeclaration, at: Spot): Act {
  const { stage } = at;
  const writes = specifiers.flatMap((specifier) => {
    const slot = findSlot(at.names, specifier.local.name);
    if (slot === undefined) return [];
    return [{ write: writeSlot(slot), member: memberOf(specifier) }];
  });
  return (frame) => {
    const module = stage.load(source.value);
    for (const { write, member } of writes) {
      // A document is its own default; of a module, `default` is another spelling.
      const isWhole = member === '*' || (member === 'default' && !(isThing(module) && module.kind === 'outside'));
      write(frame, isWhole ? module : stage.get(module, member));
    }
    return undefined;
  };
}

function memberOf(specifier: ESTree.ImportDeclaration['specifiers'][number]): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}
