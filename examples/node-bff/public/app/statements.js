// The statements of an owner's month: sums, a bar for each day, services, statements and their lines.

import { get, latest } from './api.js';
import { columns } from './bars.js';
import { byId, h, options, problem, table } from './dom.js';
import { onLanguage, t } from './language.js';

const form = byId('statement-choice');
let owners = [];
let month = null;
let opened = null;
let onOwner = () => {};

const ask = latest(
  (signal, owner, chosen) => get(`api/owners/${encodeURIComponent(owner)}/statements?month=${chosen}`, signal),
  {
    done: (answer) => {
      month = answer;
      opened = null;
      problem(byId('statement-problem'), null);
      draw();
    },
    refused: (message) => problem(byId('statement-problem'), message),
  },
);

const askLines = latest((signal, number) => get(`api/statements/${number}`, signal), {
  done: (answer) => {
    opened = answer;
    drawLines();
  },
  refused: (message) => problem(byId('statement-problem'), message),
});

/** Calls `listener` with each owner that is chosen. */
export function whenOwner(listener) {
  onOwner = listener;
}

export async function startStatements() {
  ({ owners } = await get('api/owners'));
  options(
    form.elements.owner,
    owners.map(({ owner }) => [owner, owner]),
  );
  form.elements.owner.addEventListener('change', chooseOwner);
  form.elements.month.addEventListener('change', show);
  onLanguage(draw);
  chooseOwner();
}

function chooseOwner() {
  const owner = form.elements.owner.value;
  const { months = [] } = owners.find((one) => one.owner === owner) ?? {};
  options(
    form.elements.month,
    months.map((one) => [one, one]),
    months.at(-1),
  );
  if (months.length > 0) {
    onOwner(owner);
    show();
  }
}

function show() {
  ask(form.elements.owner.value, form.elements.month.value);
}

function draw() {
  if (month === null) {
    return;
  }
  byId('month').replaceChildren(
    sums(),
    days(),
    h('div', { class: 'panel' }, services()),
    h('div', { class: 'panel' }, statements(), h('div', { id: 'lines', 'aria-live': 'polite' })),
  );
  drawLines();
}

function sums() {
  const { original, payable, paid, refunded, open } = month.total;
  const figure = (key, text) => h('div', {}, h('dt', {}, t(key)), h('dd', {}, text));
  const sources = Object.entries(paid).map(([source, amount]) => figure(`paid.${source}`, amount));
  return h(
    'dl',
    { class: 'figures' },
    figure('statements.original', original),
    figure('statements.payable', payable),
    ...sources,
    figure('statements.refunded', refunded),
    figure('statements.open', open),
  );
}

function days() {
  const label = t('statements.chart', { owner: month.owner, month: month.month });
  const bars = month.days.map(({ date, payable }) => ({ label: date.slice(8), title: date, text: payable }));
  const whole = table({
    caption: label,
    head: [t('statements.day'), t('statements.payable')],
    rows: month.days.map(({ date, payable }) => [date, payable]),
    numeric: [1],
  });
  return h(
    'figure',
    { class: 'panel' },
    h('figcaption', {}, h('h2', {}, label)),
    columns({ label, bars }),
    h('details', {}, h('summary', {}, t('statements.asTable')), whole),
  );
}

function services() {
  return table({
    caption: t('statements.services'),
    head: [
      t('statements.unit'),
      t('statements.kind'),
      t('statements.resources'),
      t('statements.original'),
      t('statements.payable'),
    ],
    rows: month.services.map(({ unit, kind, resources, original, payable }) => [
      unit,
      kind,
      resources,
      original,
      payable,
    ]),
    numeric: [2, 3, 4],
  });
}

function statements() {
  const button = ({ number, id }) =>
    h(
      'button',
      {
        type: 'button',
        class: 'small',
        'aria-label': `${t('statements.show')} ${id}`,
        onclick: () => askLines(number),
      },
      t('statements.show'),
    );
  const whole = table({
    caption: t('statements.all', { count: month.statements.length }),
    head: [
      t('statements.day'),
      t('statements.unit'),
      t('statements.kind'),
      t('statements.payable'),
      t('statements.status'),
      t('statements.lines'),
    ],
    rows: month.statements.map((one) => [
      one.date,
      one.unit,
      one.kind,
      one.payable,
      t(`status.${one.status}`),
      button(one),
    ]),
    numeric: [3],
  });
  whole.classList.add('tall');
  return whole;
}

function drawLines() {
  const place = byId('lines');
  if (!place) {
    return;
  }
  place.replaceChildren(...(opened ? [lines()] : []));
}

function lines() {
  return table({
    caption: t('statements.linesOf', { id: opened.statement.id }),
    head: [t('statements.resource'), t('statements.window'), t('statements.original'), t('statements.payable')],
    rows: opened.lines.map(({ resource, window, takenBack, original, payable }) => [
      takenBack ? t('statements.takenBack', { resource }) : resource,
      `${window.start} – ${window.end}`,
      original,
      payable,
    ]),
    numeric: [2, 3],
    foot: [[t('prices.sum'), '', opened.statement.original, opened.statement.payable]],
  });
}
