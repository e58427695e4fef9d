// What there is to buy, where, and for how much: a rate card for each region, in the form of its files.

/** The rates of a server by its parts, and of a disk in tiers; prices are text, as everywhere. */
function rates({ cpu, ram, disk, address, t4, a100, tiers }) {
  const server = (part, price, per) => ({ kind: 'server', part, price, per, every: 'hour' });
  return [
    server('cpu', cpu, 'core'),
    server('ram', ram, 'GiB'),
    server('disk', disk, 'GiB'),
    server('public_ip', address, 'count'),
    server('gpu[T4]', t4, 'card'),
    server('gpu[A100-80G]', a100, 'card'),
    { kind: 'disk', part: 'size', per: 'GiB', every: 'day', shape: 'graduated', tiers },
  ];
}

export const REGIONS = [
  {
    id: 'cn-north',
    name: { en: 'North China (CNY)', zh: '华北（人民币）' },
    zone: 'Asia/Shanghai',
    card: {
      revision: '2026-autumn-north',
      currency: 'CNY',
      rates: rates({
        cpu: '0.066',
        ram: '0.012',
        disk: '0.00075',
        address: '0.02',
        t4: '3.48',
        a100: '20.85',
        tiers: [{ up_to: '100', price: '0.010' }, { up_to: '1000', price: '0.008' }, { price: '0.006' }],
      }),
    },
  },
  {
    id: 'eu-central',
    name: { en: 'Central Europe (EUR)', zh: '中欧（欧元）' },
    zone: 'Europe/Berlin',
    card: {
      revision: '2026-autumn-central',
      currency: 'EUR',
      rates: rates({
        cpu: '0.0096',
        ram: '0.0017',
        disk: '0.00012',
        address: '0.0041',
        t4: '0.48',
        a100: '2.85',
        tiers: [{ up_to: '100', price: '0.0015' }, { up_to: '1000', price: '0.0012' }, { price: '0.0009' }],
      }),
    },
  },
];

/** What the calculator offers: a starting point for the parts, which can be changed. */
export const FLAVOURS = [
  {
    id: 'small',
    kind: 'server',
    name: { en: 'Server, small', zh: '云服务器 小型' },
    spec: { cpu: '2 core', ram: '4 GiB', disk: '40 GiB', public_ip: '0 count' },
  },
  {
    id: 'medium',
    kind: 'server',
    name: { en: 'Server, medium', zh: '云服务器 中型' },
    spec: { cpu: '4 core', ram: '8 GiB', disk: '100 GiB', public_ip: '1 count' },
  },
  {
    id: 'inference',
    kind: 'server',
    name: { en: 'Server with a T4', zh: '云服务器 T4 推理型' },
    spec: { cpu: '8 core', ram: '32 GiB', disk: '200 GiB', public_ip: '1 count', 'gpu[T4]': '1 card' },
  },
  {
    id: 'training',
    kind: 'server',
    name: { en: 'Server with four A100', zh: '云服务器 四卡 A100 训练型' },
    spec: { cpu: '48 core', ram: '480 GiB', disk: '1000 GiB', public_ip: '1 count', 'gpu[A100-80G]': '4 card' },
  },
  {
    id: 'disk',
    kind: 'disk',
    name: { en: 'Disk, cheaper by tiers', zh: '云硬盘 阶梯价' },
    spec: { size: '500 GiB' },
  },
];

/** Who pays ahead pays less, and less still for a year. */
export function prepaidDiscount(months) {
  const [name, ratio] = months >= 12 ? ['prepaid a year', '0.83'] : ['prepaid', '0.95'];
  return { combine: 'first', rules: [{ name, source: 'unified_discount', ratio }] };
}

export function regionOf(id) {
  return REGIONS.find((region) => region.id === id) ?? null;
}
