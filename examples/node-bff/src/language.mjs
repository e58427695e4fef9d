// Which of the two languages somebody reads, by `Accept-Language` (RFC 9110).

/** @returns {'en' | 'zh'} */
export function languageOf(request) {
  const wanted = (request.headers['accept-language'] ?? '')
    .split(',')
    .map(preference)
    .filter((one) => one.weight > 0);
  wanted.sort((left, right) => right.weight - left.weight);
  const first = wanted.find(({ tag }) => tag === '*' || /^(en|zh)(-|$)/.test(tag));
  return first?.tag.startsWith('zh') ? 'zh' : 'en';
}

function preference(text) {
  const [tag, ...parameters] = text.trim().toLowerCase().split(';');
  const quality = parameters.map((one) => /^\s*q=([0-9.]+)\s*$/.exec(one)).find(Boolean);
  const weight = quality ? Number(quality[1]) : 1;
  return { tag, weight: Number.isFinite(weight) ? weight : 0 };
}
