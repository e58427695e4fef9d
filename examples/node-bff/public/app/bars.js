// Bars: amounts as lengths, beside the table that has them exactly. Only here, to draw it, an amount becomes a number.

import { drawingWidth, svg } from './dom.js';

const MOST_WIDTH = 1100;
/** What the name of a bar takes; where bars are narrower, some have none. */
const NAME_WIDTH = 24;

/** Upright bars, below zero too. `bars` are `{ label, text }`; `text` is an amount with its currency. */
export function columns({ label, bars }) {
  const width = drawingWidth(MOST_WIDTH);
  const height = 240;
  const foot = 28;
  const sizes = bars.map(({ text }) => parseFloat(text));
  const top = Math.max(0, ...sizes);
  const bottom = Math.min(0, ...sizes);
  const scale = (height - foot - 24) / (top - bottom || 1);
  const zero = 16 + top * scale;
  const step = width / bars.length;
  const every = Math.ceil(NAME_WIDTH / step);
  const drawn = bars.map((bar, index) => {
    const size = sizes[index] * scale;
    const place = {
      x: index * step + step * 0.14,
      width: step * 0.72,
      y: size < 0 ? zero : zero - size,
      height: Math.abs(size),
    };
    const name = svg(
      'text',
      { x: index * step + step / 2, y: height - 6, class: 'tick' },
      index % every === 0 ? bar.label : '',
    );
    const rect = svg('rect', { ...place, rx: 3, class: size < 0 ? 'bar below' : 'bar' });
    return svg('g', {}, svg('title', {}, `${bar.title}: ${bar.text}`), rect, name);
  });
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, class: 'chart', role: 'img', 'aria-label': label },
    svg('line', { x1: 0, x2: width, y1: zero, y2: zero, class: 'axis' }),
    ...drawn,
  );
}

/** A bar for each row, of parts in their order: `{ label, parts: [{ text, kind }] }`. */
export function stacks({ label, rows }) {
  const most = drawingWidth(MOST_WIDTH);
  const line = 52;
  const whole = Math.max(...rows.map(({ parts }) => parts.reduce((sum, { text }) => sum + parseFloat(text), 0))) || 1;
  const drawn = rows.map(({ label: name, parts }, index) => {
    let x = 0;
    const rects = parts.map(({ text, kind, title }) => {
      const width = (parseFloat(text) / whole) * most;
      const rect = svg(
        'rect',
        { x, y: index * line + 22, width, height: 22, class: `part ${kind}` },
        svg('title', {}, `${title}: ${text}`),
      );
      x += width;
      return rect;
    });
    return svg('g', {}, svg('text', { x: 0, y: index * line + 15, class: 'name' }, name), ...rects);
  });
  return svg(
    'svg',
    { viewBox: `0 0 ${most} ${rows.length * line}`, class: 'chart', role: 'img', 'aria-label': label },
    ...drawn,
  );
}
