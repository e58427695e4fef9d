//! Inquiries (询价): what something would cost, before anybody orders it (R-P4, R-P5, R-P7).
//!
//! | who asks | what | rule |
//! |---|---|---|
//! | anybody | a [`Spec`](crate::metering::Spec) for a [`Term`], so many times: [`Asked`] → [`Quote`], or only its [`Amounts`] | R-P5, R-P15 |
//! | a reseller's centre | parts with stock, line by line: [`PartInquiry`] → [`PartQuote`]; in its own shape: [`ResellerInquiry`] → [`ResellerAnswer`] | R-P4 |
//! | the Django portal | new orders and renewals by its own rules: [`Portal`] → [`Quote`] | R-P5 |
//! | a page that quotes a whole catalogue | columns of specs, tariffs, windows and counts: [`bulk`] | R-P5 |
//! | a public cloud | years, months, days and hours, with optional discounts: [`PeriodInquiry`] → [`PeriodQuote`] | R-P7 |
//!
//! All of them rate a planned usage by the routine that rates a metered one: what was quoted is what is
//! billed, to the last digit (R-P15).

mod amounts;
pub mod bulk;
mod parts;
mod period;
mod portal;
mod quote;
mod reseller;
mod stock;
mod term;

pub use amounts::Amounts;
pub use parts::{PartInquiry, PartLine, PartQuote, PartRequest};
pub use period::{OptionalQuote, PeriodInquiry, PeriodQuote};
pub use portal::{BucketInquiry, PayMode, Portal, PortalOrder, PortalRenewal, RenewBy};
pub use quote::{Asked, Quote};
pub use reseller::{ResellerAnswer, ResellerInquiry, Resource, Widget, reseller_unit};
pub use stock::Stock;
pub use term::{Term, TermMonths, TermUnit};
