//! Prices by keys that match exactly (R-P18).

mod file;
mod prices;

pub use prices::{PriceTable, TablePrice, TableRow};
