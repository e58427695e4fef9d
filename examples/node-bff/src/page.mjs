// The page: files of `public`, as they are.

import { fileURLToPath } from 'node:url';
import files from '@fastify/static';

const ROOT = fileURLToPath(new URL('../public/', import.meta.url));

export async function servePage(app) {
  await app.register(files, { root: ROOT, cacheControl: false, schemaHide: true });
}
