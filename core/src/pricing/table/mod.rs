//! Prices by keys that match exactly (R-P18).

mod file;
mod prices;

#[cfg(feature = "wire")]
pub(crate) use file::EachOnce;
pub use prices::{PriceTable, TablePrice, TableRow};
