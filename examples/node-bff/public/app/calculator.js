// The price calculator: asks with every change, and shows the lines as they come.

import { get, latest, post } from './api.js';
import { byId, h, options, problem, table } from './dom.js';
import { language, onLanguage, t, told } from './language.js';

const WAIT_MS = 150;
const form = byId('calculator');
let catalogue = null;
let quote = null;
let timer = 0;

const ask = latest((signal) => post('api/inquiry', inquiry(), signal), {
  done: (answer) => {
    quote = answer;
    problem(byId('price-problem'), null);
    draw();
  },
  refused: (message) => {
    quote = null;
    draw();
    problem(byId('price-problem'), message);
  },
});

export async function startCalculator() {
  catalogue = await get('api/catalogue');
  drawChoices();
  drawParts();
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', (event) => {
    if (event.target.name === 'flavour') {
      drawParts();
    }
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  onLanguage(() => {
    drawChoices();
    relabelParts();
    draw();
    ask();
  });
  ask();
}

/** Amounts stay text on their way: what is no amount is told by the server. */
function inquiry() {
  const field = (name) => form.elements[name].value.trim();
  const { kind } = flavour();
  return {
    region: field('region'),
    kind,
    spec: Object.fromEntries(
      partInputs()
        .filter(isWanted)
        .map(({ dataset, value }) => [dataset.part, `${value.trim()} ${dataset.unit}`]),
    ),
    term: { months: whole(field('months')), days: whole(field('days')) },
    count: whole(field('count')),
    payment: form.elements.prepaid.checked ? 'pre_paid' : 'post_paid',
  };
}

/** A whole number where it is one; else the text, which the server refuses with its reason. */
function whole(text) {
  return /^-?\d{1,9}$/.test(text) ? Number(text) : text;
}

function isWanted({ value }) {
  return !/^0*$/.test(value.trim());
}

function flavour() {
  return catalogue.flavours.find(({ id }) => id === form.elements.flavour.value);
}

function partInputs() {
  return [...byId('parts').querySelectorAll('input')];
}

function drawChoices() {
  options(
    form.elements.region,
    catalogue.regions.map(({ id, name }) => [id, told(name)]),
  );
  options(
    form.elements.flavour,
    catalogue.flavours.map(({ id, name }) => [id, told(name)]),
  );
}

/** A field for every part that a flavour of this kind has. */
function drawParts() {
  const { kind, spec } = flavour();
  const ofKind = Object.assign({}, ...catalogue.flavours.filter((one) => one.kind === kind).map((one) => one.spec));
  const fields = Object.entries(ofKind).map(([part, quantity]) => {
    const unit = quantity.split(' ')[1];
    const amount = (spec[part] ?? '0').split(' ')[0];
    return h(
      'label',
      {},
      h('span', { 'data-text': `part.${part}` }, t(`part.${part}`)),
      h('input', { inputmode: 'decimal', value: amount, 'data-part': part, 'data-unit': unit, name: `part-${part}` }),
    );
  });
  byId('parts').replaceChildren(...fields);
}

function relabelParts() {
  byId('parts')
    .querySelectorAll('[data-text]')
    .forEach((span) => {
      span.textContent = t(span.dataset.text);
    });
}

function draw() {
  byId('price').textContent = quote ? `${quote.payable} ${quote.currency}` : '–';
  byId('breakdown').replaceChildren(...(quote ? [lines(), listPrice(), why()] : []));
}

function lines() {
  return table({
    caption: t('prices.lines'),
    head: [t('prices.part'), t('prices.used'), t('prices.unitPrice'), t('prices.list'), t('prices.subtotal')],
    rows: quote.lines.map((line) => [
      t(`part.${line.part}`),
      `${line.used} ${line.unit}`,
      language() === 'zh' ? line.priceZh : line.price,
      line.original,
      line.subtotal,
    ]),
    foot: [[t('prices.sum'), '', '', quote.original, quote.payable]],
    numeric: [1, 2, 3, 4],
  });
}

function listPrice() {
  const window = `${quote.window.start.slice(0, 10)} – ${quote.window.end.slice(0, 10)}`;
  return h('p', { class: 'quiet' }, t('prices.note', { window, revision: quote.revision }));
}

function why() {
  return h(
    'details',
    { id: 'why' },
    h('summary', {}, t('prices.why')),
    h('pre', { tabindex: '0' }, told(quote.explanation)),
  );
}
