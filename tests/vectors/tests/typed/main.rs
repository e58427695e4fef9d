//! Every vector through the typed interface, as a program in Rust would call it. Nothing here calls
//! `wire`: inputs are read anew, so that the two can not be wrong together.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

mod cards;
mod change;
mod discount;
mod export;
mod funding;
mod input;
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
mod statement;
mod time;
mod wallet;

use counterfoil::ipam::RowAction;
use counterfoil_vectors::{Expect, Vector, vectors};
use input::{Answer, Fault, Members};
use serde_json::{Map, Value};

#[test]
fn every_vector_through_the_typed_interface() {
    let vectors = vectors().expect("the vectors can be read");
    let faults: Vec<String> = vectors.iter().filter_map(|vector| run(vector).err()).collect();
    assert!(faults.is_empty(), "{} of {} vectors fail:\n{}", faults.len(), vectors.len(), faults.join("\n"));
    println!("{} vectors through the typed interface", vectors.len());
    assert!(!vectors.is_empty());
}

fn run(vector: &Vector) -> Result<(), String> {
    let Vector { id, op, .. } = vector;
    let known = operation(op).ok_or_else(|| format!("{id}: no operation {op} here"))?;
    match (known(&vector.input), &vector.expect) {
        (Ok(answer), Expect::Ok(expected)) if answer == *expected => Ok(()),
        (Err(fault), Expect::Error(expected)) if is(op, &fault, &expected.code, &expected.details) => Ok(()),
        (Err(Fault::Shape(what)), _) => Err(format!("{id} ({op}): {what}")),
        (answer, _) => Err(format!("{id} ({op}): {answer:?}")),
    }
}

fn is(op: &str, fault: &Fault, code: &str, details: &Map<String, Value>) -> bool {
    let Fault::Typed(error) = fault else {
        return code == "wire.bad_input"; // where it is and what to say of it is for `wire` to tell
    };
    let facts = error.details().into_iter().map(|(name, value)| (name.to_owned(), Value::from(value)));
    let mut facts: Map<String, Value> = facts.collect();
    if matches!(error.code(), "pricing.bad_card" | "pricing.bad_discounts") {
        // A card file has its own lines and its own faults of form; a card inside a call has neither.
        if op == "pricing.read_card" {
            return error.code() == code && facts == *details;
        }
        if facts["cause"] == "toml" {
            // What is no member of a file, or a number in it, is no text of a file either.
            return code == "wire.bad_input" || (code == error.code() && details["cause"] == "money.float");
        }
        facts.insert("line".to_owned(), details.get("line").cloned().unwrap_or_default()); // JSON has no lines
    }
    error.code() == code && facts == *details
}

type Call = fn(&Value) -> Answer;

fn operation(name: &str) -> Option<Call> {
    Some(match name {
        "ipam.minimal_plan" => |input| ipam::minimal::of_range(Members::of(input, &["range", "demands", "limit"])?),
        "ipam.least_splits" => |input| ipam::minimal::of_blocks(Members::of(input, &["free", "demands", "limit"])?),
        "ipam.allocate" => {
            |input| ipam::allocate::allocate(Members::of(input, &["pool", "requests", "policy", "prefer", "avoid"])?)
        }
        "ipam.try_allocate" => {
            |input| ipam::allocate::try_out(Members::of(input, &["pool", "requests", "policy", "prefer", "avoid"])?)
        }
        "ipam.free_summary" => |input| ipam::allocate::summary(Members::of(input, &["pool"])?),
        "ipam.first_host" => |input| ipam::allocate::first_host(Members::of(input, &["pool", "hosts"])?),
        "ipam.field_numbers" => {
            |input| ipam::allocate::rfc3531(Members::of(input, &["order", "bits", "from", "take"])?)
        }
        "ipam.range" => |input| ipam::range::describe(Members::of(input, &["range"])?),
        "ipam.split" => |input| {
            let known = ["range", "length", "limits", "most_pieces", "most_longer_by", "from", "take"];
            ipam::split::split(Members::of(input, &known)?)
        },
        "ipam.portal_split" => |input| {
            let known = ["id", "range", "status", "length", "limits", "from", "take"];
            ipam::split::split_a_row(Members::of(input, &known)?)
        },
        "ipam.mini_split" => |input| ipam::split::mini_split(Members::of(input, &["range", "length", "diff"])?),
        "ipam.check_plan" => {
            |input| ipam::plan::check_plan(Members::of(input, &["range", "entries", "limit", "mode"])?)
        }
        "ipam.merge" => |input| ipam::plan::merge(Members::of(input, &["rows", "ids", "length", "mode"])?),
        "ipam.check_row" => {
            |input| ipam::plan::check_row(Members::of(input, &["range", "id", "excluding", "rows", "mode"])?)
        }
        "ipam.usage" => |input| ipam::usage::usage(Members::of(input, &["supernets", "rows", "percent"])?),
        "ipam.life" => |input| ipam::life::life(Members::of(input, &[])?),
        "ipam.add_row" => {
            |input| ipam::life::change(RowAction::Add, Members::of(input, &["id", "range", "asn", "remark"])?)
        }
        "ipam.reserve_row" => {
            |input| ipam::life::change(RowAction::Reserve, Members::of(input, &["row", "owner", "remark"])?)
        }
        "ipam.assign_row" => {
            |input| ipam::life::change(RowAction::Assign, Members::of(input, &["row", "owner", "remark"])?)
        }
        "ipam.recover_row" => |input| ipam::life::change(RowAction::Recover, Members::of(input, &["row", "remark"])?),
        "ipam.change_row" => {
            |input| ipam::life::change(RowAction::Change, Members::of(input, &["row", "range", "asn", "remark"])?)
        }
        "ipam.delete_row" => |input| ipam::life::change(RowAction::Delete, Members::of(input, &["row", "remark"])?),
        "ipam.split_row" => {
            |input| ipam::life::change(RowAction::Split, Members::of(input, &["row", "pieces", "remark"])?)
        }
        "ipam.merge_rows" => {
            |input| ipam::life::change(RowAction::Merge, Members::of(input, &["rows", "into", "remark"])?)
        }
        "ipam.parse" => |input| ipam::text::parse(Members::of(input, &["text", "as", "family", "reading"])?),
        "ipam.parse_bytes" => |input| ipam::text::parse_bytes(Members::of(input, &["bytes"])?),
        "ipam.read_block" => {
            |input| ipam::text::read_block(Members::of(input, &["block", "as", "family", "reading", "most_faults"])?)
        }
        "ipam.aggregate" => |input| ipam::set::aggregate(Members::of(input, &["ranges", "limit"])?),
        "ipam.cidrs" => |input| ipam::set::cidrs(Members::of(input, &["range", "limit"])?),
        "ipam.set" => |input| ipam::set::run(Members::of(input, &["program"])?),
        "ipam.combine_sets" => |input| ipam::set::combine(Members::of(input, &["how", "left", "right"])?),
        "ipam.compare_sets" => |input| ipam::set::compare(Members::of(input, &["left", "right"])?),
        "ipam.free" => |input| ipam::set::free(Members::of(input, &["parent", "used"])?),
        "ipam.tree" => |input| ipam::compare::tree(Members::of(input, &["ranges"])?),
        "ipam.lookup" => |input| ipam::compare::lookup(Members::of(input, &["table", "addresses"])?),
        "ipam.matches" => |input| ipam::compare::matches(Members::of(input, &["table", "address"])?),
        "ipam.overlaps" => |input| ipam::compare::overlaps(Members::of(input, &["ranges", "limit"])?),
        "ipam.diff" => |input| ipam::compare::diff(Members::of(input, &["old", "new"])?),
        "ipam.apply_diff" => |input| ipam::compare::apply(Members::of(input, &["old", "new", "plan"])?),
        "money.parse" => |input| money::parse(Members::of(input, &["text"])?),
        "money.add" => |input| money::add(Members::of(input, &["currency", "amounts"])?),
        "money.sub_unit" => |input| money::sub_unit(Members::of(input, &["currency", "name"])?),
        "money.sum_of_products" => |input| money::sum_of_products(Members::of(input, &["products", "rounding"])?),
        "money.round" => |input| money::round(Members::of(input, &["exact", "rounding"])?),
        "money.round_lines" => |input| money::round_lines(Members::of(input, &["lines", "rounding"])?),
        "money.check" => |input| money::check(Members::of(input, &["amount", "rounding"])?),
        "money.allocate" => |input| money::allocate(Members::of(input, &["amount", "weights", "step"])?),
        "time.period" => |input| time::period(Members::of(input, &["period", "with"])?),
        "time.billing_day" => |input| time::billing_day(Members::of(input, &["date", "zone"])?),
        "time.billing_day_of" => |input| time::billing_day_of(Members::of(input, &["at", "zone"])?),
        "time.resolve" => |input| time::resolve(Members::of(input, &["local", "zone", "rule"])?),
        "time.cycle_ends" => |input| time::cycle_ends(Members::of(input, &["cycle", "numbers"])?),
        "time.cycle" => |input| time::cycle(Members::of(input, &["cycle", "number"])?),
        "time.cycle_containing" => |input| time::cycle_containing(Members::of(input, &["cycle", "at"])?),
        "time.plus_months" => |input| time::months_later(Members::of(input, &["date", "months"])?),
        "time.month_length" => |input| time::month_length(Members::of(input, &["length", "at"])?),
        "time.share" => |input| time::share(Members::of(input, &["policy", "part", "cycle", "zone"])?),
        "time.measure" => |input| time::measure(Members::of(input, &["policy", "period", "zone"])?),
        "time.days" => |input| time::days(Members::of(input, &["period", "zone"])?),
        "time.hours" => |input| time::hours(Members::of(input, &["period", "zone"])?),
        "units.convert" => |input| money::convert(Members::of(input, &["quantity", "to"])?),
        "units.convert_measure" => {
            |input| measured::convert_measure(Members::of(input, &["measures", "amount", "from", "to"])?)
        }
        "metering.usage" => metering::usage,
        "metering.segments" => |input| metering::segments(Members::of(input, &["window", "spans", "quota"])?),
        "metering.add" => |input| metering::add(Members::of(input, &["first", "next"])?),
        "metering.delta" => |input| metering::delta(Members::of(input, &["corrected", "stored"])?),
        "metering.reading_delta" => |input| metering::reading_delta(Members::of(input, &["corrected", "stored"])?),
        "metering.samples" => metering::samples,
        "metering.events" => |input| metering::events(Members::of(input, &["window", "how", "events"])?),
        "metering.late_events" => |input| metering::late(Members::of(input, &["window", "how", "known", "late"])?),
        "metering.portal_usage" => |input| metering::portal_usage(Members::of(input, &["window", "rows"])?),
        "metering.portal_history" => |input| metering::portal_history(Members::of(input, &["current", "archive"])?),
        "pricing.amount" => |input| pricing::amount(Members::of(input, &["currency", "rate", "units"])?),
        "pricing.exact" => pricing::exact,
        "pricing.rate" => pricing::rate,
        "pricing.explain" => pricing::explain,
        "pricing.discount" => discount::discount,
        "pricing.discount_lines" => discount::discount_lines,
        "pricing.optional_discounts" => discount::optional_discounts,
        "pricing.reseller_price" => |input| {
            let known = ["mode", "ratio", "price", "list", "sold_at", "commission_rate", "rounding"];
            discount::reseller_price(Members::of(input, &known)?)
        },
        "pricing.inquire" => |input| {
            let known = ["card", "kind", "at", "spec", "for", "count", "discounted", "rounding", "explain"];
            inquiry::inquire(Members::of(input, &known)?)
        },
        "pricing.bill" => |input| {
            let known = ["card", "kind", "at", "of", "window", "quota", "discounted", "rounding", "explain"];
            inquiry::bill(Members::of(input, &known)?)
        },
        "pricing.inquire_parts" => |input| {
            let known = ["card", "kind", "at", "parts", "for", "stock", "cluster", "discounted", "rounding", "explain"];
            inquiry::inquire_parts(Members::of(input, &known)?)
        },
        "pricing.inquire_period" => |input| {
            let known = [
                "card",
                "kind",
                "at",
                "spec",
                "start",
                "term",
                "month",
                "number",
                "subscriptions",
                "discounted",
                "optional_discounts",
                "rounding",
                "explain",
            ];
            inquiry::inquire_period(Members::of(input, &known)?)
        },
        "pricing.reseller_inquiry" => |input| {
            let known = ["widgets", "resources", "duration", "duration_unit", "month", "start", "stock"];
            inquiry::reseller(Members::of(input, &known)?)
        },
        "pricing.portal_order" => |input| {
            let known = ["card", "kind", "spec", "prepaid_percent", "bucket", "term", "count", "pay", "now", "explain"];
            inquiry::portal_order(Members::of(input, &known)?)
        },
        "pricing.portal_renewal" => |input| {
            let known =
                ["card", "kind", "spec", "prepaid_percent", "bucket", "expiry", "term", "until", "now", "explain"];
            inquiry::portal_renewal(Members::of(input, &known)?)
        },
        "pricing.remaining_months" => |input| change::remaining_months(Members::of(input, &["remaining"])?),
        "pricing.change_specification" => |input| {
            let known = ["change", "remaining", "discount", "downgrade", "legs", "rounding"];
            change::change_specification(Members::of(input, &known)?)
        },
        "pricing.plan_remaining" => |input| change::plan_remaining(Members::of(input, &["plan", "now", "rounding"])?),
        "pricing.switch_plan" => {
            |input| change::switch_plan(Members::of(input, &["plan", "price", "now", "rounding"])?)
        }
        "pricing.cancel_plan" => {
            |input| change::cancel_plan(Members::of(input, &["plan", "given_back", "now", "rounding"])?)
        }
        "pricing.used_of_order" => |input| change::used_of_order(Members::of(input, &["order", "at", "by"])?),
        "pricing.unsubscribe" => {
            |input| change::unsubscribe(Members::of(input, &["paid", "vouchers", "of", "rounding"])?)
        }
        "pricing.handling_fee" => {
            |input| change::handling_fee(Members::of(input, &["paid", "table", "term", "year", "rounding"])?)
        }
        "pricing.month_end" => |input| change::month_end(Members::of(input, &["price", "at", "zone", "rounding"])?),
        "pricing.package_order" => |input| package::order(Members::of(input, &["packages", "of", "at"])?),
        "pricing.package_quota" => |input| package::quota(Members::of(input, &["package"])?),
        "pricing.consume_packages" => {
            |input| package::consume(Members::of(input, &["packages", "consumed", "used", "rated"])?)
        }
        "pricing.guarantee" => {
            |input| measured::guarantee(Members::of(input, &["guaranteed", "share", "actual", "rounding"])?)
        }
        "pricing.cap" => {
            |input| measured::cap(Members::of(input, &["maximum", "already_billed", "lines", "rounding"])?)
        }
        "pricing.bandwidth_enhanced" => {
            |input| measured::bandwidth_enhanced(Members::of(input, &["price", "days_in_month", "days", "rounding"])?)
        }
        "pricing.bandwidth_classic" => {
            |input| measured::bandwidth_classic(Members::of(input, &["samples", "price", "rounding"])?)
        }
        "pricing.bandwidth_guarantee" => {
            |input| measured::bandwidth_guarantee(Members::of(input, &["days_in_month", "days"])?)
        }
        "pricing.bandwidth_fee" => {
            |input| measured::bandwidth_fee(Members::of(input, &["bandwidth", "price", "rounding"])?)
        }
        "pricing.funds_gate" => |input| measured::funds_gate(Members::of(input, &["gate", "order", "available"])?),
        "pricing.table_price" => {
            |input| measured::table_price(Members::of(input, &["table", "of", "discount", "rounding"])?)
        }
        "pricing.on_demand" => {
            |input| measured::on_demand(Members::of(input, &["measures", "factor", "usage", "size", "price"])?)
        }
        "pricing.amount_of_events" => {
            |input| cards::amount_of_events(Members::of(input, &["currency", "rate", "events"])?)
        }
        "pricing.price_events" => |input| cards::price_events(Members::of(input, &["currency", "rate", "events"])?),
        "pricing.read_tiers" => |input| cards::read_tiers(Members::of(input, &["shape", "tiers", "bounds"])?),
        "pricing.read_card" => |input| cards::read_card(Members::of(input, &["format", "text"])?),
        "pricing.compare_cards" => |input| cards::compare_cards(Members::of(input, &["old", "new"])?),
        "pricing.what_changed" => {
            |input| cards::what_changed(Members::of(input, &["old", "new", "facts", "counted", "rounding"])?)
        }
        "pricing.catalogue_change" => |input| cards::catalogue_change(Members::of(input, &["catalogue", "changes"])?),
        "pricing.catalogue_stock" => {
            |input| cards::catalogue_stock(Members::of(input, &["catalogue", "centre", "part", "cluster"])?)
        }
        "pricing.lease_rates" => {
            |input| cards::lease_rates(Members::of(input, &["total", "leased", "locked", "locked_is"])?)
        }
        "order.transitions" => |input| order::transitions(Members::of(input, &["table"])?),
        "order.move" => |input| order::moved(Members::of(input, &["table", "from", "event"])?),
        "order.refund_ended" => |input| order::refund_ended(Members::of(input, &["paid", "given_back"])?),
        "order.deliver" => {
            |input| order::deliver(Members::of(input, &["type", "status", "items", "deliveries", "payment"])?)
        }
        "order.timeout" => |input| order::timeout(Members::of(input, &["status", "created", "length_s", "now"])?),
        "order.plan_deadlines" => {
            |input| order::plan_deadlines(Members::of(input, &["start", "cycle", "zone", "count"])?)
        }
        "order.renew" => |input| order::renew(Members::of(input, &["order", "asked"])?),
        "order.dunning" => |input| order::dunning(Members::of(input, &["policy", "orders", "accounts", "now"])?),
        "order.expiry" => |input| order::expiry(Members::of(input, &["policy", "things", "now", "zone"])?),
        "order.may_start" => |input| order::may_start(Members::of(input, &["standing", "now"])?),
        "order.convert" => {
            |input| order::convert(Members::of(input, &["spans", "at", "term", "month", "arrears", "then"])?)
        }
        "order.extend" => |input| order::extend(Members::of(input, &["until", "now", "term", "month"])?),
        "order.lease" => |input| lease::lease(Members::of(input, &["book", "lease"])?),
        "order.lock" => |input| lease::lock(Members::of(input, &["book", "lock"])?),
        "order.release" => |input| lease::release(Members::of(input, &["book", "what", "on"])?),
        "order.extend_lease" => |input| lease::extend(Members::of(input, &["book", "lease", "until"])?),
        "order.free" => |input| lease::free(Members::of(input, &["book", "dates"])?),
        "order.lease_day" => |input| lease::day(Members::of(input, &["book", "date", "locked_is"])?),
        "order.scaled" => |input| order::scaled(Members::of(input, &["amount"])?),
        "order.unscaled" => |input| order::unscaled(Members::of(input, &["stored"])?),
        "order.vendor_word" => |input| order::vendor_word(Members::of(input, &["vendor", "kind", "state"])?),
        "wallet.plan" => wallet::plan,
        "wallet.usable_funds" => |input| wallet::usable_funds(Members::of(input, &["purpose", "funds", "now"])?),
        "wallet.has_enough" => |input| wallet::has_enough(Members::of(input, &["needed", "purpose", "funds", "now"])?),
        "wallet.redeem" => |input| wallet::redeem(Members::of(input, &["coupon", "by", "presented", "code"])?),
        "wallet.funding_presets" => |input| Members::of(input, &[]).and_then(|_| funding::presets()),
        "wallet.funding_order" => |input| funding::order(Members::of(input, &["order"])?),
        "wallet.available" => |input| funding::available(Members::of(input, &["order", "purpose", "funds", "now"])?),
        "wallet.authorise" => |input| {
            let known = ["charge", "unit_application", "earlier", "funds", "expires", "now"];
            funding::authorise(Members::of(input, &known)?)
        },
        "wallet.capture" => |input| funding::capture(Members::of(input, &["lock", "amount", "funds", "now"])?),
        "wallet.void" => |input| funding::void(Members::of(input, &["lock", "now"])?),
        "wallet.expire" => |input| funding::expire(Members::of(input, &["lock", "now"])?),
        "wallet.fund_notices" => |input| funding::fund_notices(Members::of(input, &["fund", "policy", "sent", "now"])?),
        "wallet.balance_notices" => {
            |input| funding::balance_notices(Members::of(input, &["balance", "policy", "sent"])?)
        }
        "wallet.notices" => |input| wallet::notices(Members::of(input, &["coupon", "policy", "sent", "now"])?),
        "wallet.refund" => |input| {
            let known = ["payment", "refunds", "elsewhere", "coupons", "funds", "request", "now"];
            refund::refund(Members::of(input, &known)?)
        },
        "wallet.refund_transition" => {
            |input| refund::transition(Members::of(input, &["payment", "refunds", "id", "event"])?)
        }
        "wallet.refund_items" => |input| refund::items(Members::of(input, &["paid", "items", "step"])?),
        "wallet.refund_of_correction" => |input| refund::of_correction(Members::of(input, &["amount", "payments"])?),
        "statement.daily" => |input| statement::daily_of(Members::of(input, &["day", "readings"])?),
        "statement.restate" => |input| statement::again(Members::of(input, &["day", "stated", "readings"])?),
        "statement.pay" => |input| statement::pay(Members::of(input, &["statement"])?),
        "statement.cancel" => |input| statement::cancel(Members::of(input, &["statement"])?),
        "statement.correct" => |input| report::correct_group(Members::of(input, &["group"])?),
        "statement.monthly" => |input| {
            let known = ["days", "zone", "currency", "top", "owners", "rows", "statements", "payments", "refunds"];
            report::monthly(Members::of(input, &known)?)
        },
        "statement.trend" => |input| report::trend_of(Members::of(input, &["first", "last", "points"])?),
        "statement.figures" => |input| report::figures(Members::of(input, &["paid", "refunded", "cost"])?),
        "statement.compare" => |input| report::compare(Members::of(input, &["figures", "month", "rounding"])?),
        "statement.forecast" => |input| report::forecast(Members::of(input, &["balance", "from", "expect"])?),
        "statement.invoice" => {
            |input| report::invoice(Members::of(input, &["id", "owner", "from", "sources", "invoices"])?)
        }
        "statement.invoice_move" => |input| report::invoice_move(Members::of(input, &["invoice", "event", "sources"])?),
        "statement.bill_types" => |input| export::bill_types(Members::of(input, &["number"])?),
        "statement.check_bills" => |input| export::check(Members::of(input, &["rows"])?),
        "statement.focus_rows" => |input| export::focus_rows(Members::of(input, &["billed"])?),
        "statement.focus_csv" => |input| export::focus_csv(Members::of(input, &["billed", "invoices"])?),
        "statement.focus_check" => |input| export::focus_check(Members::of(input, &["csv", "invoices"])?),
        "statement.settle" => {
            |input| export::settle_bills(Members::of(input, &["order", "bills", "settled", "earlier"])?)
        }
        "placement.quantity" => |input| placement::quantity::read(Members::of(input, &["text"])?),
        "placement.quantity_add" => |input| placement::quantity::add(Members::of(input, &["a", "b"])?),
        "placement.quantity_subtract" => |input| placement::quantity::subtract(Members::of(input, &["a", "b"])?),
        "placement.quantity_compare" => |input| placement::quantity::compare(Members::of(input, &["a", "b"])?),
        "placement.quantity_in_units" => {
            |input| placement::quantity::in_units(Members::of(input, &["text", "scale", "mode"])?)
        }
        "placement.quantity_round_up" => |input| placement::quantity::round_up(Members::of(input, &["text", "scale"])?),
        "placement.amount" => |input| placement::quantity::amount(Members::of(input, &["resource", "text", "mode"])?),
        "placement.displayed_amount" => {
            |input| placement::quantity::displayed(Members::of(input, &["resource", "text", "mode"])?)
        }
        "placement.check" => |input| {
            let known = ["inventory", "products", "rules", "telling", "detail"];
            placement::check::check(Members::of(input, &known)?)
        },
        "placement.count" => |input| placement::check::count(Members::of(input, &["inventory", "products", "rules"])?),
        "placement.free" => |input| placement::check::free(Members::of(input, &["inventory"])?),
        "placement.what_if" => {
            |input| placement::check::what_if(Members::of(input, &["inventory", "products", "rules", "changes"])?)
        }
        "placement.judge" => |input| placement::stages::judge(Members::of(input, &["centre", "products"])?),
        "placement.explain" => |input| placement::stages::explain(Members::of(input, &["centre", "product"])?),
        "placement.gpus" => |input| placement::gpus::gpus(Members::of(input, &["ledger", "inventory", "cluster"])?),
        "placement.place" => |input| {
            let known = ["inventory", "groups", "rules", "budget", "heuristic"];
            placement::place::place(Members::of(input, &known)?)
        },
        "placement.verify" => |input| {
            placement::place::verify(Members::of(input, &["inventory", "groups", "rules", "answers", "budget"])?)
        },
        "placement.count_jointly" => {
            |input| placement::place::jointly(Members::of(input, &["inventory", "products", "rules", "budget"])?)
        }
        "placement.count_bundles" => {
            |input| placement::place::bundles(Members::of(input, &["inventory", "bundle", "rules", "budget"])?)
        }
        "placement.quota_deduct" => {
            |input| placement::quota::deduct(Members::of(input, &["quota", "pool", "amounts"])?)
        }
        "placement.quota_release" => {
            |input| placement::quota::release(Members::of(input, &["quota", "pool", "amounts"])?)
        }
        "placement.determine_accommodation" => {
            |input| placement::reseller::accommodation(Members::of(input, &["nodes", "labels", "products"])?)
        }
        "placement.gpu_stock" => |input| placement::reseller::cards(Members::of(input, &["entries", "cluster"])?),
        "placement.disk_quota" => |input| placement::reseller::disk_quota(Members::of(input, &["total", "used"])?),
        _ => return None,
    })
}
