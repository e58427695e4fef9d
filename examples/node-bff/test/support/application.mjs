// The application without a network, and what its answers are held to.

import Ajv from 'ajv/dist/2020.js';
import { build } from '../../src/application.mjs';
import { demoBooks } from '../../src/books/demo.mjs';

export async function startApplication({ books = demoBooks(), ...more } = {}) {
  const app = await build({ books, requestsPerMinute: 0, ...more });
  const ask = async (method, url, payload, headers) => {
    const response = await app.inject({ method, url, payload, headers });
    return { status: response.statusCode, headers: response.headers, body: bodyOf(response) };
  };
  return {
    app,
    get: (url, headers) => ask('GET', url, undefined, headers),
    post: (url, payload, headers) => ask('POST', url, payload, headers),
    end: async () => {
      await app.close();
      books.close();
    },
  };
}

function bodyOf(response) {
  return /json/.test(response.headers['content-type'] ?? '') ? response.json() : response.body;
}

/** JSON Schema as OpenAPI 3.1 has it; what stands in a schema and means nothing is refused. */
export function schemaReader() {
  return new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, keywords: ['example'] });
}
