//! One small program for each kind of inquiry: `cargo run -p inquiries --example <name>`.
//!
//! | example | what it asks | rule |
//! |---|---|---|
//! | `server_inquiry` | a server for some months, paid ahead or by the day, one or several | R-P5 |
//! | `disk_inquiry` | a disk, and what the same disk is billed | R-P5, R-P15 |
//! | `snapshot_inquiry` | a snapshot until an instant | R-P5 |
//! | `bucket_inquiry` | a bucket, by the rate of metering and as the portal asked | R-P5, D-P2 |
//! | `site_inquiry` | a monitored site | R-P5 |
//! | `scan_inquiry` | a security scan: once, always discounted | R-P5 |
//! | `renewal_inquiry` | a renewal by a period, or to an instant | R-P5 |
//! | `part_inquiry` | parts of a centre against its stock, line by line | R-P4 |
//! | `period_inquiry` | years, months, days and hours, with optional discounts | R-P7 |
//! | `discounts` | which discounts apply to a line, and why the others do not | R-P6, R-P7 |
//! | `reseller_modes` | who pays what for a reseller's sale | R-P6 |
//! | `change_specification` | more or less in the middle of a month | R-P8 |
//! | `switch_plan` | what a plan is worth, and another one costs | R-P9 |
//! | `unsubscribe` | what is refunded of an order | R-P10 |
//! | `month_end` | what is paid to the end of the month | R-P11 |
//! | `packages` | what free packages cover, and what the rest costs | R-P12 |
//! | `guarantee` | what is missing to a minimum guarantee, what a maximum leaves | R-P13 |
//! | `bandwidth_95` | a month of bandwidth by its 95th percentile | R-P14 |
//! | `funds_gate` | whether there are funds enough to order | R-P16 |
//! | `table_price` | a price by keys that match exactly | R-P18 |
//! | `on_demand` | usage on demand, shown and charged | R-P7 |
//! | `rate_card_files` | a card in TOML and JSON, and a price by the event | R-P1, R-P3 |
//! | `what_changed` | two revisions of a card, by themselves and on a day's usage | R-P1, R-P15 |
//! | `parts_catalogue` | a centre's parts, their prices and their stock | R-P17 |

use counterfoil::{error::PricingError, pricing::RateCard};

/// The price list of `prices.toml`, which most of the examples ask.
///
/// # Errors
/// `pricing.bad_card`, if somebody broke the file.
pub fn price_list() -> Result<RateCard, PricingError> {
    RateCard::from_toml(include_str!("../prices.toml"))
}
