//! Every operation by its name: JSON text in, JSON text out.
//!
//! For callers that have no typed interface of their own: other languages, and the vectors of
//! `tests/vectors`, which run through here and through the typed interface. Nothing is decided in this
//! room; an operation is read, called, and its answer written.
//!
//! [`evaluate`] is total: whatever comes in, `{"ok": …}` or `{"error": …}` comes out, the same bytes
//! every time. [`operations`] lists what there is.
//!
//! # Values
//!
//! | on the wire | is |
//! |---|---|
//! | `"12.30"` | a decimal (R-M6); a JSON number in its place is `money.float` or `money.not_text` |
//! | `"20/31"` | an exact value that is no decimal |
//! | `"12.30 CNY"` | money: its amount and its currency |
//! | `"8 GiB"` | a quantity and its unit |
//! | `"half_even 0.01 total"`, `"portal"` | a rounding, in full or as a preset |
//! | `"2024-02-20T08:00:00Z"` | an instant, with its offset |
//! | `{"start": …, "end": …}` | a period, half-open |
//! | `"gpu[A100]"`, `"cpu"` | a part, with its model unless that is `STANDARD` |
//! | `3` | a count, an index, months, microseconds |
//! | `{"is": "taint", "key": …}` | in an answer, one of several, which its first member tells: one of [`Answer::TAGS`] |
//!
//! Optional members may be left out or `null`. Unknown and repeated members are refused. Usage that is
//! timed is written in quantity × hours, exactly.
//!
//! # Examples
//! ```
//! use counterfoil::wire::evaluate;
//!
//! let answer = evaluate("money.allocate", r#"{"amount": "10.00", "weights": ["1", "1", "1"], "step": "0.01"}"#);
//! assert_eq!(answer, r#"{"ok":{"parts":["3.34","3.33","3.33"]}}"#);
//!
//! let answer = evaluate("money.allocate", r#"{"amount": 10.00, "weights": ["1"], "step": "0.01"}"#);
//! assert!(answer.starts_with(r#"{"error":{"code":"money.float","category":"invalid_input","message":"#));
//!
//! let answer = evaluate("money.parse", r#"{"text": "1", "digits": 2}"#);
//! assert!(answer.ends_with(r#""details":{"at":"digits","fault":"unknown field `digits`, expected `text`"}}}"#));
//! ```

mod answer;
mod cards;
mod change;
mod discount;
mod export;
mod funding;
mod inquiry;
mod ipam;
mod lease;
mod measured;
mod metering;
mod money;
mod order;
mod package;
mod placement;
mod pricing;
mod refund;
mod report;
mod shown;
mod statement;
mod text;
mod time;
mod units;
mod wallet;
mod word;

pub use answer::Answer;
pub use placement::Inventory;
pub use shown::Scalar;
pub use word::words;

use crate::error::{Error, Language, WireError, excerpt};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest input that is read, in bytes.
pub const LONGEST_INPUT: usize = 4 << 20;

/// Something that can be called by its name.
///
/// ```
/// use counterfoil::wire::{evaluate, operations};
///
/// let named: Vec<&str> = operations().iter().map(|operation| operation.name).collect();
/// assert!(named.contains(&"pricing.rate"));
/// assert!(evaluate("operations", "{}").contains("pricing.rate"));
/// ```
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Operation {
    /// Its name, `context.verb`.
    pub name: &'static str,
    /// The rules that it follows, with `, ` between them.
    pub rule: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    #[serde(skip)]
    call: fn(&str, Form) -> Result<Reply, Error>,
}

/// Calls an operation.
///
/// The answer is `{"ok": …}` or
/// `{"error": {"code", "category", "message", "message_zh", "details": {…}}}`, where `ok` is `null`
/// if there is nothing to answer with, as of a resource that has no reading. Codes are those of
/// [`catalogue`](crate::error::catalogue).
///
/// # Errors
/// Those of the operation; `wire.unknown_operation`; `wire.too_long` beyond [`LONGEST_INPUT`];
/// `wire.too_many` for a huge table in few bytes; `wire.answer_too_long` for an answer that repeats long texts of a
/// call, `wire.too_many_steps` for a long program; `wire.bad_input` for what is no JSON, or of another
/// shape, with the place of it. All of them are in the text that is returned.
///
/// # Rule
/// R-M1, R-M6
pub fn evaluate(operation: &str, input: &str) -> String {
    match call(operation, input, Form::Json) {
        Ok(Reply::Json(answer)) => format!(r#"{{"ok":{answer}}}"#),
        Ok(Reply::Typed(_)) => fault(&WireError::NotWritten {}.into()),
        Err(error) => fault(&error),
    }
}

/// Calls an operation as [`evaluate`] does, and gives its answer with the types of its parts.
///
/// Reply as JSON, the answer is what `evaluate` has behind `ok`, byte for byte.
///
/// # Errors
/// Those of [`evaluate`].
///
/// # Rule
/// R-M1, R-M6
///
/// # Examples
/// ```
/// use counterfoil::wire::{Answer, Scalar, answer};
///
/// let split = answer("money.allocate", r#"{"amount": "10.00", "weights": ["1", "1"], "step": "0.01"}"#)?;
/// let half = || Answer::Scalar(Scalar::Decimal, "5.00".into());
/// let members = vec![("parts", Answer::List(vec![half(), half()]))];
/// assert_eq!(split, Answer::Record { name: "Allocated", members });
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
pub fn answer(operation: &str, input: &str) -> Result<Answer, Error> {
    match call(operation, input, Form::Typed)? {
        Reply::Typed(answer) => Ok(answer),
        Reply::Json(_) => Err(WireError::NotWritten {}.into()),
    }
}

/// What an answer is wanted as.
#[derive(Clone, Copy)]
enum Form {
    Json,
    Typed,
}

/// An answer in the form that was asked for.
enum Reply {
    Json(String),
    Typed(Answer),
}

fn call(operation: &str, input: &str, form: Form) -> Result<Reply, Error> {
    if input.len() > LONGEST_INPUT {
        return Err(WireError::TooLong { length: input.len(), limit: LONGEST_INPUT }.into());
    }
    if operation == "operations" {
        return text::run(input, form, |_: Nothing| Ok(operations()));
    }
    match operations().iter().find(|known| known.name == operation) {
        Some(known) => (known.call)(input, form),
        None => Err(WireError::UnknownOperation { text: excerpt(operation) }.into()),
    }
}

/// An input without members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Reply without a serializer, so that an error can always be told.
fn fault(error: &Error) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let details: Vec<String> =
        error.details().iter().map(|(name, value)| format!("{}:{}", quoted(name), quoted(value))).collect();
    format!(
        r#"{{"error":{{"code":{},"category":{},"message":{},"message_zh":{},"details":{{{}}}}}}}"#,
        quoted(error.code()),
        quoted(error.category().name()),
        quoted(&error.message(Language::English)),
        quoted(&error.message(Language::Chinese)),
        details.join(","),
    )
}

/// All operations, by context.
pub fn operations() -> &'static [Operation] {
    OPERATIONS
}

macro_rules! operations {
    ($($name:literal, $rule:literal, $about:literal, $call:path;)*) => {
        const OPERATIONS: &[Operation] = &[$(
            Operation { name: $name, rule: $rule, about: $about, call: |input, form| text::run(input, form, $call) },
        )*];
    };
}

operations! {
    "money.parse", "R-M6", "reads a decimal, strictly", money::parse;
    "money.add", "R-M1, R-M5", "adds money of one currency", money::add;
    "money.sub_unit", "R-M5", "what one of a sub-unit is, and the minor digits of a currency", money::sub_unit;
    "money.sum_of_products", "R-M1, R-M2", "a sum of products, exactly, and rounded once if asked", money::sum_of_products;
    "money.round", "R-M2, R-M3", "rounds an exact value and tells what was lost", money::round;
    "money.round_lines", "R-M2, R-M3", "rounds lines, each by itself or carrying its remainder", money::round_lines;
    "money.check", "R-M2", "whether an amount is a multiple of a rounding's step", money::check;
    "money.allocate", "R-M4", "splits an amount by weights, to the last step", money::allocate;
    "time.period", "R-T1", "the length of a period, and what it shares with another", time::period;
    "time.billing_day", "R-T2", "the day of a date in a zone", time::billing_day;
    "time.billing_day_of", "R-T2", "the day in which an instant lies", time::billing_day_of;
    "time.resolve", "R-T6", "the instant of a clock time in a zone", time::resolve;
    "time.cycle_ends", "R-T4", "ends of anchored cycles by their numbers", time::cycle_ends;
    "time.cycle", "R-T4", "one of the anchored cycles", time::cycle;
    "time.cycle_containing", "R-T4", "the cycle in which an instant lies", time::cycle_containing;
    "time.plus_months", "R-T4", "a date so many months later", time::plus_months;
    "time.month_length", "R-T3", "how long the month is in which an instant lies", time::month_length;
    "time.share", "R-T5", "which share of a cycle a part is", time::share;
    "time.measure", "R-T5", "how much a period counts by a policy", time::measure;
    "time.days", "R-T5", "the days of a period, in three ways of counting", time::days;
    "time.hours", "R-T5", "the hours of a period, both ends floored", time::hours;
    "units.convert", "R-U2", "a quantity in another unit of its family", units::convert;
    "units.convert_measure", "R-P7", "a numbered measure of a provider in another one", measured::convert_measure;
    "metering.usage", "R-U1, R-U3, R-U4, R-U5", "what a resource used in a window", metering::usage;
    "metering.segments", "R-U3", "the same, span by span", metering::segments;
    "metering.add", "R-U7", "the usage of two windows that meet", metering::add;
    "metering.delta", "R-U6", "what one usage of a window has more than another", metering::delta;
    "metering.reading_delta", "R-U6", "what a corrected reading changes of the one that is stored", metering::reading_delta;
    "metering.samples", "R-U8", "the usage that samples of a size tell of", metering::samples;
    "metering.events", "R-U9", "one number of the events of a window", metering::events;
    "metering.late_events", "R-U9", "what events that came late change", metering::late_events;
    "metering.portal_usage", "R-U10", "what a portal computes from its rows", metering::portal_usage;
    "metering.portal_history", "R-U1", "the history that a portal's rows tell, and the rows left out", metering::portal_history;
    "pricing.amount", "R-P3", "what units cost at a rate", pricing::amount;
    "pricing.exact", "R-P1, R-P2", "what a usage costs, exactly", pricing::exact;
    "pricing.rate", "R-P1, R-P2, R-M2", "what a usage costs, rounded once", pricing::rate;
    "pricing.explain", "R-P15", "why it costs that: lines, text, and both amounts computed again", pricing::explain;
    "pricing.inquire", "R-P5, R-P6, R-P15", "what a spec would cost for a time, and why", inquiry::inquire;
    "pricing.inquire_parts", "R-P4", "what parts would cost, line by line, against stock if asked", inquiry::inquire_parts;
    "pricing.inquire_period", "R-P7", "what years, months, days and hours cost, with each optional discount", inquiry::inquire_period;
    "pricing.bill", "R-P15, R-P6", "what a metered usage costs on the terms of a quote, and why", inquiry::bill;
    "pricing.reseller_inquiry", "R-P4", "the same in the reseller's own shape, with its messages", inquiry::reseller;
    "pricing.portal_order", "R-P5", "what a new order costs in the Django portal", inquiry::portal_order;
    "pricing.portal_renewal", "R-P5", "what a renewal costs in the Django portal", inquiry::portal_renewal;
    "pricing.remaining_months", "R-P8, R-T5", "how many prices of a month are still ahead", change::remaining_months;
    "pricing.change_specification", "R-P8", "what a change of specification costs, or gives back", change::change_specification;
    "pricing.plan_remaining", "R-P9", "what a paid plan is still worth", change::plan_remaining;
    "pricing.switch_plan", "R-P9", "what another plan costs, less what is left of this one", change::switch_plan;
    "pricing.cancel_plan", "R-P9", "what is given back of a plan that ends before its time", change::cancel_plan;
    "pricing.used_of_order", "R-P10, R-T5", "how much of an order is used, and how much was ordered", change::used_of_order;
    "pricing.unsubscribe", "R-P10", "what is refunded of an order", change::unsubscribe;
    "pricing.handling_fee", "R-P10", "the fee for an unsubscription, by term and year of use", change::handling_fee;
    "pricing.month_end", "R-P11", "what is paid to the end of the month", change::month_end;
    "pricing.discount", "R-P6, R-P15", "what discounts leave of a line, and what became of every rule", discount::discount;
    "pricing.discount_lines", "R-P6, R-P15", "the same for all lines of one inquiry: an amount off is off all of them, once", discount::discount_lines;
    "pricing.optional_discounts", "R-P6", "each discount by itself, and which is best", discount::optional_discounts;
    "pricing.reseller_price", "R-P6", "who pays what for a reseller's sale", discount::reseller_price;
    "pricing.package_order", "R-P12", "the free packages in force, in the order in which they are consumed", package::order;
    "pricing.package_quota", "R-P12", "what a free package holds over its term", package::quota;
    "pricing.consume_packages", "R-P12, R-P15", "what to take from which free package, and the excess, rated if asked", package::consume;
    "pricing.guarantee", "R-P13, R-P15", "what is missing to a minimum guarantee", measured::guarantee;
    "pricing.cap", "R-P13, R-P15", "lines below the maximum of a period", measured::cap;
    "pricing.bandwidth_enhanced", "R-P14, R-P15", "a month of bandwidth by the enhanced 95th percentile", measured::bandwidth_enhanced;
    "pricing.bandwidth_classic", "R-P14, R-P15", "a month of bandwidth by the classic 95th percentile", measured::bandwidth_classic;
    "pricing.bandwidth_guarantee", "R-P14, R-P15", "what is guaranteed for a month of bandwidth", measured::bandwidth_guarantee;
    "pricing.bandwidth_fee", "R-P14, R-P15", "what a bandwidth costs for the days that were used", measured::bandwidth_fee;
    "pricing.funds_gate", "R-P16, R-P15", "whether funds are enough to order what is paid later", measured::funds_gate;
    "pricing.table_price", "R-P18, R-P15", "a price by several keys that match exactly", measured::table_price;
    "pricing.on_demand", "R-P7, R-P15, R-M3", "what usage on demand costs, shown and charged", measured::on_demand;
    "pricing.amount_of_events", "R-P3", "what events cost, each by itself where the rate says so", cards::amount_of_events;
    "pricing.price_events", "R-P3, R-P15", "what each event costs, and all of them together", cards::price_events;
    "pricing.read_tiers", "R-P3", "tiers of another convention as a shape, where it costs the same", cards::read_tiers;
    "pricing.read_card", "R-P1", "a card file, checked line by line, and written in both formats", cards::read_card;
    "pricing.compare_cards", "R-P1", "what one revision of a card has that another has not", cards::compare_cards;
    "pricing.what_changed", "R-P1, R-P15", "two revisions of a card on the same facts, by line and owner", cards::what_changed;
    "pricing.catalogue_change", "R-P17", "a catalogue of parts after changes: parts, prices and stock", cards::catalogue_change;
    "pricing.catalogue_stock", "R-P17", "how much of a part there is, in a cluster or in all", cards::catalogue_stock;
    "pricing.lease_rates", "R-P17", "which share of units is idle, and which is leased", cards::lease_rates;
    "wallet.plan", "R-W3, R-W4, R-W6, R-W7, R-W8, R-W13", "what to take from what for a payment", wallet::plan;
    "wallet.usable_funds", "R-W11", "what could be paid with", wallet::usable_funds;
    "wallet.has_enough", "R-W11", "whether an amount could be paid", wallet::has_enough;
    "wallet.redeem", "R-W5", "gives a waiting coupon to an owner", wallet::redeem;
    "wallet.notices", "R-W5", "which notices of a coupon are due", wallet::notices;
    "wallet.funding_presets", "R-W9", "the orders of sources that have a name", funding::presets;
    "wallet.funding_order", "R-W9, R-W10", "an order of sources, checked: its steps and what becomes of a shortfall", funding::order;
    "wallet.available", "R-W9, R-W11, R-W12", "what each source has for a payment, in an order", funding::available;
    "wallet.authorise", "R-W12, R-W13, R-W7a", "locks what an order that is not paid yet will take", funding::authorise;
    "wallet.capture", "R-W12", "pays an order with what is locked for it, in part or whole", funding::capture;
    "wallet.void", "R-W12", "gives up a lock", funding::void;
    "wallet.expire", "R-W12", "a lock, written down as expired if it is", funding::expire;
    "wallet.fund_notices", "R-W5", "which notices of a card, a bonus or a credit line are due", funding::fund_notices;
    "wallet.balance_notices", "R-W5", "whether the notice of a low balance is due, and which still count as sent", funding::balance_notices;
    "wallet.refund", "R-W14, R-W15, R-W16, R-W18, R-W19", "what of a payment goes back to whom", refund::refund;
    "wallet.refund_transition", "R-W19", "the state of a refund after something happened to it", refund::transition;
    "wallet.refund_items", "R-W17", "what the undelivered items of an order cost", refund::items;
    "wallet.refund_of_correction", "R-W14, R-S2", "which payments give back what a correction says", refund::of_correction;
    "statement.daily", "R-S1", "the statements of a day", statement::daily;
    "statement.restate", "R-S2", "what a day comes to when it is run again", statement::restate;
    "statement.pay", "R-S1", "a statement, paid", statement::pay;
    "statement.cancel", "R-S1", "a statement, withdrawn", statement::cancel;
    "order.transitions", "R-O1, R-O2", "a table of states: what leads from which to which", order::transitions;
    "order.move", "R-O1, R-O2", "the state after an event", order::moved;
    "order.refund_ended", "R-O1, R-W14", "what a refund that ended says of its order", order::refund_ended;
    "order.deliver", "R-O1, R-W17", "an order after deliveries: its trading status, and what to give back", order::deliver;
    "order.timeout", "R-O1", "what an order is at an instant, when it has so long to be paid", order::timeout;
    "order.plan_deadlines", "R-O2, R-T4", "the deadlines of a plan order", order::plan_deadlines;
    "order.renew", "R-O2", "a plan order, renewed once for each count", order::renew;
    "order.dunning", "R-O3", "what is to be done about plan orders at an instant, why, and when to look again", order::dunning;
    "order.expiry", "R-O4", "how what is paid ahead stands: warned, frozen, released, and the days left", order::expiry;
    "order.may_start", "R-O4", "whether something may start", order::may_start;
    "order.convert", "R-O5, R-U4", "the history of a resource that is paid ahead from an instant on", order::convert;
    "order.extend", "R-O2", "the period that a renewal pays for, from the old end or from now", order::extend;
    "order.lease", "R-O6", "leases a device for some dates", lease::lease;
    "order.lock", "R-O6", "keeps so many devices for an order", lease::lock;
    "order.release", "R-O6", "ends a lease or lock, or all of an order", lease::release;
    "order.extend_lease", "R-O6", "makes a lease longer", lease::extend;
    "order.free", "R-O6", "how many devices are free on all of some dates", lease::free;
    "order.lease_day", "R-O6, R-P17", "how many devices are leased and locked on a date, and which shares", lease::day;
    "order.scaled", "R-O7", "an amount as the usage service stores it", order::scaled;
    "order.unscaled", "R-O7", "the amount that is stored so", order::unscaled;
    "order.vendor_word", "R-O8", "what a vendor's words for a kind and a state mean", order::vendor_word;
    "statement.correct", "R-S2", "what settles a day's statement and its corrections together", report::correct;
    "statement.monthly", "R-S3", "what the days of a month came to, by owner and service", report::monthly;
    "statement.trend", "R-S3", "what there was by month, against the month before", report::trend;
    "statement.figures", "R-S7", "revenue and profit", report::figures;
    "statement.compare", "R-S7", "a month against the one before and the year before", report::compare;
    "statement.forecast", "R-S7", "whether a balance lasts to the end of the month", report::forecast;
    "statement.invoice", "R-S8", "an invoice of what is not invoiced yet", report::invoice;
    "statement.invoice_move", "R-S8", "an invoice after an event", report::invoice_move;
    "statement.bill_types", "R-S4", "what rows of bills are for, by their numbers", export::bill_types;
    "statement.check_bills", "R-S4", "whether the identities of each row of bills hold", export::check_bills;
    "statement.focus_rows", "R-S5", "charges as rows of the FOCUS export", export::focus_rows;
    "statement.focus_csv", "R-S5", "charges as a file of the FOCUS export, if all its rules hold", export::focus_csv;
    "statement.focus_check", "R-S5", "what is wrong with a file of the FOCUS export", export::focus_check;
    "statement.settle", "R-S6", "what is settled with a provider", export::settle;
    "ipam.range", "R-I1", "what a labelled range is: its ends, size and network", ipam::range::describe;
    "ipam.split", "R-I3", "how many pieces of a length a range has, and a page of them", ipam::split::split;
    "ipam.portal_split", "R-I3", "the same of a row, checked in the portal's order", ipam::split::split_a_row;
    "ipam.mini_split", "R-I5", "few pieces with some of a length, as the portal cuts them", ipam::split::mini_split;
    "ipam.check_plan", "R-I4", "whether a plan tiles a range, and all that is wrong with it", ipam::plan::check_plan;
    "ipam.merge", "R-I8", "what rows become when they are merged, or all that is wrong", ipam::plan::merge;
    "ipam.check_row", "R-I9", "the rows that a range overlaps", ipam::plan::check_row;
    "ipam.usage", "R-I11", "what of supernets is assigned, reserved, waiting and free", ipam::usage::usage;
    "ipam.life", "R-I12", "what may be done to a row in each state", ipam::life::life;
    "ipam.add_row", "R-I12", "the record of a row that is entered", ipam::life::add;
    "ipam.reserve_row", "R-I12", "the record of a row that is kept for an owner", ipam::life::reserve;
    "ipam.assign_row", "R-I12", "the record of a row that is given to an owner", ipam::life::assign;
    "ipam.recover_row", "R-I12", "the record of a row that is taken back", ipam::life::recover;
    "ipam.change_row", "R-I12", "the record of a correction, or none where nothing changes", ipam::life::change;
    "ipam.delete_row", "R-I12", "the record of a row that is removed", ipam::life::delete;
    "ipam.split_row", "R-I12", "the record of a row that is cut into pieces, or none where nothing changes", ipam::life::split;
    "ipam.merge_rows", "R-I12", "the record of rows that become one, or none where nothing changes", ipam::life::merge;
    "ipam.minimal_plan", "R-I6", "the fewest pieces of a range that hold so many full blocks", ipam::minimal::of_range;
    "ipam.least_splits", "R-I6", "the fewest splits of free blocks that make so many full ones", ipam::minimal::of_blocks;
    "ipam.allocate", "R-I7", "blocks out of free space by a policy, or nothing", ipam::allocate::allocate;
    "ipam.try_allocate", "R-I7", "what would be given away, or what does not fit", ipam::allocate::try_out;
    "ipam.free_summary", "R-I7", "how much is free, and how many blocks of each length still fit", ipam::allocate::summary;
    "ipam.first_host", "R-I7", "the first free address for a host", ipam::allocate::first_host;
    "ipam.field_numbers", "R-I7", "the numbers of a field in an order of RFC 3531", ipam::allocate::rfc3531;
    "ipam.parse", "R-I2", "what a text means, in every notation", ipam::text::parse;
    "ipam.parse_bytes", "R-I2", "the address of 4 or 16 bytes", ipam::text::parse_bytes;
    "ipam.read_block", "R-I2", "a block of text with one on a line: the good ones, and the faults by line", ipam::text::read_block;
    "ipam.aggregate", "R-I10", "the fewest prefixes that hold the addresses of ranges", ipam::set::aggregate;
    "ipam.cidrs", "R-I10", "the fewest prefixes of one range", ipam::set::cidrs;
    "ipam.set", "R-I10", "the set that steps make: add, remove, keep, complement", ipam::set::run;
    "ipam.combine_sets", "R-I10", "two sets as one", ipam::set::combine;
    "ipam.compare_sets", "R-I10", "whether sets are equal, overlap or hold each other", ipam::set::compare;
    "ipam.free", "R-I10", "what of a parent is free, and what is used outside of it", ipam::set::free;
    "ipam.tree", "R-I10", "which range is in which, for printing", ipam::compare::tree;
    "ipam.lookup", "R-I10", "the longest prefix that each address is in", ipam::compare::lookup;
    "ipam.matches", "R-I10", "all prefixes that an address is in, the longest first", ipam::compare::matches;
    "ipam.overlaps", "R-I9", "how many pairs of ranges overlap, and the first of them", ipam::compare::overlaps;
    "ipam.diff", "R-I10", "what to keep, delete and create between two plans", ipam::compare::diff;
    "ipam.apply_diff", "R-I10", "the new plan, of the old one as it is now", ipam::compare::apply;
    "placement.quantity", "R-A5", "a quantity: its canonical form, its exact value, and what it is in whole ones and in thousandths", placement::quantity::read;
    "placement.quantity_add", "R-A5", "two quantities together", placement::quantity::add;
    "placement.quantity_subtract", "R-A5", "a quantity without another", placement::quantity::subtract;
    "placement.quantity_compare", "R-A5", "which of two quantities is more", placement::quantity::compare;
    "placement.quantity_in_units", "R-A5", "a quantity in units of a power of ten, rounded as asked", placement::quantity::in_units;
    "placement.quantity_round_up", "R-A5", "a quantity, rounded away from zero to a power of ten", placement::quantity::round_up;
    "placement.amount", "R-A5", "a quantity of a resource in its smallest unit, and shown", placement::quantity::amount;
    "placement.displayed_amount", "R-A5", "the same of a figure as a portal shows it", placement::quantity::displayed;
    "placement.check", "R-A1, R-A2, R-A3, R-A7, R-A8", "which products no node takes, at which stage, and why by count of nodes", placement::check::check;
    "placement.count", "R-A9", "how many of each product can still be sold alone, and on which nodes", placement::check::count;
    "placement.free", "R-A3, R-A4", "what is free on each node", placement::check::free;
    "placement.what_if", "R-A13", "what becomes grey or can be sold after changes, and how many", placement::check::what_if;
    "placement.judge", "R-A1, R-A6", "which products can not be sold now, by stock, quota and nodes, and why", placement::stages::judge;
    "placement.explain", "R-A7", "why a product can be sold or not, in words, and what to do about it", placement::stages::explain;
    "placement.gpus", "R-A11", "the models of cards, by the books and by the nodes", placement::gpus::gpus;
    "placement.place", "R-A10", "where many items go, group by group: a witness, a proof that there is no way, or neither", placement::place::place;
    "placement.verify", "R-A10", "whether what was answered about groups holds, by addition and by recomputing proofs", placement::place::verify;
    "placement.count_jointly", "R-A9", "how many of several products fit at once, in the mix that gives the most", placement::place::count_jointly;
    "placement.count_bundles", "R-A9", "how many of a fixed mix of products fit at once", placement::place::count_bundles;
    "placement.quota_deduct", "R-A12", "a quota after so much more of it is used", placement::quota::deduct;
    "placement.quota_release", "R-A12", "a quota after so much of it is given back", placement::quota::release;
    "placement.determine_accommodation", "R-A1, R-A2", "which products can not be deployed, in a reseller's shape", placement::reseller::determine_accommodation;
    "placement.gpu_stock", "R-A11", "cards by model, in a reseller's shape", placement::reseller::gpu_stock;
    "placement.disk_quota", "R-A12", "a total, what is used and what is free, in a reseller's shape", placement::reseller::disk_quota;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::catalogue;
    use std::collections::BTreeSet;

    fn error(operation: &str, input: &str) -> Value {
        let answer: Value = serde_json::from_str(&evaluate(operation, input)).expect("an answer is JSON");
        answer["error"].clone()
    }

    fn bad_input(operation: &str, input: &str) -> (String, String) {
        let error = error(operation, input);
        assert_eq!(error["code"], "wire.bad_input", "{input}: {error}");
        let fact = |name: &str| error["details"][name].as_str().expect("a fact is text").to_owned();
        (fact("at"), fact("fault"))
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        let cases = [
            ("", "line 1 column 0", "EOF while parsing a value"),
            ("{\"text\": \"1\"", "line 1 column 12", "EOF while parsing an object"),
            ("{\"text\": \"1\"} x", "line 1 column 15", "trailing characters"),
            ("{\n\"text\": 'x'}", "line 2 column 9", "expected value"),
            ("{\"text\": \"1\",}", "line 1 column 14", "trailing comma"),
            ("{\"text\": 01}", "line 1 column 11", "invalid number"),
        ];
        for (input, at, fault) in cases {
            assert_eq!(bad_input("money.parse", input), (at.to_owned(), fault.to_owned()), "{input}");
        }
    }

    #[test]
    fn another_shape_is_told_with_its_path() {
        let cases = [
            ("money.parse", "[\"1\"]", "the input", "invalid type: sequence, expected an object"),
            ("money.parse", "null", "the input", "invalid type: null, expected an object"),
            ("money.parse", "{}", "the input", "missing field `text`"),
            ("money.parse", r#"{"text": null}"#, "text", "`null` is not a text"),
            ("money.parse", r#"{"text": ["1"]}"#, "text", r#"`["1"]` is not a text"#),
            ("money.parse", r#"{"text": "1", "text": "2"}"#, "the input", "duplicate field `text`"),
            ("money.add", r#"{"currency": 156, "amounts": []}"#, "currency", "`156` is not a text"),
            (
                "metering.usage",
                r#"{"window": ["2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z"], "of": {"counted": {}}}"#,
                "window",
                "invalid type: sequence, expected an object",
            ),
            (
                "metering.segments",
                r#"{"window": {"start": "", "end": ""}, "spans": [{"start": "", "mode": "", "spec": {"cpu": "1 core", "cpu": "2 core"}}]}"#,
                "spans[0].spec",
                "duplicate field `cpu`",
            ),
            (
                "time.cycle_ends",
                r#"{"cycle": {"start": "", "months": -1, "zone": ""}, "numbers": []}"#,
                "cycle.months",
                "invalid value: integer `-1`, expected u32",
            ),
        ];
        for (operation, input, at, fault) in cases {
            assert_eq!(bad_input(operation, input), (at.to_owned(), fault.to_owned()), "{input}");
        }
    }

    #[test]
    fn the_members_of_a_card_stand_once() {
        let card = |limits: &str| {
            format!(
                r#"{{"card": {{"revision": "r", "currency": "CNY", "rates": [], "limits": {limits}}}, "kind": "server",
                "of": {{"counted": {{}}}}, "window": {{"start": "2024-02-20T00:00:00Z", "end": "2024-02-21T00:00:00Z"}}}}"#
            )
        };
        assert!(evaluate("pricing.exact", &card(r#"{"server": {"minimum": "1"}}"#)).starts_with(r#"{"ok":"#));
        let (at, fault) = bad_input("pricing.exact", &card(r#"{"server": {}, "server": {}}"#));
        assert_eq!((at.as_str(), fault.as_str()), ("card.limits", "duplicate field `server`"));
    }

    // R-M1: whatever the value is
    #[test]
    fn a_number_is_no_amount() {
        for (number, code) in [
            ("0.1", "money.float"),
            ("1.0", "money.float"),
            ("1e2", "money.float"),
            ("1E400", "money.float"),
            ("-0.0", "money.float"),
            ("12", "money.not_text"),
            ("-5", "money.not_text"),
            ("123456789012345678901234567890", "money.not_text"),
        ] {
            let error = error("money.parse", &format!(r#"{{"text": {number}}}"#));
            assert_eq!((&error["code"], &error["details"]["text"]), (&code.into(), &number.into()));
        }
    }

    #[test]
    fn a_program_that_begins_with_a_complement_has_the_family_of_its_ranges() {
        let six = r#"{"program":["!","-::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"]}"#;
        let last = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        let answer: Value = serde_json::from_str(&evaluate("ipam.set", six)).expect("an answer is JSON");
        assert_eq!(answer["ok"]["ranges"][0], format!("{last}-{last}"));
        let mixed = r#"{"program":["!","-::","-0.0.0.0"]}"#;
        assert_eq!(error("ipam.set", mixed)["details"]["expected"], "ipv6");
    }

    /// A long text once, and many ranges that have to do with it.
    #[test]
    fn an_answer_is_not_far_longer_than_its_call() {
        let text = "v".repeat(64 << 10);
        let many = |count: usize, each: &dyn Fn(usize) -> String| (0..count).map(each).collect::<Vec<_>>().join(",");
        let lookup = |count| {
            let addresses = many(count, &|_| r#""1.1.1.1""#.into());
            format!(r#"{{"table":[{{"prefix":"0.0.0.0/0","value":"{text}"}}],"addresses":[{addresses}]}}"#)
        };
        let row = |id: &str, owner: &str| {
            format!(r#"{{"id":"{id}","range":"10.0.0.0/16","status":"reserved","asn":null,"owner":"{owner}"}}"#)
        };
        let usage = |count| {
            let supernets = many(count, &|_| r#""10.0.1.0/24""#.into());
            let row = row(&text, "x");
            format!(r#"{{"supernets":[{supernets}],"rows":[{row}],"percent":{{"digits":1,"mode":"down"}}}}"#)
        };
        let split = |count| {
            let pieces = many(count, &|piece| format!(r#"{{"id":"{piece}","range":"10.0.0.0/24"}}"#));
            format!(r#"{{"row":{},"pieces":[{pieces}]}}"#, row("r", &text))
        };
        for (operation, call) in
            [("ipam.lookup", &lookup as &dyn Fn(usize) -> String), ("ipam.usage", &usage), ("ipam.split_row", &split)]
        {
            let error = error(operation, &call(257));
            assert_eq!(error["code"], "wire.answer_too_long", "{operation}");
            assert_eq!(error["details"]["length"], (257_usize << 16).to_string(), "{operation}");
            assert_ne!(self::error(operation, &call(256))["code"], "wire.answer_too_long", "{operation}");
        }
        let program = |steps: usize| format!(r#"{{"program":[{}]}}"#, many(steps, &|_| r#""!""#.into()));
        assert_eq!(error("ipam.set", &program(10_000)), Value::Null);
        assert_eq!(error("ipam.set", &program(10_001))["code"], "wire.too_many_steps");
    }

    #[test]
    fn just_over_the_limit_is_refused() {
        let padded = |length: usize| format!("{}{}", " ".repeat(length - 15), r#"{"text": "1.0"}"#);
        assert_eq!(evaluate("money.parse", &padded(LONGEST_INPUT)), r#"{"ok":{"amount":"1.0"}}"#);
        let error = error("money.parse", &padded(LONGEST_INPUT + 1));
        assert_eq!(error["code"], "wire.too_long");
        assert_eq!(error["details"]["length"], (LONGEST_INPUT + 1).to_string());
    }

    #[test]
    fn a_huge_table_in_few_bytes_is_refused() {
        let span = |index: usize| {
            format!(r#"{{"start": "2024-02-20T00:00:00Z", "mode": "quota", "spec": {{"p{index}": "1 count"}}}}"#)
        };
        let call = |count: usize| {
            let spans: Vec<String> = (0..count).map(span).collect();
            format!(
                r#"{{"window": {{"start": "2024-02-20T00:00:00Z", "end": "2024-02-21T00:00:00Z"}}, "spans": [{}]}}"#,
                spans.join(",")
            )
        };
        assert_eq!(error("metering.segments", &call(317))["code"], "wire.too_many"); // 317 × 317 > 100,000
        assert_eq!(error("metering.segments", &call(316))["code"], "metering.open_span");
    }

    #[test]
    fn hostile_text_is_shown_by_its_beginning() {
        let long = "x".repeat(100_000);
        assert!(evaluate(&long, "{}").len() < 1_000);
        assert!(evaluate("money.parse", &format!(r#"{{"{long}": 1}}"#)).len() < 1_000);
        assert!(evaluate("money.parse", &format!(r#"{{"text": "{long}"}}"#)).len() < 1_000);
        assert!(evaluate("money.parse", &format!(r#"{{"text": {}}}"#, "9".repeat(100_000))).len() < 1_000);
        assert!(evaluate("money.parse", &format!(r#"{{"text": {}}}"#, "[".repeat(100_000))).len() < 1_000);
        assert_eq!(bad_input("money.parse", r#"{"text": "\ud800"}"#).0, "text");
    }

    #[test]
    fn operations_are_listed_and_unique() {
        assert_eq!(error("money.pares", "{}")["code"], "wire.unknown_operation");
        assert_eq!(bad_input("operations", r#"{"of": "money"}"#).0, "of");
        let listed: Value = serde_json::from_str(&evaluate("operations", "{}")).unwrap();
        let listed = listed["ok"].as_array().expect("a list");
        assert_eq!(listed.len(), operations().len());
        assert_eq!(
            listed[0],
            serde_json::json!({"name": "money.parse", "rule": "R-M6", "about": "reads a decimal, strictly"})
        );
        let names: BTreeSet<&str> = operations().iter().map(|operation| operation.name).collect();
        assert_eq!(names.len(), operations().len());
        let contexts: BTreeSet<&str> = catalogue().filter_map(|entry| entry.code.split('.').next()).collect();
        for operation in operations() {
            let (context, verb) = operation.name.split_once('.').expect("context.verb");
            assert!(contexts.contains(context) && !verb.is_empty(), "{}", operation.name);
        }
    }
}
