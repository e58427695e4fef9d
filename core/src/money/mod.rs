//! Money: amounts in a currency, rounding with a name, allocation without a lost cent (R-M1 … R-M6).
//!
//! ```
//! use counterfoil::money::{allocate, Money, Rounding, CNY};
//! use counterfoil::exact::{decimal, Exact};
//!
//! let exact: Exact = "0.04599822".parse()?;
//! let charged = Rounding::BSS.round(exact)?;
//! assert_eq!(charged.amount().to_string(), "0.04");
//! assert_eq!(charged.remainder()?.to_string(), "0.00599822"); // reported, not lost
//!
//! let cent = decimal::parse("0.01")?;
//! let parts = allocate(decimal::parse("10.00")?, &[1.into(), 1.into(), 1.into()], cent)?;
//! assert_eq!(parts, [decimal::parse("3.34")?, decimal::parse("3.33")?, decimal::parse("3.33")?]);
//!
//! let price = Money::parse("12.30", CNY)?;
//! assert_eq!(format!("{price}, {price:#}"), "12.30, 12.30 CNY");
//! # Ok::<(), counterfoil::error::MoneyError>(())
//! ```

mod allocation;
mod amount;
pub mod bulk;
mod currency;
mod derivation;
mod ratio;
mod rounding;
pub(crate) mod text;

pub use allocation::allocate;
pub(crate) use allocation::allocate_between;
pub use amount::Money;
pub use currency::{CNY, Currency};
pub(crate) use derivation::Known;
pub use derivation::{By, Derivation, Step, Term};
pub use ratio::Ratio;
pub use rounding::{RoundAt, Rounded, Rounding};
