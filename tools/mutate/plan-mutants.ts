/** Which mutants and which honest twins a host gets. The same seed gives the same ones, each by itself. */
import { textOf } from '../../src/model/package-tree.ts';
import { allDeliveries, type DeliveryId } from './deliveries.ts';
import { type Encoding, encodings, honestStyles } from './encodings.ts';
import { findHostFiles } from './host-files.ts';
import type { Host } from './judge-host.ts';
import {
  type CodeMechanism,
  type Demand,
  isTreeMechanism,
  type Mechanism,
  type PlaceId,
  placeIds,
  type Sides,
  type TreeMechanism,
} from './mechanism.ts';
import { type HostTree, listPlaces, type Place } from './places.ts';
import { type Random, randomFor, shuffle } from './random-for.ts';
import type { ModuleSystem } from './snippet.ts';
import { type Written, writeCode } from './write-code.ts';

export interface Wishes {
  readonly seed: number;
  /** Empty: all. */
  readonly mechanisms: readonly string[];
  readonly encodings: readonly string[];
  readonly places: readonly string[];
  /** One mutant in so many, chosen by the seed. */
  readonly oneIn: number;
}

/** What a mutant is called, and what it must come to. */
export interface MutantName {
  readonly mechanism: string;
  /** The encoding of code, or the way of a change of files; of a twin, which one and its style. */
  readonly encoding: string;
  readonly place: PlaceId | 'files';
  readonly delivery: DeliveryId | 'files';
  readonly system: ModuleSystem | 'files';
  /** Undefined for a twin, which must be let through. */
  readonly demand: Demand | undefined;
}

export interface Mutant extends MutantName {
  /** What was put in, where that is code. */
  readonly code: string | undefined;
  readonly sides: Sides;
}

/** Makes each when it is asked for: all of them at once would be too much to hold. */
export function* planMutants(host: Host, mechanisms: readonly Mechanism[], wishes: Wishes): Generator<Mutant> {
  const files = findHostFiles(host.sides.after);
  if (files === undefined) return;
  const context: Context = { host, tree: { tree: host.sides.after, files }, wishes };
  for (const mechanism of mechanisms) {
    if (wishes.mechanisms.length > 0 && !wishes.mechanisms.includes(mechanism.id)) continue;
    yield* isTreeMechanism(mechanism) ? planEdits(mechanism, context) : planCode(mechanism, context);
  }
}

interface Context {
  readonly host: Host;
  readonly tree: HostTree;
  readonly wishes: Wishes;
}

function* planEdits(mechanism: TreeMechanism, context: Context): Generator<Mutant> {
  const { host, wishes } = context;
  const rows = [
    ...Object.entries(mechanism.ways).map(([way, edit]) => ({ way, edit, demand: mechanism.demand })),
    ...Object.entries(mechanism.twins).map(([way, edit]) => ({ way, edit, demand: undefined })),
  ];
  for (const { way, edit, demand } of rows) {
    if (!isWanted(wishes.encodings, way) || !isWanted(wishes.places, 'files')) continue;
    const sides = edit(host.sides, randomOf(context, mechanism.id, way));
    const name = {
      mechanism: mechanism.id,
      encoding: way,
      place: 'files',
      delivery: 'files',
      system: 'files',
      demand,
    } as const;
    if (sides !== undefined) yield { ...name, code: undefined, sides };
  }
}

function* planCode(mechanism: CodeMechanism, context: Context): Generator<Mutant> {
  if (doesItAlready(mechanism, context)) return;
  const { encodings: wanted, places } = context.wishes;
  let attacks = 0;
  for (const encoding of encodings.filter(({ id }) => mechanism.encodings?.includes(id) ?? true)) {
    const fitting = findPlaces(mechanism, encoding, context);
    const chosen = chooseOne(fitting, randomOf(context, mechanism.id, encoding.id), context.wishes);
    attacks += chosen.length;
    if (!isWanted(wanted, encoding.id)) continue;
    const sites = places.length === 0 ? chosen : fitting.filter(({ id }) => places.includes(id));
    for (const place of sites) yield makeAttack(mechanism, { encoding, place }, context);
  }
  yield* planTwins(mechanism, attacks, context);
}

interface Site {
  readonly encoding: Encoding;
  readonly place: Place;
}

/** One for each kind of place that the host has. */
function findPlaces(mechanism: CodeMechanism, encoding: Encoding, context: Context): readonly Place[] {
  return placeIds.flatMap((id) => {
    const all = listPlaces(id, context.tree).filter(
      ({ situation, system }) =>
        findDemand(mechanism, { id, situation }) !== undefined &&
        (encoding.system === undefined || encoding.system === system),
    );
    const place = all[randomOf(context, mechanism.id, encoding.id, id).below(Math.max(1, all.length))];
    return place === undefined ? [] : [place];
  });
}

function chooseOne(places: readonly Place[], random: Random, { oneIn }: Wishes): readonly Place[] {
  const isLeftOut = random.below(oneIn) !== 0;
  const chosen = places[random.below(Math.max(1, places.length))];
  return chosen === undefined || isLeftOut ? [] : [chosen];
}

function findDemand(
  { demands }: CodeMechanism,
  { id, situation }: Pick<Place, 'id' | 'situation'>,
): Demand | undefined {
  return demands[id] ?? demands[situation];
}

function makeAttack(mechanism: CodeMechanism, { encoding, place }: Site, context: Context): Mutant {
  const random = randomOf(context, mechanism.id, encoding.id, place.id, 'attack');
  const delivery = random.pick(mechanism.deliveries ?? allDeliveries);
  const written = write(mechanism, { encoding, place, delivery, random });
  return {
    mechanism: mechanism.id,
    encoding: encoding.id,
    place: place.id,
    delivery,
    system: place.system,
    demand: findDemand(mechanism, place),
    code: written.code,
    sides: place.put(place.id === 'old-hook' ? place.prepare(context.host.sides) : context.host.sides, written, random),
  };
}

/** As many as there are attacks, each another one as far as there are others. */
function* planTwins(mechanism: CodeMechanism, count: number, context: Context): Generator<Mutant> {
  const rows = mechanism.twins.flatMap((twin) =>
    honestStyles.flatMap((encoding) =>
      twinPlaces.flatMap((id) => {
        const [place] = listPlaces(id, context.tree).filter(
          ({ situation, system }) =>
            twin.at.some((at) => at === situation || (at === 'load' && situation === 'install')) &&
            (encoding.system === undefined || encoding.system === system),
        );
        return place === undefined ? [] : [{ twin, encoding, place }];
      }),
    ),
  );
  const shuffled = shuffle(rows, randomOf(context, mechanism.id, 'twins'));
  for (let index = 0; index < Math.min(count, shuffled.length * mostRounds); index += 1) {
    const row = shuffled[index % shuffled.length];
    if (row === undefined) continue;
    const { twin, encoding, place } = row;
    const round = Math.floor(index / shuffled.length);
    const name = `${twin.about} (${encoding.id}${round === 0 ? '' : `, ${round + 1}`})`;
    if (!isWanted(context.wishes.encodings, name) || !isWanted(context.wishes.places, place.id)) continue;
    const random = randomOf(context, mechanism.id, name, place.id);
    const delivery = random.pick(honestDeliveries);
    const written = write(twin, { encoding, place, delivery, random });
    const sides = place.put(place.prepare(context.host.sides), written, random);
    const about = { mechanism: mechanism.id, encoding: name, place: place.id, delivery, system: place.system };
    yield { ...about, demand: undefined, code: written.code, sides };
  }
}

/** What stands in a hook of honest packages stood there before. */
const twinPlaces = placeIds.filter((id) => id !== 'hook' && id !== 'one-build');
/** Another round puts the same between other lines. */
const mostRounds = 4;
const honestDeliveries = ['top', 'function', 'named', 'try'] as const;

interface Writing extends Site {
  readonly delivery: DeliveryId;
  readonly random: Random;
}

function write(
  { code, parameters = '' }: { readonly code: string; readonly parameters?: string },
  { encoding, place, delivery, random }: Writing,
): Written {
  const host = `${random.pick(['cdn', 'stats', 'api', 'get'])}-${random.below(1000)}.invalid`;
  const taken = new Set(place.around.match(/[\w$]+/g));
  const name = ['refreshAll', 'prepareNext', 'describeOne'].find((one) => !taken.has(one)) ?? 'refreshAllOfThem';
  return writeCode(code.replaceAll('HOST', host), {
    system: place.system,
    encoding,
    delivery,
    exported: place.isExported ? { name, parameters } : undefined,
    isTaken: (one) => taken.has(one),
    random,
  });
}

function doesItAlready({ notWhere }: CodeMechanism, { tree: { tree } }: Context): boolean {
  if (notWhere === undefined) return false;
  return [...tree.files.values()].some((file) => file.format === 'javascript' && notWhere.test(textOf(file)));
}

function randomOf({ host, wishes }: Context, ...key: readonly string[]): Random {
  return randomFor(wishes.seed, host.name, host.to, ...key);
}

function isWanted(wanted: readonly string[], id: string): boolean {
  return wanted.length === 0 || wanted.includes(id);
}
