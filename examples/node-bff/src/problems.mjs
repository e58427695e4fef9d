// What goes wrong, as an answer (RFC 9457): a code that stays, a message in the reader's language, the facts.

import { CounterfoilError } from 'counterfoil';
import { languageOf } from './language.mjs';

/** The status of what the library refuses, by its category. Nothing is paid here: what is short is a conflict. */
const STATUS = {
  invalid_input: 400,
  insufficient: 409,
  not_found: 404,
  conflict: 409,
  out_of_range: 422,
  unsupported: 501,
};

const MESSAGES = {
  'bff.invalid_request': { en: 'the request is not understood: ', zh: '无法理解请求：' },
  'bff.invalid_json': { en: 'the body is not JSON that is accepted', zh: '请求体不是可接受的 JSON' },
  'bff.no_such_address': { en: 'there is nothing at this address', zh: '此地址没有内容' },
  'bff.no_such_owner': { en: 'there is no such owner', zh: '没有此所有者' },
  'bff.no_such_statement': { en: 'there is no such statement', zh: '没有此账单' },
  'bff.no_such_payment': { en: 'there is no such payment', zh: '没有此付款' },
  'bff.not_within': { en: 'what the pieces become lies outside of the range', zh: '合并结果超出该地址段' },
  'bff.no_such_region': { en: 'there is no such region', zh: '没有此区域' },
  'bff.too_large': { en: 'the body is too large', zh: '请求体过大' },
  'bff.unsupported_media_type': { en: 'the body has to be JSON', zh: '请求体必须是 JSON' },
  'bff.too_many_requests': { en: 'too many requests: wait a minute', zh: '请求过多：请稍候一分钟' },
  'bff.internal': { en: 'something went wrong here', zh: '服务内部错误' },
};

/** What this server refuses by itself. */
export class Problem extends Error {
  constructor(status, code, details = {}, more = '') {
    super(`${MESSAGES[code].en}${more}`);
    this.status = status;
    this.code = code;
    this.details = details;
    this.more = more;
  }

  messageIn(language) {
    return `${MESSAGES[this.code][language]}${this.more}`;
  }
}

export function answerProblems(app) {
  app.setNotFoundHandler((request, reply) => send(request, reply, new Problem(404, 'bff.no_such_address')));
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500 && !(error instanceof CounterfoilError)) {
      request.log.error(error);
    }
    return send(request, reply, problem);
  });
}

function send(request, reply, problem) {
  const language = languageOf(request);
  reply.code(problem.status).type('application/problem+json').header('content-language', language);
  reply.header('vary', 'accept-language');
  const { status, code, details } = problem;
  return reply.send({ status, code, message: problem.messageIn(language), details });
}

function problemOf(error) {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof CounterfoilError) {
    const { code, details } = error;
    return { status: STATUS[error.category], code, details, messageIn: (language) => error.messageIn(language) };
  }
  return ofFastify(error);
}

function ofFastify(error) {
  if (error.validation) {
    const [first] = error.validation;
    const at = `${error.validationContext}${first.instancePath}`;
    return new Problem(400, 'bff.invalid_request', { at, fault: first.message }, `${at} ${first.message}`);
  }
  if (error.statusCode === 413) {
    return new Problem(413, 'bff.too_large');
  }
  if (error.statusCode === 415) {
    return new Problem(415, 'bff.unsupported_media_type');
  }
  if (error.statusCode >= 400 && error.statusCode < 500) {
    return new Problem(400, 'bff.invalid_json');
  }
  return new Problem(500, 'bff.internal');
}
