// What the command line says.

import { parseArgs } from 'node:util';

export const HELP = `Prices, products, address ranges, statements and refunds: an API and one page.

  node src/server.mjs [--database FILE] [--port N] [--host ADDRESS]

  --database FILE  the portal.sqlite of portal-day; without it, a small portal that is made up at the start
  --port N         3000; 0 takes a free one
  --host ADDRESS   127.0.0.1: nobody else can reach it. There is no login: open it to others only behind one
  --help

The API is described at /openapi.json. It ends on Ctrl-C or SIGTERM, when what is under way is answered.
Exit codes: 1 it can not start, 2 the command line is wrong.
`;

/** @param {string[]} words */
export function readArguments(words) {
  const { values } = parsed(words);
  return {
    help: values.help ?? false,
    database: values.database ?? null,
    host: values.host ?? '127.0.0.1',
    port: portOf(values.port ?? '3000'),
  };
}

function parsed(words) {
  const text = { type: 'string' };
  try {
    return parseArgs({ args: words, options: { database: text, port: text, host: text, help: { type: 'boolean' } } });
  } catch (error) {
    throw misused(error.message);
  }
}

function portOf(text) {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) {
    throw misused(`--port takes a number from 0 to 65535, not \`${text}\``);
  }
  return port;
}

function misused(message) {
  return Object.assign(new Error(`${message}; see --help`), { exitCode: 2 });
}
