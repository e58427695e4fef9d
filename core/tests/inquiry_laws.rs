//! Laws of inquiries: what is quoted is what is billed, lines add up, and how something is spelled
//! changes nothing (R-P3, R-P5, R-P6, R-P15).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

use counterfoil::{
    exact::{Exact, RoundingMode, decimal},
    metering::{Dimension, History, Kind, Part, Span, Spec},
    money::{CNY, Ratio, RoundAt, Rounding},
    pricing::{
        Entry, Every, Limits, Rate, RateCard, Shape, Tariff, Terms, Tier, ZeroUsage,
        discount::{Combine, DiscountFacts, DiscountRule, Discounts, Effect, Of, Pick, Policy, Source},
        inquiry::{Amounts, Asked, PartInquiry, PartRequest, PeriodInquiry, Quote, Term, TermMonths},
    },
    time::{Instant, MICROS_PER_DAY, MICROS_PER_HOUR, MonthLength, Period, Zone},
    units::{Quantity, Unit},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

const PARTS: [(&str, Unit, Unit); 4] = [
    ("cpu", Unit::Core, Unit::MilliCore),
    ("ram", Unit::GiB, Unit::MiB),
    ("disk", Unit::TiB, Unit::GiB),
    ("gpu[A100]", Unit::Card, Unit::MilliCard),
];

fn start() -> Instant {
    "2024-02-20T08:00:00Z".parse().unwrap()
}

fn price() -> impl Strategy<Value = Decimal> {
    (0..1_000_000_i64, 0..6_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn tiers() -> impl Strategy<Value = Vec<Tier>> {
    proptest::collection::vec((1..500_i64, 0..2_u32, price(), prop::bool::ANY), 1..5).prop_map(|rows| {
        let last = rows.len() - 1;
        let mut bound = Decimal::ZERO;
        let tier = |(index, (width, scale, price, flat)): (usize, (i64, u32, Decimal, bool))| {
            bound = decimal::add(bound, Decimal::new(width, scale)).unwrap();
            let flat = if flat { Decimal::new(25, 1) } else { Decimal::ZERO };
            Tier { up_to: (index != last).then_some(bound), price, flat }
        };
        rows.into_iter().enumerate().map(tier).collect()
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        4 => price().prop_map(Shape::per_unit),
        1 => tiers().prop_map(|tiers| Shape::graduated(&tiers).unwrap()),
        1 => tiers().prop_map(|tiers| Shape::volume(&tiers).unwrap()),
        1 => (1..50_i64, price()).prop_map(|(size, price)| Shape::package(size.into(), price).unwrap()),
    ]
}

fn every() -> impl Strategy<Value = Every> {
    prop_oneof![
        3 => Just(Every::Hour),
        1 => Just(Every::Second),
        1 => Just(Every::Minute),
        2 => Just(Every::Day),
        1 => Just(Every::Month(MonthLength::Fixed30)),
    ]
}

fn rate(per: Unit) -> impl Strategy<Value = Rate> {
    (shape(), every(), 0..20_i64, proptest::option::of(price()), prop::bool::ANY).prop_map(
        move |(shape, every, free, minimum, charged)| Rate {
            shape,
            per,
            every,
            free: free.into(),
            minimum,
            maximum: None,
            zero: if charged { ZeroUsage::Charged } else { ZeroUsage::Free },
        },
    )
}

fn card(rates: Vec<Rate>, limits: Limits) -> RateCard {
    let entry = |((part, ..), rate): (&(&str, Unit, Unit), Rate)| Entry {
        kind: Kind::Server,
        part: part.parse().unwrap(),
        rate,
        from: None,
        to: None,
    };
    let entries = PARTS.iter().zip(rates).map(entry);
    RateCard::new("r1".parse().unwrap(), CNY, entries).unwrap().with_limits(Kind::Server, limits).unwrap()
}

fn rates() -> impl Strategy<Value = Vec<Rate>> {
    (rate(Unit::Core), rate(Unit::GiB), rate(Unit::GiB), rate(Unit::Card)).prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

fn tariff() -> impl Strategy<Value = Tariff> {
    let limits = (proptest::option::of(0..500_i64), proptest::option::of(500..100_000_i64))
        .prop_map(|(least, most)| Limits { minimum: least.map(Decimal::from), maximum: most.map(Decimal::from) });
    (rates(), limits).prop_map(|(rates, limits)| card(rates, limits).tariff(&Kind::Server, start()).unwrap())
}

fn spec() -> impl Strategy<Value = Vec<(Decimal, Unit)>> {
    let quantity = |coarse: Unit, fine: Unit| {
        (0..3_000_i64, prop::bool::ANY).prop_map(move |(amount, is_fine)| {
            if is_fine { (amount.into(), fine) } else { (Decimal::new(amount, 1), coarse) }
        })
    };
    let [(_, a, b), (_, c, d), (_, e, f), (_, g, h)] = PARTS;
    (quantity(a, b), quantity(c, d), quantity(e, f), quantity(g, h)).prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

fn spec_of(quantities: &[(Decimal, Unit)]) -> Spec {
    let part = |((part, ..), (amount, unit)): (&(&str, Unit, Unit), &(Decimal, Unit))| {
        (part.parse::<Part>().unwrap(), Quantity::new(*amount, *unit).unwrap())
    };
    Spec::new(PARTS.iter().zip(quantities).map(part)).unwrap()
}

fn rounding() -> impl Strategy<Value = Rounding> {
    let mode = prop::sample::select(RoundingMode::ALL.to_vec());
    let step = prop::sample::select(vec!["0.01", "0.05", "0.0001", "1", "0.3"]);
    let at = prop::sample::select(vec![RoundAt::Line, RoundAt::LineCarry, RoundAt::Total]);
    (mode, step, at).prop_map(|(mode, step, at)| Rounding::new(mode, decimal::parse(step).unwrap(), at).unwrap())
}

fn window() -> impl Strategy<Value = Period> {
    (1..60 * MICROS_PER_DAY).prop_map(|micros| Period::new(start(), start().plus_micros(micros).unwrap()).unwrap())
}

fn discounts() -> impl Strategy<Value = Discounts> {
    let effect = prop_oneof![
        3 => (0..=100_i64).prop_map(|percent| Effect::Ratio(Ratio::percent(percent.into()).unwrap())),
        1 => (0..10_000_i64).prop_map(|off| Effect::Off(Decimal::new(off, 2))),
        1 => price().prop_map(Effect::Price),
    ];
    let multiply = Combine::Multiply { in_group: Pick::First };
    let combine = prop::sample::select(vec![Combine::First, Combine::Best, multiply]);
    (proptest::collection::vec((effect, 0..4_usize), 0..4), combine).prop_map(|(effects, combine)| {
        let rule = |(index, (effect, of))| {
            let rule = DiscountRule::new(format!("rule {index}").parse().unwrap(), Source::Agreement, effect);
            match of {
                0 => rule.of_part(Part::RAM),
                1 => rule.of_dimension(Dimension::Gpu),
                _ => rule,
            }
        };
        Discounts::new(effects.into_iter().enumerate().map(rule).collect(), Policy::new(combine)).unwrap()
    })
}

fn adds_up(quote: &Quote) -> Result<(), TestCaseError> {
    let subtotals = quote.subtotals().unwrap();
    let sum = subtotals.lines.iter().fold(subtotals.limit, |sum, line| decimal::add(sum, *line).unwrap());
    prop_assert_eq!(sum, quote.payable());
    for line in &subtotals.lines {
        quote.rounding().check(*line).unwrap();
    }
    prop_assert_eq!(quote.explain().recompute().unwrap(), (quote.original(), quote.payable()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// R-P15: one engine. The quote for a spec and the bill for a history of it are equal to the last
    /// digit, whatever the rates, the limits, the rounding and the discounts.
    #[test]
    fn what_is_quoted_is_what_is_billed(
        tariff in tariff(), spec in spec(), window in window(), rounding in rounding(), discounts in discounts(),
    ) {
        let spec = spec_of(&spec);
        let history = History::new([Span::post_paid(window.start(), Some(window.end()), spec.clone())]).unwrap();
        let asked = Asked::new(spec, window);
        let facts = DiscountFacts::anybody(start());
        let quote = tariff.inquire(&asked, Terms::list(rounding)).unwrap();
        if let Some(usage) = history.usage(window).unwrap() {
            let rated = tariff.rate(&usage, rounding).unwrap();
            prop_assert_eq!(quote.original_rounded(), rated.original_rounded());
            prop_assert_eq!(quote.payable_rounded(), rated.payable_rounded());
            prop_assert_eq!(quote.explain(), &rated.explain().unwrap());
            let terms = Terms::discounted(&discounts, &facts, rounding);
            prop_assert_eq!(tariff.inquire(&asked, terms).unwrap(), tariff.bill(&usage, terms).unwrap());
        }
        adds_up(&quote)?;
    }

    /// R-P6, R-P15: with discounts too, lines add up, and no line is below zero; without its lines, a quote comes to
    /// the same amounts.
    #[test]
    fn lines_add_up_and_no_discount_makes_one_negative(
        tariff in tariff(), spec in spec(), window in window(), rounding in rounding(), discounts in discounts(),
        count in 1..6_u32,
    ) {
        let asked = Asked::new(spec_of(&spec), window).times(count).unwrap();
        let facts = DiscountFacts::anybody(start());
        for terms in [Terms::list(rounding), Terms::discounted(&discounts, &facts, rounding)] {
            let Amounts { original, payable } = tariff.amounts(&asked, terms).unwrap();
            let quote = tariff.inquire(&asked, terms).unwrap();
            prop_assert_eq!((&original, &payable), (quote.original_rounded(), quote.payable_rounded()));
        }
        let quote = tariff.inquire(&asked, Terms::discounted(&discounts, &facts, rounding)).unwrap();
        adds_up(&quote)?;
        for line in quote.lines() {
            prop_assert!(!line.payable.is_negative());
            prop_assert!(line.payable <= line.original, "without surcharges");
        }
        let one = tariff.inquire(&Asked::new(spec_of(&spec), window), Terms::list(rounding)).unwrap();
        for (line, one) in quote.lines().iter().zip(one.lines()) {
            prop_assert_eq!(&line.original, &one.original.times(&i64::from(count).into()).unwrap());
        }
    }

    /// R-P1, R-M5: a unit respelled changes nothing.
    #[test]
    fn spelling_changes_nothing(
        tariff in tariff(), spec in spec(), window in window(), rounding in rounding(),
    ) {
        let respelled: Vec<(Decimal, Unit)> = spec.iter().zip(PARTS).map(|((amount, unit), (_, coarse, fine))| {
            let other = if *unit == fine { coarse } else { fine };
            match Quantity::new(*amount, *unit).unwrap().to(other) {
                Ok(same) => (same.amount(), other),
                Err(_) => (*amount, *unit),
            }
        }).collect();
        let quote = |spec: &[(Decimal, Unit)]| {
            tariff.inquire(&Asked::new(spec_of(spec), window), Terms::list(rounding)).unwrap()
        };
        let (here, there) = (quote(&spec), quote(&respelled));
        prop_assert_eq!(here.original_rounded(), there.original_rounded());
        prop_assert_eq!(here.explain().lines(), there.explain().lines());
    }

    /// R-P1: a price by the hour and 24 times it by the day, in yuan and in jiao, per GiB and per MiB.
    #[test]
    fn a_price_respelled_is_the_same_price(
        price in 0..1_000_000_i64, spec in spec(), window in window(), rounding in rounding(),
    ) {
        let quote = |price: Decimal, sub_unit: &str, per: &str, every: &str| {
            let card = RateCard::from_toml(&format!(
                "revision = \"r\"\ncurrency = \"CNY\"\nrates = [{{ kind = \"server\", part = \"ram\", price = \"{price}\", \
                sub_unit = \"{sub_unit}\", per = \"{per}\", every = \"{every}\" }}]"
            )).unwrap();
            let (amount, unit) = spec[1];
            let spec = Spec::new([(Part::RAM, Quantity::new(amount, unit).unwrap())]).unwrap();
            card.inquire(&Kind::Server, &Asked::new(spec, window), Terms::list(rounding)).unwrap().original()
        };
        let by_hour = quote(Decimal::new(price, 3), "元", "GiB", "hour");
        let times = |factor: i64| decimal::multiply(Decimal::new(price, 3), factor.into()).unwrap();
        prop_assert_eq!(by_hour, quote(times(24), "元", "GiB", "day"));
        prop_assert_eq!(by_hour, quote(times(10), "角", "Gi", "小时"));
        prop_assert_eq!(by_hour, quote(times(1024 * 100), "分", "TiB", "hour"));
    }

    /// R-U7, R-P2: a period split and summed is the whole, before rounding.
    #[test]
    fn a_split_period_adds_up_to_the_whole(
        prices in proptest::array::uniform4(price()), spec in spec(), window in window(), at in 0..1_000_i64,
    ) {
        let rates = prices.into_iter().zip(PARTS).map(|(price, (_, per, _))| Rate::per_unit(price, per, Every::Hour));
        let tariff = card(rates.collect(), Limits::default()).tariff(&Kind::Server, start()).unwrap();
        let cut = start().plus_micros(window.micros() / 1_000 * at).unwrap();
        let exact = |start: Instant, end: Instant| {
            if start == end {
                return Exact::ZERO;
            }
            let asked = Asked::new(spec_of(&spec), Period::new(start, end).unwrap());
            tariff.inquire(&asked, Terms::list(Rounding::PORTAL)).unwrap().original_rounded().exact().clone()
        };
        let parts = exact(window.start(), cut).plus(&exact(cut, window.end())).unwrap();
        prop_assert_eq!(parts, exact(window.start(), window.end()));
    }

    /// R-P3: graduated is continuous and does not fall; one tier is volume is per unit.
    #[test]
    fn graduated_is_continuous_and_does_not_fall(tiers in tiers(), units in 0..5_000_i64, more in 1..100_i64) {
        let tiers: Vec<Tier> = tiers.into_iter().map(|tier| Tier { flat: Decimal::ZERO, ..tier }).collect();
        let graduated = Shape::graduated(&tiers).unwrap();
        let amount = |shape: &Shape, units: &Exact| shape.amount(units, ZeroUsage::Free).unwrap();
        let steepest = tiers.iter().map(|tier| tier.price).max().unwrap();
        let (units, step) = (Exact::ratio(units, 7).unwrap(), Exact::ratio(more, 1_000).unwrap());
        let here = amount(&graduated, &units);
        let there = amount(&graduated, &units.plus(&step).unwrap());
        prop_assert!(here <= there, "it does not fall");
        // Lipschitz: no jump anywhere, however near the two are.
        prop_assert!(there.minus(&here).unwrap() <= step.times(&steepest.into()).unwrap(), "it is continuous");
        let one = [Tier { up_to: None, ..tiers[0] }];
        let single = Shape::volume(&one).unwrap();
        prop_assert_eq!(amount(&single, &units), amount(&Shape::graduated(&one).unwrap(), &units));
        prop_assert_eq!(amount(&single, &units), amount(&Shape::per_unit(tiers[0].price), &units));
    }

    /// R-P4: parts asked for one by one cost what they cost as one server, and lines add up.
    #[test]
    fn parts_cost_what_the_whole_costs(
        prices in proptest::array::uniform4(price()), spec in spec(), window in window(), rounding in rounding(),
    ) {
        let rates = prices.into_iter().zip(PARTS).map(|(price, (_, per, _))| Rate::per_unit(price, per, Every::Hour));
        let tariff = card(rates.collect(), Limits::default()).tariff(&Kind::Server, start()).unwrap();
        let spec = spec_of(&spec);
        let requests: Vec<PartRequest> =
            spec.parts().map(|(part, amount)| PartRequest { part: part.clone(), amount }).collect();
        let parts = tariff.inquire_parts(&PartInquiry::new(&requests, window), Terms::list(rounding)).unwrap();
        let whole = tariff.inquire(&Asked::new(spec, window), Terms::list(rounding)).unwrap();
        prop_assert_eq!(parts.quote().payable_rounded(), whole.payable_rounded());
        let lines = parts.lines().iter().map(|line| *line.subtotal.as_ref().unwrap());
        let sum = lines.fold(Decimal::ZERO, |sum, line| decimal::add(sum, line).unwrap());
        prop_assert_eq!(sum, whole.payable());
    }
}

/// What is payable before it is rounded: the sum of the lines, or the limit that stands in its place.
fn is_the_sum_of_its_lines(quote: &Quote) -> Result<(), TestCaseError> {
    let sum = Exact::sum(quote.lines().iter().map(|line| &line.payable)).unwrap();
    let limit = quote.explain().limited().unwrap().1;
    prop_assert_eq!(quote.payable_rounded().exact(), &limit.unwrap_or(sum));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// R-P7: each optional discount is asked for by itself, is exactly the sum of its lines, and takes an amount off
    /// once; the best of them is the lowest.
    #[test]
    fn an_optional_discount_is_the_sum_of_its_lines(
        tariff in tariff(), spec in spec(), rounding in rounding(), optional in discounts(), holding in discounts(),
        months in 0..4_u32, days in 1..40_u32, items in (1..4_u32, 1..4_u32),
    ) {
        let (spec, facts) = (spec_of(&spec), DiscountFacts::anybody(start()));
        let term = Term::months(months).and(Term::days(days).unwrap()).unwrap();
        let (number, subscriptions) = items;
        let inquiry = PeriodInquiry { term, months: TermMonths::Fixed30, number, subscriptions, start: start() };
        let terms = Terms::discounted(&holding, &facts, rounding);
        let period = tariff.inquire_period(&spec, &inquiry, terms, &optional).unwrap();
        is_the_sum_of_its_lines(period.quote())?;
        adds_up(period.quote())?;
        prop_assert_eq!(decimal::add(period.discount(), period.amount()).unwrap(), period.official());

        prop_assert_eq!(period.optional().len(), optional.rules().len());
        for (offer, rule) in period.optional().iter().zip(optional.rules()) {
            prop_assert_eq!(&offer.rule, &rule.name);
            is_the_sum_of_its_lines(&offer.quote)?;
            adds_up(&offer.quote)?;
            prop_assert_eq!(offer.quote.original(), period.official());
            prop_assert_eq!(decimal::add(offer.discount, offer.quote.payable()).unwrap(), period.official());
            let is_for = |part: &Part| match &rule.of {
                Of::Everything => true,
                Of::Dimension(dimension) => part.dimension == *dimension,
                Of::Part(only) => part == only,
            };
            if let Effect::Off(off) = rule.effect {
                let lines = || offer.quote.lines().iter().filter(|line| is_for(&line.part));
                let listed = Exact::sum(lines().map(|line| line.discount.as_ref().unwrap().listed())).unwrap();
                let payable = Exact::sum(lines().map(|line| &line.payable)).unwrap();
                prop_assert_eq!(listed.minus(&payable).unwrap(), Exact::from(off).min(listed));
            }
            for line in offer.quote.lines().iter().filter(|line| !is_for(&line.part)) {
                prop_assert_eq!(&line.payable, line.discount.as_ref().unwrap().listed());
            }
        }
        let saving = period.optional().iter().filter(|offer| offer.quote.payable() < period.official());
        let lowest = saving.map(|offer| offer.quote.payable()).min();
        prop_assert_eq!(period.best_offer().map(|best| best.quote.payable()), lowest);
    }
}

/// R-P6, R-P7: 90 off a year that is priced month by month is 90 off, and not 90 off each month.
#[test]
fn an_amount_off_is_off_all_months_once() {
    let zone: Zone = "Asia/Shanghai".parse().unwrap();
    let card = RateCard::from_toml(
        r#"
        revision = "r"
        currency = "CNY"
        rates = [{ kind = "disk", part = "size", price = "0.5", per = "GiB", every = "month", month = "to_month_end",
                   zone = "Asia/Shanghai" }]
        "#,
    )
    .unwrap();
    let optional = Discounts::from_toml(
        r#"
        combine = "best"
        rules = [
            { name = "welcome", source = "voucher", off = "90" },
            { name = "ten", source = "unified_discount", ratio = "0.9" },
        ]
        "#,
    )
    .unwrap();
    let start = "2024-01-01T00:00:00+08:00".parse().unwrap();
    let term = Term::years(1).unwrap();
    let inquiry = PeriodInquiry { term, months: TermMonths::Calendar(zone), number: 2, subscriptions: 1, start };
    let (spec, tariff) = (Spec::size_gib("100").unwrap(), card.tariff(&Kind::Disk, start).unwrap());
    let quote = tariff.inquire_period(&spec, &inquiry, Terms::list(Rounding::BSS), &optional).unwrap();
    assert_eq!(quote.official().to_string(), "1200.00"); // 100 GiB × 0.5 × 12 × 2
    assert_eq!(quote.quote().lines().len(), 12);
    let offers: Vec<String> = quote.optional().iter().map(|offer| offer.quote.payable().to_string()).collect();
    assert_eq!(offers, ["1110.00", "1080.00"]);
    assert_eq!(quote.best_offer().unwrap().rule.as_str(), "ten");
    let shares: Vec<String> = quote.optional()[0].quote.lines().iter().map(|line| line.payable.to_string()).collect();
    assert_eq!(shares, ["92.5"; 12]); // 100 − 90 ÷ 12
}

/// R-T3: a part by calendar months is priced month by month; two months of the calendar are two prices.
#[test]
fn calendar_months_are_priced_one_by_one() {
    let zone: Zone = "Asia/Shanghai".parse().unwrap();
    let by_month = Rate::per_unit(31.into(), Unit::GiB, Every::Month(MonthLength::ToMonthEnd { zone }));
    let by_hour = Rate::per_unit(1.into(), Unit::Core, Every::Hour);
    let entry = |part: Part, rate| Entry { kind: Kind::Server, part, rate, from: None, to: None };
    let card =
        RateCard::new("r".parse().unwrap(), CNY, [entry(Part::CPU, by_hour), entry(Part::DISK, by_month)]).unwrap();
    let spec =
        Spec::new([(Part::CPU, Quantity::whole(1, Unit::Core)), (Part::DISK, Quantity::whole(2, Unit::GiB))]).unwrap();
    // From 15 January 12:00 to 1 March, by the clock of Shanghai: 16.5 of 31 days, and all of February.
    let window = Period::parse("2024-01-15T12:00:00+08:00", "2024-03-01T00:00:00+08:00").unwrap();
    let quote = card.inquire(&Kind::Server, &Asked::new(spec, window), Terms::list(Rounding::PORTAL)).unwrap();
    let lines: Vec<String> = quote.lines().iter().map(|line| format!("{} {}", line.part, line.original)).collect();
    let hours = window.micros() / MICROS_PER_HOUR;
    assert_eq!(lines, [format!("cpu {hours}"), "disk 33".to_owned(), "disk 62".to_owned()]);
    assert_eq!(quote.payable().to_string(), format!("{}.00", hours + 95));
    assert_eq!(quote.explain().recompute().unwrap().1, quote.payable());
}
