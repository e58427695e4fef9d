// Tables in, tables out: a million rows by the kernels that rate one, off the main thread.
//
// - `Rater` rates usage: `rate` a table, `stream` one that does not fit in memory, `row` and `explain` for one row.
// - `Statements` groups what was rated into the statements of each day, owner, service unit and kind.
// - `faults` lists the rows that have a fault.
//
// What is wrong with a table rejects the promise; what is wrong with a row is a stable code in its column `code`, and
// costs no other row. Columns of binary floats are refused: amounts are whole numbers and their scale, or decimals of
// Arrow.

export {
  type Rated,
  type RateOptions,
  type Explanation,
  type Line,
  type Quantity,
  Rater,
  type RaterOptions,
  type RunOptions,
} from './rating';
export { type StatedLine, Statements, type StatementsOptions } from './stating';
export {
  Column,
  type Columns,
  type ColumnLike,
  type Field,
  faults,
  OPEN,
  type Row,
  Table,
  type TableLike,
} from './tables';
