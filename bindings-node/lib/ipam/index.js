'use strict';

// Ranges of addresses: cut, merged, planned, kept in sets and tables.

const { Range } = require('./range');
const { Ranges, aggregate, mergeRanges } = require('./ranges');
const { RangeSet } = require('./set');
const { LookupTable } = require('./lookup');

module.exports = { LookupTable, Range, RangeSet, Ranges, aggregate, mergeRanges };
