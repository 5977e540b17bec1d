/** Tests ask no one outside this machine: a connection to any other address fails here, by name, instead of passing by luck. */
import { Socket } from 'node:net';

const loopback = new Set(['localhost', '127.0.0.1', '::1']);
const connect = Socket.prototype.connect;

Socket.prototype.connect = function (this: Socket, ...parameters: unknown[]): Socket {
  const host = findHost(parameters);
  if (host !== undefined && !loopback.has(host)) {
    throw new Error(`A test wanted to connect to ${host}: use test/support/registry, or move the case to the corpus.`);
  }
  // Safe: the arguments go on exactly as they came.
  return connect.apply(this, parameters as Parameters<typeof connect>);
};

/** `connect` takes an options object, a port and a host, a path of a local socket, or (from net itself) an array of these. */
function findHost(parameters: readonly unknown[]): string | undefined {
  const [first, second] = Array.isArray(parameters[0]) ? parameters[0] : parameters;
  if (typeof first === 'object' && first !== null) {
    return 'host' in first && typeof first.host === 'string' ? first.host : undefined;
  }
  return typeof second === 'string' ? second : undefined;
}
