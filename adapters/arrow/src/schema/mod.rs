//! Which columns come in and which go out: types, units, scales and what a null means.

mod columns;
pub mod metadata;
mod output;
mod usage;

pub use columns::{
    ModeSource, QuantityField, QuantitySource, Scale, SpanLayout, TariffSource, UsageColumns, WindowSource,
};
pub use output::MoneyType;
pub(crate) use output::{Output, STATES};
pub use usage::UsageSchema;
pub(crate) use usage::{HISTORY, KIND, MODE, Places, START, TARIFF, WINDOW_END, WINDOW_START};
