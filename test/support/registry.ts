/**
 * A real little npm registry on loopback: packuments (full and abbreviated), tarballs, keys, attestations, advisories,
 * and every fault a registry or a mirror can have. It remembers what it was asked.
 */
import { createHash } from 'node:crypto';
import { createGunzip, gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { SourceTree } from '../../src/rule.ts';
import { abbreviatePackument } from './abbreviate-packument.ts';
import { buildTarball } from './build-tarball.ts';
import { createFaults, type Fault } from './registry-faults.ts';
import { createSigner, type Signer } from './registry-signer.ts';

export type { Fault } from './registry-faults.ts';

export interface PublishedVersion {
  /** `package.json` gets the name and version where it has none. */
  readonly files?: SourceTree;
  /** The tarball itself, in place of `files`. */
  readonly tarball?: Uint8Array;
  /** Laid over the manifest as the packument has it: for manifests that differ from the tarball's. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Laid over `dist`; undefined takes a field away. */
  readonly dist?: Readonly<Record<string, unknown>>;
  /** ISO 8601 instant. */
  readonly publishedAt?: string;
  /** The user who published it. */
  readonly publisher?: string;
  readonly deprecated?: string;
  /** What `/-/npm/v1/attestations/…` answers for this version. */
  readonly attestations?: readonly unknown[];
}

export interface PublishedPackage {
  readonly versions: Readonly<Record<string, PublishedVersion>>;
  /** Default: `latest` is the last version named. */
  readonly distTags?: Readonly<Record<string, string>>;
  /** Laid over the packument; undefined takes a field away. */
  readonly packument?: Readonly<Record<string, unknown>>;
}

export interface LoggedRequest {
  readonly method: string;
  /** Decoded: `/@scope/name`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What was sent with it, parsed; undefined where nothing was. */
  readonly body?: unknown;
}

export interface LittleRegistryOptions {
  readonly packages?: Readonly<Record<string, PublishedPackage>>;
  /** As mirrors do: no publisher, maintainers, signatures, attestations, deprecation, sizes; times of ingestion; no ETag. */
  readonly mirror?: boolean;
  /** Whoever comes without this bearer token gets 404, as npm's registry answers for a private package. */
  readonly token?: string;
  /** By package, what the bulk advisory endpoint answers. */
  readonly advisories?: Readonly<Record<string, readonly unknown[]>>;
}

export interface LittleRegistry {
  /** Ends with a slash. */
  readonly url: string;
  /** Signs what it publishes. */
  readonly signer: Signer;
  /** Every request so far, oldest first. */
  readonly requests: readonly LoggedRequest[];
  publish(name: string, published: PublishedPackage): void;
  /** @param target A package's name (all that belongs to it), or a path that begins with a slash. */
  fail(target: string, fault: Fault, times?: number): void;
  /** Takes all faults away. */
  mend(): void;
  /** How many requests are being answered now. */
  readonly atOnce: number;
  /** How many requests were answered at the same time, at most. */
  readonly mostAtOnce: number;
  close(): Promise<void>;
}

interface State {
  readonly options: LittleRegistryOptions;
  readonly packages: Map<string, PublishedPackage>;
  readonly signer: Signer;
  url: string;
}

const abbreviatedType = 'application/vnd.npm.install-v1+json';

export async function startRegistry(options: LittleRegistryOptions = {}): Promise<LittleRegistry> {
  const state: State = {
    options,
    packages: new Map(Object.entries(options.packages ?? {})),
    signer: createSigner(),
    url: '',
  };
  const requests: LoggedRequest[] = [];
  const faults = createFaults();
  let atOnce = 0;
  let mostAtOnce = 0;
  const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  app.addHook('onRequest', async (request, reply) => {
    requests.push({ method: request.method, path: pathOf(request), headers: request.headers });
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    reply.raw.once('close', () => {
      atOnce -= 1;
    });
    await faults.answer(request, reply, pathOf(request));
  });
  app.addHook('preParsing', async ({ headers }, _reply, payload) => {
    if (headers['content-encoding'] !== 'gzip') return payload;
    // Of what arrived, not of what is read.
    delete headers['content-length'];
    return payload.pipe(createGunzip());
  });
  app.addHook('preHandler', async (request) => {
    const logged = requests.findLastIndex(({ path }) => path === pathOf(request));
    const entry = requests[logged];
    if (entry !== undefined && request.body !== undefined) requests[logged] = { ...entry, body: request.body };
  });
  app.addHook('onSend', async (request, reply, payload) => faults.spoil(request, reply, payload));
  addRoutes(app, state);
  state.url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/`;
  return {
    url: state.url,
    signer: state.signer,
    requests,
    publish: (name, published) => state.packages.set(name, published),
    fail: faults.add,
    mend: faults.clear,
    get atOnce() {
      return atOnce;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    close: () => app.close(),
  };
}

function addRoutes(app: FastifyInstance, state: State): void {
  app.get('/-/npm/v1/keys', () => ({ keys: [state.signer.key] }));
  app.post<{ Body: Record<string, unknown> }>('/-/npm/v1/security/advisories/bulk', ({ body }) =>
    Object.fromEntries(Object.entries(state.options.advisories ?? {}).filter(([name]) => Object.hasOwn(body, name))),
  );
  app.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const path = pathOf(request).slice(1);
    if (state.options.token !== undefined && request.headers.authorization !== `Bearer ${state.options.token}`) {
      return notFound(reply);
    }
    if (path.startsWith('-/npm/v1/attestations/')) return sendAttestations(path.slice(22), state, reply);
    const [, name = '', file] = /^((?:@[^/]+\/)?[^/]+)(?:\/-\/([^/]+))?$/.exec(path) ?? [];
    const published = state.packages.get(name);
    if (published === undefined) return notFound(reply);
    if (file === undefined) return sendPackument(renderPackument(name, published, state), request, reply);
    const version = Object.keys(published.versions).find((candidate) => file === tarballName(name, candidate));
    if (version === undefined) return notFound(reply);
    return reply.type('application/octet-stream').send(tarballOf(name, version, published));
  });
}

function sendPackument(packument: Record<string, unknown>, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const abbreviated = request.headers.accept?.includes(abbreviatedType) === true;
  const json = JSON.stringify(abbreviated ? abbreviatePackument(packument) : packument);
  const etag = `"${createHash('sha256').update(json).digest('hex')}"`;
  // A mirror that dates everything anew has no revision of its own to name.
  if (packument['_rev'] !== undefined) reply.header('etag', etag);
  reply.header('vary', 'accept-encoding, accept').header('cache-control', 'public, max-age=300');
  reply.type(abbreviated ? abbreviatedType : 'application/json');
  if (packument['_rev'] !== undefined && request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(json);
  return reply.header('content-encoding', 'gzip').send(gzipSync(json));
}

function renderPackument(name: string, published: PublishedPackage, state: State): Record<string, unknown> {
  const versions = Object.keys(published.versions);
  const mirror = state.options.mirror === true;
  const times = Object.fromEntries(
    versions.map((version, index) => [version, published.versions[version]?.publishedAt ?? defaultTime(index)]),
  );
  const ingested = Object.fromEntries(versions.map((version) => [version, '2026-02-03T04:05:06.789000+00:00']));
  const instants = Object.values(times).toSorted();
  return withoutUndefined({
    _id: name,
    _rev: mirror ? undefined : '1-little',
    name,
    'dist-tags': published.distTags ?? { latest: versions.at(-1) ?? '' },
    versions: Object.fromEntries(
      versions.map((version) => [version, renderVersion({ name, version }, published, state)]),
    ),
    time: mirror ? ingested : { created: instants[0], modified: instants.at(-1), ...times },
    maintainers: mirror ? undefined : [{ name: 'little', email: 'little@registry.example' }],
    ...published.packument,
  });
}

/** A version a week, from 2020 on. */
function defaultTime(index: number): string {
  return new Date(Date.UTC(2020, 0, 1 + 7 * index)).toISOString();
}

function renderVersion(
  { name, version }: { readonly name: string; readonly version: string },
  published: PublishedPackage,
  { options, signer, url }: State,
): Record<string, unknown> {
  const release = published.versions[version] ?? {};
  const tarball = tarballOf(name, version, published);
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const dist = {
    tarball: `${url}${name}/-/${tarballName(name, version)}`,
    shasum: createHash('sha1').update(tarball).digest('hex'),
    integrity,
  };
  const official = {
    fileCount: Object.keys(release.files ?? {}).length,
    unpackedSize: tarball.length,
    signatures: [signer.sign(`${name}@${version}:${integrity}`)],
    attestations:
      release.attestations === undefined
        ? undefined
        : { url: `${url}-/npm/v1/attestations/${name}@${version}`, provenance: {} },
  };
  const user = { name: release.publisher ?? 'little', email: `${release.publisher ?? 'little'}@registry.example` };
  return withoutUndefined({
    ...manifestOf(release.files ?? {}),
    name,
    version,
    _id: `${name}@${version}`,
    ...(options.mirror ? {} : { _npmUser: user, deprecated: release.deprecated }),
    ...release.manifest,
    dist: withoutUndefined({ ...dist, ...(options.mirror ? {} : official), ...release.dist }),
  });
}

function sendAttestations(spec: string, { packages }: State, reply: FastifyReply): FastifyReply {
  const at = spec.lastIndexOf('@');
  const attestations = packages.get(spec.slice(0, at))?.versions[spec.slice(at + 1)]?.attestations;
  return attestations === undefined ? notFound(reply) : reply.send({ attestations });
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ error: 'Not found' });
}

function tarballName(name: string, version: string): string {
  return `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}

const tarballs = new WeakMap<PublishedVersion, Uint8Array>();

function tarballOf(name: string, version: string, published: PublishedPackage): Uint8Array {
  const release = published.versions[version] ?? {};
  const tarball = release.tarball ?? tarballs.get(release) ?? packFiles({ name, version }, release.files ?? {});
  tarballs.set(release, tarball);
  return tarball;
}

function packFiles(identity: { readonly name: string; readonly version: string }, files: SourceTree): Uint8Array {
  const contents = Object.entries(files).map(([path, body]): [string, string | Uint8Array] => [
    path,
    typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  ]);
  const written = files['package.json'];
  if (typeof written === 'string' || written instanceof Uint8Array) return buildTarball(Object.fromEntries(contents));
  const manifest = JSON.stringify({ ...identity, ...written });
  return buildTarball({ ...Object.fromEntries(contents), 'package.json': manifest });
}

/** As the registry reads it out of what is published; a package.json that is no JSON gives nothing. */
function manifestOf(files: SourceTree): Readonly<Record<string, unknown>> {
  const manifest = files['package.json'] ?? {};
  if (typeof manifest === 'object' && !(manifest instanceof Uint8Array)) return manifest;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(manifest).toString('utf8'));
    return typeof parsed === 'object' ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function pathOf(request: FastifyRequest): string {
  return decodeURIComponent(new URL(request.url, 'http://registry.example').pathname);
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
