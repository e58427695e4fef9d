// The command: reads its arguments, listens, and ends when it is asked to.

import { readArguments, HELP } from './arguments.mjs';
import { build } from './application.mjs';
import { demoBooks } from './books/demo.mjs';
import { openBooks } from './books/sqlite.mjs';

async function main() {
  const given = readArguments(process.argv.slice(2));
  if (given.help) {
    process.stdout.write(HELP);
    return;
  }
  const books = given.database ? await openBooks(given.database) : demoBooks();
  const app = await build({ books, logger: { level: 'warn' } });
  const address = await app.listen({ host: given.host, port: given.port });
  process.stdout.write(`${address}  (${books.name})\n`);
  endOnSignal(app);
}

/** What is under way is answered first; a second signal does not wait. */
function endOnSignal(app) {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      await app.close();
      process.exitCode = 0;
    });
  }
}

main().catch((error) => {
  process.stderr.write(`node-bff: ${error.message}\n`);
  process.exitCode = error.exitCode ?? 1;
});
