export * from './index.js';
import * as counterfoil from './index.js';
export default counterfoil;
