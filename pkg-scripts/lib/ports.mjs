// Finds a port for a server that cannot be told to choose one itself.
import { createServer } from 'node:net';

/** A port of 127.0.0.1 that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
