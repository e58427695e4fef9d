// What a refund would give back to which source, before anybody decides.

import { get, latest, post } from './api.js';
import { stacks } from './bars.js';
import { byId, h, options, problem, table } from './dom.js';
import { language, onLanguage, t } from './language.js';
import { whenOwner } from './statements.js';

const ORDERS = ['proportional', 'reverse_deduction', 'paid_first', 'free_first'];
const WAYS = ['same_coupon', 'balance_if_expired', 'balance', 'recorded_only'];

const form = byId('refund');
let payments = [];
let preview = null;
let use = null;

const askPayments = latest((signal, owner) => get(`api/owners/${encodeURIComponent(owner)}/payments`, signal), {
  done: (answer) => {
    ({ payments } = answer);
    options(
      form.elements.payment,
      payments.map((one) => [String(one.number), nameOf(one)]),
      null,
    );
    clear();
  },
  refused,
});

const ask = latest((signal, body) => post('api/refunds/preview', body, signal), {
  done: (answer) => {
    preview = answer;
    problem(byId('refund-problem'), null);
    draw();
  },
  refused,
});

const askUse = latest((signal, body) => post('api/refunds/by-use', body, signal), {
  done: (answer) => {
    use = answer;
    problem(byId('refund-problem'), null);
    form.elements.amount.value = answer.refund;
    drawUse();
  },
  refused,
});

export function startRefunds() {
  drawChoices();
  whenOwner(askPayments);
  form.elements.payment.addEventListener('change', clear);
  byId('by-use').addEventListener('click', () => {
    const { used, ordered, fee } = form.elements;
    askUse({ paid: paid(), used: used.value.trim(), ordered: ordered.value.trim(), fee: fee.value.trim() });
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { payment, amount, returned, giveBack } = form.elements;
    ask({
      payment: Number(payment.value),
      amount: amount.value.trim(),
      returned: returned.value,
      giveBack: giveBack.value,
    });
  });
  onLanguage(() => {
    drawChoices();
    draw();
    drawUse();
  });
}

/** The number of the amount that was paid, without its currency. */
function paid() {
  return payments.find(({ number }) => String(number) === form.elements.payment.value)?.amount.split(' ')[0] ?? '';
}

/** Another payment: the whole of it, until something else is said. */
function clear() {
  form.elements.amount.value = paid();
  preview = null;
  use = null;
  problem(byId('refund-problem'), null);
  draw();
  drawUse();
}

function refused(message) {
  preview = null;
  draw();
  problem(byId('refund-problem'), message);
}

function drawChoices() {
  options(
    form.elements.returned,
    ORDERS.map((word) => [word, t(`returned.${word}`)]),
  );
  options(
    form.elements.giveBack,
    WAYS.map((word) => [word, t(`giveBack.${word}`)]),
  );
}

function nameOf({ order, amount, paidAt }) {
  return `${paidAt.slice(0, 10)} · ${amount} · ${order}`;
}

function drawUse() {
  const place = byId('by-use-text');
  place.hidden = use === null;
  place.textContent = use ? use.explanation[language()] : '';
}

function draw() {
  byId('refund-result').replaceChildren(...(preview ? [sentence(), chart(), rows(), why()] : []));
}

function sentence() {
  return h('p', { class: 'verdict' }, t('refunds.sentence', { net: preview.net, left: preview.left }));
}

function chart() {
  const label = t('refunds.chart');
  const names = { back: t('refunds.back'), left: t('refunds.kept') };
  const bars = preview.sources.map(({ source, returned, left }) => ({
    label: sourceName(source),
    parts: [
      { text: returned, kind: 'back', title: names.back },
      { text: left, kind: 'left', title: names.left },
    ],
  }));
  const key = ['back', 'left'].map((kind) => h('li', {}, h('span', { class: `swatch ${kind}` }), names[kind]));
  return h('figure', {}, h('figcaption', {}, label), stacks({ label, rows: bars }), h('ul', { class: 'key' }, ...key));
}

function rows() {
  const toOf = (source) =>
    preview.legs.find((leg) => leg.source.kind === source.kind && leg.source.name === source.name);
  return table({
    caption: t('refunds.table'),
    head: [
      t('refunds.source'),
      t('refunds.paid'),
      t('refunds.now'),
      t('refunds.to'),
      t('refunds.back'),
      t('refunds.kept'),
    ],
    rows: preview.sources.map(({ source, paid: amount, returned, left }) => {
      const leg = toOf(source);
      return [sourceName(source), amount, leg?.amount ?? '–', leg ? t(`to.${leg.to}`) : '–', returned, left];
    }),
    numeric: [1, 2, 4, 5],
  });
}

function why() {
  const { en } = preview.explanation;
  return h('p', { class: 'quiet code', lang: 'en' }, en ?? '');
}

function sourceName({ kind, name }) {
  return name === null ? t(`source.${kind}`) : `${t(`source.${kind}`)} ${name}`;
}
