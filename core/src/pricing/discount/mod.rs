//! Discounts: an ordered list of rules, one policy, and a trace that names every rule (R-P6).
//!
//! [`Discounts`] is checked when it is made. [`Discounts::apply`] takes a line at its list price and
//! gives the exact amount after discounts, with a [`Trace`]: which rules applied, which lost, and
//! why. [`Discounts::apply_all`] takes the lines of one inquiry: an amount off is off all of them
//! together, once. Nothing is rounded here; a quote rounds once.
//!
//! - **Which rules match** a line: by customer or class, kind, part, and the instant.
//! - **Groups**: of one group one rule applies; a group may step back before others, or suffer none
//!   beside it: a voucher that may not combine.
//! - **What is left comes together** by [`Combine`]: the first, the best for the customer, or all of
//!   them one after the other.
//!
//! [`ResellerMode`] is what a product row of a reseller says of its price.
//!
//! ```
//! use counterfoil::error::Language;
//! use counterfoil::metering::Kind;
//! use counterfoil::pricing::discount::{DiscountFacts, Discounts, Listed};
//!
//! let discounts = Discounts::from_toml(r#"
//!     combine = "multiply_best"
//!     groups = [
//!         { name = "agreement" },
//!         { name = "voucher", yields_to = ["agreement"] },
//!     ]
//!     rules = [
//!         { name = "vip", source = "class_discount", class = "vip", ratio = "0.9" },
//!         { name = "2024", source = "agreement", customer = "acme", ratio = "0.8", group = "agreement" },
//!         { name = "welcome", source = "voucher", off = "5", group = "voucher" },
//!     ]
//! "#)?;
//! let facts = DiscountFacts {
//!     customer: Some("acme".parse()?),
//!     class: Some("vip".parse()?),
//!     at: "2024-02-20T00:00:00Z".parse()?,
//! };
//! let listed = Listed { kind: &Kind::Server, part: None, units: 1.into(), amount: "64.08".parse()? };
//! let discounted = discounts.apply(&facts, &listed)?;
//! assert_eq!(discounted.amount().to_string(), "46.1376"); // × 0.9 × 0.8; the voucher steps back
//! assert_eq!(discounted.trace().recompute()?, *discounted.amount());
//! println!("{}", discounted.trace().text(Language::English));
//! # Ok::<(), counterfoil::error::Error>(())
//! ```

mod apply;
mod discounts;
mod facts;
mod file;
mod groups;
mod offers;
mod policy;
mod reseller;
mod rule;
mod share;
mod trace;

pub use discounts::Discounts;
pub use facts::{DiscountFacts, Listed};
#[cfg(feature = "wire")]
pub(crate) use file::{DiscountsFile, RuleFile};
pub use offers::{Offer, OptionalDiscounts};
pub use policy::{Beside, Combine, Group, Pick, Policy, Surcharges};
pub use reseller::{ResellerMode, RowMode, Sale, Settlement};
pub use rule::{DiscountRule, Effect, Of, Source, Whom};
pub use share::Share;
pub use trace::{Discounted, Lost, Trace, TraceLine, Verdict};
