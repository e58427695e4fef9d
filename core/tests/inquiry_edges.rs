//! Inquiries and bills where they are easiest to get wrong: corrections under limits, terms without end, a
//! line that can not be rated, stock from the catalogue (R-P3 … R-P6, R-P17).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use counterfoil::{
    error::Language,
    metering::{History, Kind, Part, Span, Spec},
    money::Rounding,
    pricing::{
        Catalogue, Every, IfListed, NewPart, PartKey, Rate, RateCard, Tariff, Terms,
        discount::{DiscountFacts, Discounts, Listed, Of},
        inquiry::{Asked, PartInquiry, PartRequest, Stock, Term, TermMonths},
    },
    time::{Instant, Period, Zone},
    units::{Quantity, Unit},
    wire::evaluate,
};

fn start() -> Instant {
    "2024-02-20T00:00:00Z".parse().unwrap()
}

fn card(rates: &str, more: &str) -> Result<RateCard, counterfoil::error::PricingError> {
    RateCard::from_toml(&format!("revision = \"r\"\ncurrency = \"CNY\"\nrates = [{rates}]\n{more}"))
}

fn tariff(rates: &str, more: &str) -> Tariff {
    card(rates, more).unwrap().tariff(&Kind::Server, start()).unwrap()
}

const CPU: &str = r#"{ kind = "server", part = "cpu", price = "1", per = "core", every = "hour" }"#;

/// R-P3, R-U6: limits are of a whole reading. A correction of −2 under a minimum of 10 is no charge of 10.
#[test]
fn a_correction_under_limits_is_refused_by_a_bill_as_by_a_rating() {
    let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z").unwrap();
    let usage = |cores: u64| {
        let spec = Spec::new([(Part::CPU, Quantity::whole(cores, Unit::Core))]).unwrap();
        History::new([Span::post_paid(day.start(), Some(day.end()), spec)]).unwrap().usage(day).unwrap().unwrap()
    };
    let correction = usage(1).delta(&usage(3)).unwrap();
    let limited = tariff(CPU, "limits = { server = { minimum = \"10\" } }");
    let terms = Terms::list(Rounding::PORTAL);
    assert_eq!(limited.rate(&correction, Rounding::PORTAL).unwrap_err().code(), "pricing.negative_units");
    assert_eq!(limited.bill(&correction, terms).unwrap_err().code(), "pricing.negative_units");
    // without limits a correction is a bill like any other
    assert_eq!(tariff(CPU, "").bill(&correction, terms).unwrap().payable().to_string(), "-48.00");
}

/// R-P3: a maximum below zero would make a credit of every charge.
#[test]
fn limits_are_not_below_zero() {
    for limit in ["minimum", "maximum"] {
        let of_line = CPU.replace("every", &format!("{limit} = \"-10\", every"));
        let of_quote = format!("limits = {{ server = {{ {limit} = \"-10\" }} }}");
        assert!(card(&of_line, "").is_err(), "{limit} of a line");
        assert!(card(CPU, &of_quote).is_err(), "{limit} of a quote");
        assert!(card(&of_line.replace("-10", "0"), &of_quote.replace("-10", "0")).is_ok());
    }
}

fn code(operation: &str, input: &str) -> String {
    let answer = evaluate(operation, input);
    let code = answer.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next());
    code.map_or(answer.clone(), str::to_owned)
}
