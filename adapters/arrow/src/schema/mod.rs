//! Which columns come in and which go out: types, units, scales and what a null means.

mod columns;
mod level;
mod lines;
pub mod metadata;
mod output;
mod usage;

pub use columns::{
    ModeSource, QuantityField, QuantitySource, Scale, SpanLayout, TariffSource, UsageColumns, WindowSource,
};
pub(crate) use lines::{DAY, DayPlaces, LinePlaces, ORIGINAL, OWNER, PAYABLE, RESOURCE, SERVICE_UNIT, STATE};
pub use lines::{DaySource, LineColumns, StateSource};
pub use output::MoneyType;
pub(crate) use output::{CODES, Output, STATES, about, digits};
pub use usage::UsageSchema;
pub(crate) use usage::{HISTORY, KIND, MODE, Places, START, TARIFF, WINDOW_END, WINDOW_START};
