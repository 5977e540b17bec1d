/** The verdict API that is asked in place of computing: `--server`, with the token of `--server-token` or SLUICE_TOKEN. */
import { parseServer, type Server } from '../guard/ask-server.ts';

export interface ServerOptions {
  readonly server?: string;
  readonly serverToken?: string;
}

export function findServer({ server = '', serverToken }: ServerOptions): Server {
  return parseServer({ address: server, token: serverToken ?? process.env['SLUICE_TOKEN'], called: '--server' });
}
