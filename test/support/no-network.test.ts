import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, it } from 'vitest';

const sentence = 'A test wanted to connect to registry.example';

it.each([
  ['a socket by options', () => connect({ host: 'registry.example', port: 443 })],
  ['a socket by port and host', () => connect(443, 'registry.example')],
  ['an encrypted socket', () => connectTls({ host: 'registry.example', port: 443 })],
])('refuses %s to another machine', (_title, open) => {
  expect(open).toThrow(sentence);
});

it('refuses fetch to another machine', async () => {
  const failure = await fetch('https://registry.example/').catch((cause: unknown) => cause);
  expect(failure).toMatchObject({ cause: { message: expect.stringContaining(sentence) } });
});

it('lets a test talk to this machine', async () => {
  const server = createServer((socket) => socket.end('here'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const socket = connect(address.port, '127.0.0.1');
  const [bytes] = await once(socket, 'data');
  expect(String(bytes)).toBe('here');
  socket.destroy();
  server.close();
});
