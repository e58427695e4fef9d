// Questions to the server, in the language that is shown.

import { language, t } from './language.js';

export function get(path, signal) {
  return ask(path, { signal });
}

export function post(path, body, signal) {
  return ask(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    signal,
  });
}

/** What was refused: its message is in the language that is shown. */
export class Refused extends Error {}

async function ask(path, { headers = {}, ...more }) {
  const response = await answerOf(path, { ...more, headers: { ...headers, 'accept-language': language() } });
  const answer = await response.json();
  if (!response.ok) {
    throw new Refused(answer.message);
  }
  return answer;
}

async function answerOf(path, request) {
  try {
    return await fetch(path, request);
  } catch (error) {
    throw error.name === 'AbortError' ? error : new Refused(t('offline'));
  }
}

/** Asks anew whenever called; an answer that is overtaken is dropped. */
export function latest(question, { done, refused }) {
  let running = null;
  return async (...given) => {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    try {
      const answer = await question(mine.signal, ...given);
      if (running === mine) {
        done(answer);
      }
    } catch (error) {
      if (error.name === 'AbortError' || running !== mine) {
        return;
      }
      if (!(error instanceof Refused)) {
        throw error;
      }
      refused(error.message);
    }
  };
}
