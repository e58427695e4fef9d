//! Quantities with units, and checked conversions between them (R-U2).
//!
//! A unit belongs to a family: cores, cards, bytes by 1024, bytes by 1000, counts. Within a family
//! every conversion is exact; between families there is none, so `GB` never becomes `GiB` by
//! accident. The plain `byte` belongs to both byte families.
//!
//! ```
//! use counterfoil::units::{Quantity, Unit};
//!
//! let ram = Quantity::parse("1000", Unit::MiB)?;
//! assert_eq!(ram.to(Unit::GiB)?.amount().to_string(), "0.9765625");
//! assert_eq!(Quantity::parse("1", Unit::GB)?.to(Unit::GiB).unwrap_err().code(), "units.incompatible");
//! # Ok::<(), counterfoil::error::UnitsError>(())
//! ```

mod measure_table;
mod name;
mod quantity;
mod time_unit;
mod unit;

pub use measure_table::{MeasureRow, MeasureTable};
pub use name::Name;
pub use quantity::Quantity;
pub use time_unit::TimeUnit;
pub use unit::Unit;
