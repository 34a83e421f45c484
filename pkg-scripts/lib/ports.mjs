// Servers at ports of 127.0.0.1 that are free, for checks.
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';

/** A port that is free now, for a server that cannot be told to choose one itself. */
export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Starts an HTTP server, and returns its URL and what stops it. */
export async function listen(handle) {
  const server = createHttpServer(handle);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
