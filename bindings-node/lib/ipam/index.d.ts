export { Range, type SplitOptions } from './range';
export { Ranges, type SeveralRanges, aggregate, mergeRanges } from './ranges';
export { RangeSet } from './set';
export { type LookupMatch, LookupTable } from './lookup';
