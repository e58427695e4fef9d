// The same objects as by `require`, with names to import.

import counterfoil from './index.js';

export default counterfoil;
export const { CounterfoilError, bulk, evaluate, operations } = counterfoil;
export const { History, PortalRows, Span, Spec, Usage } = counterfoil;
export const { Quote, RateCard, Rated, Tariff } = counterfoil;
export const { Plan, Wallet } = counterfoil;
export const { LookupTable, Range, RangeSet, Ranges, Snapshot, aggregate, mergeRanges } = counterfoil;
export const { ipam, metering, money, order, placement, pricing, statement, time, units, wallet } = counterfoil;
