// The same objects as by `require`, with names to import.

import counterfoil from './index.js';

export default counterfoil;
export const { CounterfoilError, bulk, evaluate, operations } = counterfoil;
export const { ipam, metering, money, order, placement, pricing, statement, time, units, wallet } = counterfoil;
