/** Before a route that has a scope: who asks, and may they? */
import type { FastifyRequest } from 'fastify';
import { GuardError } from '../errors.ts';
import type { Scope } from '../store/make-token.ts';
import { type Access, type Caller, demandScope } from './access.ts';
import type { App } from './service.ts';

export function requireScopes(app: App, access: Access): void {
  app.decorateRequest('caller', null);
  // After the requests of a caller were counted, so that wrong tokens count too, and before anything of a body is read.
  app.addHook('onRequest', (request, _, done) => {
    const { scope } = request.routeOptions.config;
    if (scope !== undefined) request.caller = admit(request, { access, scope });
    done();
  });
}

function admit(
  { headers }: FastifyRequest,
  { access, scope }: { readonly access: Access; readonly scope: Scope },
): Caller {
  if (!access.isRequired) refuseOtherHosts(headers.host);
  const caller = access.identify(headers.authorization);
  demandScope(caller, scope);
  return caller;
}

export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new Error('a route that asks who calls has a scope');
  return caller;
}

/** A page elsewhere whose name is made to mean this machine would be answered otherwise, where no token is needed. */
function refuseOtherHosts(host: string | undefined): void {
  if (host !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host)) return;
  throw new GuardError('host-refused', 'Without tokens this service answers only to localhost.');
}
