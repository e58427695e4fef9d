//! Rate cards, rating and inquiries: what a usage costs or would cost, and why (R-P1 … R-P18).
//!
//! | what | where | rule |
//! |---|---|---|
//! | prices, their shapes and limits; a card's file, its revisions, what changed | [`RateCard`], [`Rate`], [`Shape`], [`compare`] | R-P1 … R-P3 |
//! | what a usage costs, and its derivation | [`Tariff`], [`Rated`], [`Explanation`] | R-P2, R-P15 |
//! | what something would cost | [`inquiry`] | R-P4, R-P5, R-P7 |
//! | who pays less, and why | [`discount`] | R-P6 |
//! | changes, switches, refunds, the rest of a month | [`change`] | R-P8 … R-P11 |
//! | free packages; guarantees and maxima; bandwidth by its 95th percentile | [`package`], [`Guarantee`], [`Cap`], [`bandwidth`] | R-P12 … R-P14 |
//! | usage on demand; prices by several keys | [`OnDemand`], [`PriceTable`] | R-P7, R-P18 |
//! | whether there are funds and parts | [`FundsGate`], [`Catalogue`] | R-P16, R-P17 |
//!
//! A [`RateCard`] holds rates; [`RateCard::tariff`] takes out those of one kind of resource that are
//! in force at an instant; [`Tariff::rate`] rates a usage with them, exactly, and rounds once.
//! Every result can show how it came about.
//!
//! ```
//! use counterfoil::metering::{History, Kind, Span, Spec};
//! use counterfoil::money::Rounding;
//! use counterfoil::pricing::RateCard;
//! use counterfoil::time::Period;
//!
//! let card = RateCard::from_toml(r#"
//!     revision = "2024-02"
//!     currency = "CNY"
//!     rates = [
//!         { kind = "server", part = "base", price = "0", per = "count", every = "hour" },
//!         { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
//!         { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
//!         { kind = "server", part = "disk", price = "0.122", per = "GiB", every = "hour" },
//!         { kind = "server", part = "public_ip", price = "0.66", per = "count", every = "hour" },
//!     ]
//! "#)?;
//! let server = Spec::server("1", "2", "50", true)?;
//! let history = History::new([
//!     Span::post_paid("2024-02-20T00:00:00Z".parse()?, Some("2024-02-20T00:18:00Z".parse()?), server.clone()),
//!     Span::pre_paid("2024-02-20T00:18:00Z".parse()?, None, server),
//! ])?;
//! let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
//! let usage = history.usage(day)?.expect("it lived that day");
//!
//! let tariff = card.tariff(&Kind::Server, day.start())?;
//! let rated = tariff.rate(&usage, Rounding::PORTAL)?;
//! assert_eq!(rated.payable().to_string(), "2.06"); // 2.055, half-even
//! println!("{}", rated.explain()?);
//! # Ok::<(), counterfoil::error::Error>(())
//! ```

pub mod bandwidth;
pub mod bulk;
pub mod change;
pub mod discount;
pub mod inquiry;
pub mod package;

mod cap;
mod card;
mod catalogue;
mod check;
mod compare;
mod explain;
mod explaining;
mod file;
mod funds_gate;
mod guarantee;
mod line;
mod on_demand;
mod percentage;
mod plan;
mod rate;
mod rated;
mod settle;
mod shape;
mod table;
mod tariff;
mod terms;
mod tier_conventions;
mod tiers;
mod weights;

use check::check_not_below_zero;

pub use cap::{Cap, Capped, CappedLine};
pub use card::{Entry, Limits, RateCard, Validity};
pub use catalogue::{
    Catalogue, CatalogueChange, IfListed, Lease, LeaseRates, Listing, Locked, NewPart, PartKey, Stock, StockChange,
};
pub use compare::{
    Billed, CardDifference, ChangeOfRate, ChangedEntry, ChangedLimits, Compared, ComparedFact, ComparedLine,
    ComparedOwner, Comparison, ComparisonTerms, Counted, RateMember, compare,
};
pub use explain::{ExplainedLine, Explanation, Subtotals};
pub use file::CardFormat;
#[cfg(feature = "wire")]
pub(crate) use file::{Amount, CardFile, EachOnce, LimitsFile, Object, Placeless, RateFile};
pub use funds_gate::{FundsGate, FundsVerdict, GatedOrder};
pub use guarantee::{BillType, Guarantee, GuaranteeLine};
pub use on_demand::{MeasuredValue, OnDemand, OnDemandCharge, OnDemandPrice};
pub use percentage::{Percentage, PricedEvent, PricedEvents};
pub use rate::{Every, Rate};
pub use rated::{ExactAmounts, Rated};
pub use shape::{Shape, ZeroUsage};
pub use table::{PriceTable, TablePrice, TableRow};
pub use tariff::Tariff;
pub use terms::Terms;
pub use tier_conventions::{LowerBounds, TierBlock, TierSpan, TierStart};
pub use tiers::Tier;
