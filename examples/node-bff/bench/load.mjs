// The inquiry under load, beside the same route with an answer that is made already: what the price costs a request.
//
// Server and load are in two processes of this machine: `npm run load -- --seconds 10 --connections 32`.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { build } from '../src/application.mjs';
import { demoBooks } from '../src/books/demo.mjs';
import { INQUIRY_SCHEMA, inquire } from '../src/routes/inquiry.mjs';

const QUESTION = {
  region: 'cn-north',
  kind: 'server',
  spec: { cpu: '4 core', ram: '8 GiB', disk: '100 GiB', public_ip: '1 count' },
  term: { months: 1, days: 0 },
  count: 2,
  payment: 'pre_paid',
  start: '2026-11-23T00:00:00Z',
};
const PATHS = ['/api/constant', '/api/inquiry'];
const SERVES = 'serve';

async function serve() {
  const constant = inquire(QUESTION);
  const more = (api) => api.post('/api/constant', { schema: INQUIRY_SCHEMA }, async () => constant);
  const app = await build({ books: demoBooks(), requestsPerMinute: 0, more });
  process.send(await app.listen({ host: '127.0.0.1', port: 0 }));
  process.once('message', () => app.close().then(() => process.disconnect()));
}

async function measure() {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, connections: { type: 'string' } } });
  const [seconds, connections] = [Number(values.seconds ?? 10), Number(values.connections ?? 32)];
  const server = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, LOAD: SERVES } });
  const [address] = await once(server, 'message');
  const rows = [];
  for (const path of PATHS) {
    await shoot(address + path, 1, connections);
    rows.push(rowOf(path, await shoot(address + path, seconds, connections)));
  }
  server.send('end');
  console.log(
    `${seconds} s, ${connections} connections, Node ${process.version}, ${availableParallelism()} processors\n`,
  );
  console.table(Object.fromEntries(rows));
}

function shoot(url, duration, connections) {
  const headers = { 'content-type': 'application/json' };
  return autocannon({ url, duration, connections, method: 'POST', headers, body: JSON.stringify(QUESTION) });
}

/** A request that was not answered with 200 makes the figures worthless. */
function rowOf(path, { requests, latency, non2xx, errors, timeouts }) {
  if (non2xx + errors + timeouts > 0) {
    throw new Error(`${path}: ${non2xx} refused, ${errors} failed, ${timeouts} late`);
  }
  return [path, { 'requests/s': Math.round(requests.average), 'p50 ms': latency.p50, 'p99 ms': latency.p99 }];
}

await (process.env.LOAD === SERVES ? serve() : measure());
