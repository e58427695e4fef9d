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

/// R-P15: two amounts without lines are those of the quote, or its error: whatever takes another way than plain prices.
#[test]
fn amounts_are_those_of_the_quote_or_its_error() {
    let cores = |cores: &str| {
        Spec::new([
            (Part::CPU, Quantity::parse(cores, Unit::Core).unwrap()),
            (Part::RAM, Quantity::whole(0, Unit::GiB)),
        ])
    };
    let hours = |hours: u32| Term::hours(hours).unwrap().period(start(), TermMonths::Fixed30).unwrap();
    let none = Period::new(start(), start()).unwrap();
    let once = CPU.replace("hour", "once");
    let tariffs = [
        tariff(CPU, ""),
        tariff(&once, ""),
        tariff(&CPU.replace("hour", "month"), ""),
        tariff(BY_MONTH, ""),
        tariff(CPU, "limits = { server = { minimum = \"10\" } }"),
        tariff(&CPU.replace("core", "GiB"), ""),
        tariff(&CPU.replace("cpu", "gpu"), ""),
    ];
    let roundings =
        ["half_even 0.01 total", "up 1 line", "half_even 0.01 line_carry", "half_even 0.01 segment", "up 1 month"];
    let mut errors = Vec::new();
    for tariff in &tariffs {
        for asked in [
            Asked::new(cores("1.234").unwrap(), none),
            Asked::new(cores("79228162514264337593543950335").unwrap(), hours(1000)),
        ] {
            for count in [1, 3, u32::MAX] {
                for rounding in roundings {
                    let (asked, terms) = (asked.clone().times(count).unwrap(), Terms::list(rounding.parse().unwrap()));
                    let quoted = tariff.inquire(&asked, terms);
                    let quoted =
                        quoted.map(|quote| (quote.original_rounded().clone(), quote.payable_rounded().clone()));
                    errors.extend(quoted.as_ref().err().map(|error| error.code()));
                    let amounts = tariff.amounts(&asked, terms);
                    assert_eq!(amounts.map(|amounts| (amounts.original, amounts.payable)), quoted);
                }
            }
        }
    }
    errors.sort_unstable();
    errors.dedup();
    let expected =
        ["money.overflow", "pricing.no_duration", "pricing.no_rate", "pricing.rounds_elsewhere", "units.incompatible"];
    assert_eq!(errors, expected);
}

const BY_MONTH: &str = r#"{ kind = "server", part = "cpu", price = "1", per = "core", every = "month", month = "to_month_end", zone = "Asia/Shanghai" }"#;

/// R-P5: a price by calendar months makes a line for each: so many and no more.
#[test]
fn months_without_end_are_refused_before_they_are_counted_out() {
    let tariff = tariff(BY_MONTH, "");
    let spec = Spec::new([(Part::CPU, Quantity::whole(1, Unit::Core))]).unwrap();
    let quote = |months: u32| {
        let window = Term::months(months).period(start(), TermMonths::Calendar(Zone::UTC)).unwrap();
        let requests = [PartRequest { part: Part::CPU, amount: Quantity::whole(1, Unit::Core) }];
        let whole = tariff.inquire(&Asked::new(spec.clone(), window), Terms::list(Rounding::PORTAL));
        let parts = tariff.inquire_parts(&PartInquiry::new(&requests, window), Terms::list(Rounding::PORTAL));
        [whole.map(|quote| quote.payable()), parts.map(|parts| parts.quote().payable())]
    };
    for quoted in quote(1200) {
        assert!(quoted.is_ok(), "a hundred years");
    }
    for quoted in quote(12 * 7000) {
        assert_eq!(quoted.unwrap_err().code(), "pricing.too_many_months");
    }
}

/// R-P4: a bad line carries nothing but its error, also where its price needs events.
#[test]
fn a_part_that_can_not_be_priced_by_its_sum_is_a_bad_line() {
    let fee = r#"{ kind = "server", part = "fee", shape = "percentage", percent = "2.9", event_fee = "0.30", per = "amount", every = "once" }"#;
    let tariff = tariff(&format!("{CPU}, {fee}"), "");
    let requests = [
        PartRequest { part: "fee".parse().unwrap(), amount: Quantity::whole(100, Unit::Amount) },
        PartRequest { part: Part::CPU, amount: Quantity::whole(4, Unit::Core) },
    ];
    let window = Term::hours(1).unwrap().period(start(), TermMonths::Fixed30).unwrap();
    let quote = tariff.inquire_parts(&PartInquiry::new(&requests, window), Terms::list(Rounding::RESELLER)).unwrap();
    assert_eq!(quote.fault().unwrap().code(), "pricing.needs_events");
    assert_eq!(quote.quote().payable().to_string(), "4.00");
}

/// R-P17, R-P4: what a centre has free is what can be asked for, cluster by cluster; listed without stock is none.
#[test]
fn a_catalogue_is_asked_directly() {
    let (jinan, x, n) = ("jinan".parse().unwrap(), "X".parse().unwrap(), "N".parse().unwrap());
    let key = |centre: &str, part: &Part| PartKey { centre: centre.parse().unwrap(), part: part.clone() };
    let listed = |key: PartKey, unit| NewPart { key, rate: Rate::per_unit(1.into(), unit, Every::Hour), unit };
    let card: Part = "gpu[STANDARD-8G]".parse().unwrap();
    let cards = |count| Quantity::whole(count, Unit::Card);
    let catalogue = Catalogue::default()
        .add(listed(key("jinan", &card), Unit::Card), IfListed::Refuse)
        .and_then(|catalogue| catalogue.add(listed(key("jinan", &Part::CPU), Unit::Core), IfListed::Refuse))
        .and_then(|catalogue| catalogue.add(listed(key("beijing", &card), Unit::Card), IfListed::Refuse))
        .and_then(|catalogue| catalogue.supply(&key("jinan", &card), &x, cards(2)))
        .and_then(|catalogue| catalogue.supply(&key("jinan", &card), &n, cards(3)))
        .and_then(|catalogue| catalogue.supply(&key("beijing", &card), &n, cards(7)))
        .and_then(|catalogue| catalogue.consume(&key("jinan", &card), &n, cards(1)))
        .unwrap();
    let stock = Stock::of_centre(&catalogue, &jinan);
    let of = |part: &Part, cluster, unit| stock.of(part, cluster, unit).unwrap().map(|amount| amount.to_string());
    assert_eq!(of(&card, None, Unit::Card).as_deref(), Some("4"));
    assert_eq!(of(&card, Some(&n), Unit::Card).as_deref(), Some("2"));
    assert_eq!(of(&Part::CPU, None, Unit::Core).as_deref(), Some("0"));
    assert_eq!(of(&Part::RAM, None, Unit::GiB), None);
}

fn code(operation: &str, input: &str) -> String {
    let answer = evaluate(operation, input);
    let code = answer.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next());
    code.map_or(answer.clone(), str::to_owned)
}

/// On the wire, a time that is said twice is not a time that is missing, and no member goes unread.
#[test]
fn a_window_is_said_once() {
    let inquire = |window: &str| {
        let card = r#"{"revision": "r", "currency": "CNY", "rates":
            [{"kind": "server", "part": "cpu", "price": "1", "per": "core", "every": "hour"}]}"#;
        code(
            "pricing.inquire",
            &format!(
                r#"{{"card": {card}, "kind": "server", "spec": {{"cpu": "1 core"}}, "rounding": "portal", "for": {window}}}"#
            ),
        )
    };
    let (start, end) = (r#""start": "2024-02-20T00:00:00Z""#, r#""end": "2024-02-21T00:00:00Z""#);
    assert_eq!(inquire(&format!(r#"{{{start}, {end}, "term": {{"days": 1}}}}"#)), "wire.bad_input");
    assert_eq!(inquire(&format!(r#"{{{start}, {end}, "month": "fixed_30"}}"#)), "wire.bad_input");
    assert_eq!(inquire(&format!(r#"{{{start}}}"#)), "pricing.no_duration");
    assert!(inquire(&format!(r#"{{{start}, {end}}}"#)).starts_with(r#"{"ok":"#));
}

/// R-P4, on the wire: two rows of stock for one part are a fault, not the last of them.
#[test]
fn stock_of_a_part_stands_once() {
    let inquire = |stock: &str| {
        code(
            "pricing.reseller_inquiry",
            &format!(
                r#"{{"widgets": [{{"type": "cpu", "unit_price": "1.5", "price_unit": "核", "charge_unit": "小时", "account_unit": "元"}}],
                "resources": [{{"type": "cpu", "amount": 4, "unit": "核"}}], "duration": 1, "duration_unit": "小时",
                "start": "2025-07-01T00:00:00Z", "stock": [{stock}]}}"#
            ),
        )
    };
    let row = |amount: u8| format!(r#"{{"part": "cpu", "amount": {amount}}}"#);
    assert_eq!(inquire(&format!("{}, {}", row(2), row(9))), "metering.repeated_part");
    assert!(inquire(&row(9)).starts_with(r#"{"ok":{"status":true"#));
}

/// R-P6: a part with a model of its own is read as in a rate card, where the part is a dimension by any name: a rule
/// is never for another model than both of its members say.
#[test]
fn a_rule_with_a_model_is_read_as_a_rate_is() {
    let read = |part: &str| {
        Discounts::from_toml(&format!(
            "combine = \"best\"\nrules = [{{ name = \"a\", source = \"voucher\", {part}, off = \"1\" }}]"
        ))
    };
    assert_eq!(read(r#"part = "gpu", model = "B""#).unwrap(), read(r#"part = "gpu[B]""#).unwrap());
    let both = r#"part = "gpu[A]", model = "B""#;
    let rate = format!(r#"{{ kind = "server", {both}, price = "1", per = "card", every = "hour" }}"#);
    let Of::Part(part) = read(both).unwrap().rules()[0].of.clone() else { panic!("it is for a part") };
    assert_eq!(part, card(&rate, "").unwrap().entries()[0].part);
}

/// R-P15: columns of a trace stand where they stand, however many rules there are.
#[test]
fn the_columns_of_a_trace_do_not_depend_on_its_rows() {
    let first_line = |rules: &str| {
        let discounts = Discounts::from_toml(&format!("combine = \"first\"\nrules = [{rules}]")).unwrap();
        let listed = Listed { kind: &Kind::Server, part: None, units: 1.into(), amount: 64.into() };
        let discounted = discounts.apply(&DiscountFacts::anybody(start()), &listed).unwrap();
        discounted.trace().text(Language::English).lines().next().unwrap().to_owned()
    };
    let rule = |name: &str| format!(r#"{{ name = "{name}", source = "voucher", off = "1" }}"#);
    assert_eq!(first_line(&rule("a")), first_line(&format!("{}, {}", rule("a"), rule("b"))));
}

/// What is too long is named as it was asked for.
#[test]
fn a_term_that_is_too_long_is_named() {
    let fault = Term::months(u32::MAX).period(start(), TermMonths::Fixed30).unwrap_err();
    assert!(fault.to_string().contains("`4294967295 months`"), "{fault}");
    assert!(Term::years(u32::MAX).unwrap_err().to_string().contains("`4294967295 years`"));
}
