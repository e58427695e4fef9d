// Ranges: ours, and the packages of npm that do the same, or with which it is written in a few lines. Every way takes
// texts and gives texts.
//
// | | cut | merged to the fewest | subtracted | looked up |
// |---|---|---|---|---|
// | cidr-tools | | yes | yes | yes |
// | ip-num | yes | yes | | |
// | netmask | `next` | | | |
// | ip-address | by numbers | | | |
// | ipaddr.js | by bytes | | | yes |
// | by hand | numbers of 32 bits, without a check of anything | | | |

import { containsCidr, excludeCidr, mergeCidr } from 'cidr-tools';
import { Address4 } from 'ip-address';
import ipNum from 'ip-num';
import ipaddr from 'ipaddr.js';
import { Netmask } from 'netmask';
import counterfoil from '../../bindings-node/lib/index.js';

const { IPv4CidrRange, IPv4Prefix, Pool } = ipNum;
const { Range, RangeSet, aggregate, mergeRanges } = counterfoil;

const OF = '10.0.0.0/16';

export function cases() {
  return [
    miniSplit(),
    split(),
    merge(),
    aggregated(10_000),
    aggregatedOfKept(10_000),
    difference(1_000),
    differenceOfKept(1_000),
    lookups(1_000),
  ];
}

/** A /16 cut into few pieces of which some are /24. */
function miniSplit() {
  return {
    name: 'mini-split of a /16, as text',
    ours: () => new Range(OF).miniSplit(24).texts(),
    peers: {
      netmask: () => fewPieces(netmaskHalves, new Netmask(OF)).map(String),
      'ip-num': () =>
        fewPieces((range) => range.split(), IPv4CidrRange.fromCidr(OF)).map((range) => range.toCidrString()),
      'ip-address': () => fewPieces(addressHalves, new Address4(OF)).map((address) => address.address),
      'ipaddr.js': () => fewPieces(byteHalves, ipaddr.parseCIDR(OF)).map(byteText),
      'by hand': () => fewPieces(numberHalves, read(OF)).map(numberText),
    },
    leastRatio: 10,
    bar: ['netmask', 'ip-num', 'ip-address', 'ipaddr.js'],
  };
}

/**
 * The first eight /24 of a /16, and the halves that remain.
 *
 * @template Network
 * @param {(network: Network) => Network[]} halves
 * @param {Network} network
 */
function fewPieces(halves, network) {
  const rest = [];
  let first = network;
  for (let length = 17; length <= 21; length += 1) {
    const [low, high] = halves(first);
    rest.unshift(high);
    first = low;
  }
  let flat = [first];
  for (let length = 22; length <= 24; length += 1) {
    flat = flat.flatMap((each) => halves(each));
  }
  return [...flat, ...rest];
}

/** A /16 cut flat into 256. */
function split() {
  return {
    name: 'split of a /16 into 256, as text',
    ours: () => new Range(OF).split(24).texts(),
    peers: {
      netmask: () => {
        const pieces = [];
        let piece = new Netmask('10.0.0.0/24');
        for (; pieces.length < 256; piece = piece.next()) {
          pieces.push(String(piece));
        }
        return pieces;
      },
      'ip-num': () =>
        IPv4CidrRange.fromCidr(OF)
          .splitInto(new IPv4Prefix(24n))
          .map((range) => range.toCidrString()),
      'ip-address': () => {
        const first = new Address4(OF).startAddress().bigInt();
        return Array.from(
          { length: 256 },
          (_, place) => `${Address4.fromBigInt(first + BigInt(place) * 256n).address}/24`,
        );
      },
      'by hand': () => {
        const { first } = read(OF);
        return Array.from({ length: 256 }, (_, place) => numberText({ first: first + place * 256, length: 24 }));
      },
    },
    leastRatio: 10,
    bar: ['netmask', 'ip-num', 'ip-address'],
    elements: 256,
  };
}

/** 256 ranges in no order, as one. */
function merge() {
  const texts = shuffled(new Range(OF).split(24).texts());
  return {
    name: 'merge of 256 texts',
    ours: () => mergeRanges(texts, 16),
    peers: {
      'cidr-tools': () => mergeCidr(texts)[0],
      'ip-num': () => pool(texts).aggregate().getRanges()[0].toCidrRange().toCidrString(),
    },
    leastRatio: 10,
    elements: 256,
  };
}

/** Prefixes in no order, of which some are in others: the fewest of the same addresses. */
function aggregated(count) {
  const texts = networks(count);
  return {
    name: `aggregate of ${count.toLocaleString('en')} prefixes, as text`,
    ours: () => aggregate(texts).texts(),
    peers: { 'cidr-tools': () => mergeCidr(texts) },
    leastRatio: 10,
    elements: count,
  };
}

/** The same of two sets that are kept, of which no package has any: each reads its texts again. */
function aggregatedOfKept(count) {
  const [even, odd] = halves(networks(count));
  const [one, other] = [new RangeSet(even), new RangeSet(odd)];
  return {
    name: `aggregate of ${count.toLocaleString('en')} prefixes in two kept sets, as text`,
    ours: () => one.union(other).prefixes(),
    peers: { 'cidr-tools': () => mergeCidr([...even, ...odd]) },
    leastRatio: 10,
    elements: count,
  };
}

/** A /8 without many prefixes. */
function difference(count) {
  const texts = networks(count);
  return {
    name: `a /8 minus ${count.toLocaleString('en')} prefixes, as text`,
    ours: () => new RangeSet('10.0.0.0/8').difference(texts).prefixes(),
    peers: { 'cidr-tools': () => excludeCidr('10.0.0.0/8', texts) },
    leastRatio: 10,
    elements: count,
  };
}

/** The same of sets that are kept. */
function differenceOfKept(count) {
  const texts = networks(count);
  const [whole, used] = [new RangeSet('10.0.0.0/8'), new RangeSet(texts)];
  return {
    name: `a /8 minus ${count.toLocaleString('en')} prefixes, both kept sets, as text`,
    ours: () => whole.difference(used).prefixes(),
    peers: { 'cidr-tools': () => excludeCidr('10.0.0.0/8', texts) },
    leastRatio: 10,
    elements: count,
  };
}

/** Which of as many addresses are in one of many prefixes. */
function lookups(count) {
  const texts = networks(count);
  const set = new RangeSet(texts);
  const parsed = { in: texts.map((text) => ipaddr.parseCIDR(text)) };
  const addresses = shuffled(
    Array.from(
      { length: count },
      (_, place) => numberText({ first: 0x0a000000 + ((place * 15_485_867) % 2 ** 24), length: 32 }).split('/')[0],
    ),
  );
  return {
    name: `${count.toLocaleString('en')} addresses in ${count.toLocaleString('en')} prefixes`,
    ours: () => set.containsEach(addresses),
    peers: {
      'ipaddr.js': () => addresses.map((address) => ipaddr.subnetMatch(ipaddr.parse(address), parsed, 'none') === 'in'),
      'cidr-tools': () => addresses.map((address) => containsCidr(texts, address)),
    },
    leastRatio: 10,
    elements: count,
  };
}

/** @param {string[]} items */
function halves(items) {
  return [0, 1].map((rest) => items.filter((_, place) => place % 2 === rest));
}

/** @param {string[]} texts */
function pool(texts) {
  return Pool.fromCidrRanges(texts.map((text) => IPv4CidrRange.fromCidr(text)));
}

function netmaskHalves(network) {
  const low = new Netmask(network.base, network.bitmask + 1);
  return [low, low.next()];
}

function addressHalves(network) {
  const length = network.subnetMask + 1;
  const high = network.startAddress().bigInt() + (1n << BigInt(32 - length));
  return [
    new Address4(`${network.addressMinusSuffix}/${length}`),
    new Address4(`${Address4.fromBigInt(high).address}/${length}`),
  ];
}

function byteHalves([address, length]) {
  const high = address.toByteArray();
  high[length >> 3] |= 0x80 >> (length & 7);
  return [
    [address, length + 1],
    [ipaddr.fromByteArray(high), length + 1],
  ];
}

function byteText([address, length]) {
  return `${address}/${length}`;
}

function read(text) {
  const [address, length] = text.split('/');
  return {
    first: address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0),
    length: Number(length),
  };
}

function numberHalves({ first, length }) {
  return [
    { first, length: length + 1 },
    { first: first + 2 ** (31 - length), length: length + 1 },
  ];
}

function numberText({ first, length }) {
  return `${first >>> 24}.${(first >>> 16) & 255}.${(first >>> 8) & 255}.${first & 255}/${length}`;
}

/** Networks of 10.0.0.0/8 from /18 to /28, the same ones every time. */
function networks(count) {
  return Array.from({ length: count }, (_, place) => {
    const length = 18 + ((place * 7) % 11);
    const first = 0x0a000000 + ((place * 2_654_435_761) % 2 ** 24);
    return numberText({ first: first - (first % 2 ** (32 - length)), length });
  });
}

/** The same in another order, which is the same every time. */
function shuffled(items) {
  const keyed = items.map((item, place) => ({ item, key: (place * 48_271) % 65_537 }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}
