// The command, as people start it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../src/server.mjs', import.meta.url));

/** Runs it to its end. */
export async function run(args, server = SERVER) {
  const child = spawn(process.execPath, [server, ...args]);
  const told = { out: '', err: '' };
  child.stdout.on('data', (data) => (told.out += data));
  child.stderr.on('data', (data) => (told.err += data));
  const [code] = await once(child, 'close');
  return { code, ...told };
}

/** Starts it on a free port, and gives its address once it listens. */
export async function start(args = [], server = SERVER) {
  const child = spawn(process.execPath, [server, '--port', '0', ...args]);
  const [line] = await Promise.race([once(child.stdout, 'data'), failed(child)]);
  const [address] = String(line).split(' ');
  const end = async (signal = 'SIGTERM') => {
    child.kill(signal);
    const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
    return code;
  };
  return { address, line: String(line), end };
}

async function failed(child) {
  const [data] = await once(child.stderr, 'data');
  throw new Error(String(data));
}
