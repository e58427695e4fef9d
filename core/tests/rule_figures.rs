//! Every figure of *Money* and of *Metering*, and of R-P1 … R-P3, R-P7 and R-P15, as the rules print it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    error::Language,
    exact::{Exact, RoundingMode, decimal},
    metering::{ChargeMode, History, Kind, Part, QuotaCharge, Span, Spec, Usage},
    money::{CNY, Currency, Money, RoundAt, Rounding, allocate},
    pricing::{RateCard, Shape, Tariff, Tier, ZeroUsage},
    time::{Instant, MICROS_PER_MINUTE, MICROS_PER_SECOND, Period},
    units::{Quantity, Unit},
};
use rust_decimal::Decimal;

fn exact(text: &str) -> Exact {
    text.parse().expect(text)
}

fn number(text: &str) -> Decimal {
    decimal::parse(text).expect(text)
}

fn start() -> Instant {
    "2024-02-20T00:00:00Z".parse().unwrap()
}

/// Usage of something that does not change for so many minutes.
fn usage(spec: Spec, minutes: i64) -> Usage {
    let end = start().plus_micros(minutes * MICROS_PER_MINUTE).unwrap();
    let history = History::new([Span::post_paid(start(), Some(end), spec)]).unwrap();
    history.usage(Period::new(start(), end).unwrap()).unwrap().unwrap()
}

/// A card of one kind: part, unit, time-unit, price.
fn tariff(kind: Kind, rates: &[(&str, &str, &str, &str)]) -> Tariff {
    let rate = |(part, per, every, price): &(&str, &str, &str, &str)| {
        format!(
            "[[rates]]\nkind = \"{kind}\"\npart = \"{part}\"\nper = \"{per}\"\nevery = \"{every}\"\nprice = \"{price}\"\n"
        )
    };
    let rates: String = rates.iter().map(rate).collect();
    let card = RateCard::from_toml(&format!("revision = \"1\"\ncurrency = \"CNY\"\n{rates}")).unwrap();
    card.tariff(&kind, start()).unwrap()
}

/// The amount of a usage by the portal's rounding.
fn portal(tariff: &Tariff, usage: &Usage) -> String {
    tariff.rate(usage, Rounding::PORTAL).unwrap().payable().to_string()
}

/// R-M1: where `rust_decimal` loses digits, nothing is lost here.
#[test]
fn nothing_is_lost_silently() {
    assert_eq!(exact("1/3").times(&Exact::from(3)).unwrap(), Exact::ONE);
    assert_ne!(Decimal::ONE / Decimal::from(3) * Decimal::from(3), Decimal::ONE);
    let (large, cents) = (number("7922816251426433759354395033.5"), number("0.05"));
    assert_eq!(decimal::add(large, cents).unwrap_err().code(), "money.overflow");
    let sum = Exact::from(large).plus(&Exact::from(cents)).unwrap();
    assert_eq!(sum.to_string(), "158456325028528675187087900671/20", "kept, though it is no decimal of 28 digits");
    assert_eq!(sum.minus(&Exact::from(large)).unwrap().to_string(), "0.05");
}

/// R-M2: the modes, and steps of every kind.
#[test]
fn modes_and_steps() {
    let by =
        |mode: RoundingMode, step: &str, value: &str| exact(value).round_to(number(step), mode).unwrap().to_string();
    for (mode, up, down) in [
        (RoundingMode::HalfEven, "2", "-2"),
        (RoundingMode::HalfUp, "3", "-3"),
        (RoundingMode::HalfDown, "2", "-2"),
        (RoundingMode::Up, "3", "-3"),
        (RoundingMode::Down, "2", "-2"),
        (RoundingMode::Ceiling, "3", "-2"),
        (RoundingMode::Floor, "2", "-3"),
    ] {
        assert_eq!((by(mode, "1", "2.5"), by(mode, "1", "-2.5")), (up.to_owned(), down.to_owned()), "{mode}");
    }
    for (step, wanted) in [("0.01", "2.06"), ("0.0001", "2.0550"), ("0.05", "2.05"), ("1", "2")] {
        assert_eq!(by(RoundingMode::HalfEven, step, "2.055"), wanted);
    }
}

/// The presets of *Money*.
#[test]
fn presets() {
    for (preset, mode, step, at) in [
        (Rounding::PORTAL, RoundingMode::HalfEven, "0.01", RoundAt::Total),
        (Rounding::BSS, RoundingMode::Down, "0.01", RoundAt::Line),
        (Rounding::BSS_INTL, RoundingMode::HalfUp, "0.01", RoundAt::Month),
        (Rounding::USAGE, RoundingMode::Down, "0.0001", RoundAt::Total),
        (Rounding::USAGE_REMAINING, RoundingMode::Floor, "0.01", RoundAt::Total),
        (Rounding::RESELLER, RoundingMode::HalfUp, "0.01", RoundAt::Line),
    ] {
        assert_eq!((preset.mode(), preset.step(), preset.at()), (mode, number(step), at), "{preset}");
    }
}

/// R-M3, R-P7: 25874 s of 10 GB at 0.00064 per GB-hour is 0.04599822: 0.04 is charged, 0.00599822 reported.
#[test]
fn what_is_truncated_is_reported() {
    let end = start().plus_micros(25_874 * MICROS_PER_SECOND).unwrap();
    let spec = Spec::new([(Part::SIZE, Quantity::parse("10", Unit::GB).unwrap())]).unwrap();
    let history = History::new([Span::post_paid(start(), None, spec)]).unwrap();
    let usage = history.usage(Period::new(start(), end).unwrap()).unwrap().unwrap();
    let tariff = tariff(Kind::Disk, &[("size", "GB", "hour", "0.00064")]);
    let rated = tariff.rate(&usage, Rounding::BSS).unwrap();
    assert_eq!(rated.original().to_string(), "0.04");
    // Exactly 25874 × 10 × 0.00064 / 3600; shown with 8 digits, truncated.
    let shown = |exact: &Exact| exact.round_digits(8, RoundingMode::Down).unwrap().to_string();
    assert_eq!(shown(rated.original_rounded().exact()), "0.04599822");
    let remainder = rated.original_rounded().remainder().unwrap();
    assert_eq!(shown(&remainder), "0.00599822");
    assert_eq!(remainder.plus(&exact("0.04")).unwrap(), exact("25874/562500"));
}

/// R-M3: `at = line` may carry, and then lines add up to the rounded total.
#[test]
fn lines_may_carry_their_remainder() {
    let tariff = tariff(
        Kind::Site,
        &[
            ("base", "count", "day", "0.004"),
            ("tamper", "count", "day", "0.004"),
            ("security", "count", "day", "0.004"),
        ],
    );
    let usage = usage(Spec::site(true, true), 24 * 60);
    let amount = |at| tariff.rate(&usage, Rounding::RESELLER.rounding_at(at)).unwrap().payable().to_string();
    assert_eq!(amount(RoundAt::Line), "0.00");
    assert_eq!(amount(RoundAt::LineCarry), "0.01");
    assert_eq!(amount(RoundAt::Total), "0.01");
}

/// R-M4: 10.00 by 1:1:1, and 0.05 by 3:7, where rounding each would create a cent.
#[test]
fn allocation() {
    let split = |amount: &str, weights: &[i64]| {
        let weights: Vec<Decimal> = weights.iter().copied().map(Decimal::from).collect();
        allocate(number(amount), &weights, number("0.01"))
            .map(|parts| parts.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(split("10.00", &[1, 1, 1]).unwrap(), ["3.34", "3.33", "3.33"]);
    assert_eq!(split("-10.00", &[1, 1, 1]).unwrap(), ["-3.34", "-3.33", "-3.33"]);
    assert_eq!(split("0.05", &[3, 7]).unwrap(), ["0.02", "0.03"]);
    let each = |share: &str| exact(share).round_digits(2, RoundingMode::HalfEven).unwrap();
    assert_eq!(
        decimal::add(each("0.015"), each("0.035")).unwrap(),
        number("0.06"),
        "rounded one by one: a cent too many"
    );
    assert_eq!(split("0.05", &[0, 1, 0]).unwrap(), ["0.00", "0.05", "0.00"]);
    assert_eq!(split("0.05", &[0, 0]).unwrap_err().code(), "money.no_weights");
}

/// R-M5: sub-units, minor digits, and two currencies that never add.
#[test]
fn currencies() {
    for (name, worth) in [("元", "1"), ("角", "0.1"), ("分", "0.01")] {
        assert_eq!(CNY.sub_unit(name).unwrap(), number(worth));
    }
    let digits = |code: &str| code.parse::<Currency>().unwrap().minor_digits();
    assert_eq!((digits("JPY"), digits("CNY"), digits("KWD")), (Some(0), Some(2), Some(3)));
    let yuan = Money::parse("1.00", CNY).unwrap();
    let dollar = Money::parse("1.00", "USD".parse().unwrap()).unwrap();
    assert_eq!(yuan.plus(dollar).unwrap_err().code(), "money.currency_mismatch");
}

/// R-M6: digits of the step, strict text, 64 characters.
#[test]
fn text() {
    assert_eq!(Rounding::PORTAL.round(exact("12.3")).unwrap().to_string(), "12.30");
    for (bad, code) in [
        ("1,234.5", "money.not_a_decimal"),
        ("1e3", "money.not_a_decimal"),
        ("NaN", "money.not_a_decimal"),
        ("", "money.not_a_decimal"),
    ] {
        assert_eq!(decimal::parse(bad).unwrap_err().code(), code, "{bad}");
    }
    let zeros = |count: usize| format!("{}1", "0".repeat(count - 1));
    assert_eq!(decimal::parse(&zeros(64)).unwrap(), Decimal::ONE);
    assert_eq!(decimal::parse(&zeros(65)).unwrap_err().code(), "money.text_too_long");
}

/// R-U2: MiB and GiB by 1024, cores by 1000, cards in thousandths; families apart.
#[test]
fn conversions() {
    let to =
        |amount: u64, from, unit| Quantity::whole(amount, from).to(unit).map(|quantity| quantity.amount().to_string());
    assert_eq!(to(1, Unit::GiB, Unit::MiB).unwrap(), "1024");
    assert_eq!(to(250, Unit::MilliCore, Unit::Core).unwrap(), "0.25");
    assert_eq!(to(460, Unit::MilliCard, Unit::Card).unwrap(), "0.46");
    assert_eq!(to(10, Unit::GiB, Unit::MiB).unwrap(), "10240");
    assert_eq!(to(10, Unit::GB, Unit::MB).unwrap(), "10000");
    assert_eq!(to(10, Unit::GB, Unit::MiB).unwrap_err().code(), "units.incompatible");
}

/// *Metering*: disks at 1.02 per GiB-day.
#[test]
fn disks() {
    let tariff = tariff(Kind::Disk, &[("size", "GiB", "day", "1.02")]);
    for (gib, minutes, exactly, amount) in
        [("50", 23 * 60, "48.875", "48.88"), ("10", 11 * 60, "4.675", "4.68"), ("200", 6 * 60 + 21, "53.975", "53.98")]
    {
        let usage = usage(Spec::size_gib(gib).unwrap(), minutes);
        assert_eq!(tariff.exact(&usage).unwrap().payable, exact(exactly));
        assert_eq!(portal(&tariff, &usage), amount);
    }
}

/// *Metering*: a bucket of 1 GiB for a day, with its fee of 0.06 a day as a rate of the list.
#[test]
fn buckets() {
    for (price, exactly, amount) in [("2.605", "2.665", "2.66"), ("0.935", "0.995", "1.00")] {
        let tariff = tariff(Kind::Bucket, &[("size", "GiB", "day", price), ("base", "count", "day", "0.06")]);
        let usage = usage(Spec::bucket(1 << 30), 24 * 60);
        assert_eq!(tariff.exact(&usage).unwrap().payable, exact(exactly));
        assert_eq!(portal(&tariff, &usage), amount);
    }
}

/// *Metering*: a site at 1.89 a day for 4 h.
#[test]
fn sites() {
    let tariff = tariff(
        Kind::Site,
        &[("base", "count", "day", "1.89"), ("tamper", "count", "day", "9"), ("security", "count", "day", "9")],
    );
    let usage = usage(Spec::site(false, false), 4 * 60);
    assert_eq!(tariff.exact(&usage).unwrap().payable, exact("0.315"));
    assert_eq!(portal(&tariff, &usage), "0.32");
}

/// *Metering*: the kinds of the portal, each by its formula.
#[test]
fn snapshots_and_scans() {
    let snapshots = tariff(Kind::Snapshot, &[("size", "GiB", "hour", "0.65")]);
    assert_eq!(portal(&snapshots, &usage(Spec::size_gib("10").unwrap(), 90)), "9.75");
    let scans = tariff(Kind::Scan, &[("web", "count", "once", "111.11"), ("host", "count", "once", "222.22")]);
    let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z").unwrap();
    for (web, host, amount) in
        [(true, false, "111.11"), (false, true, "222.22"), (true, true, "333.33"), (false, false, "0.00")]
    {
        assert_eq!(portal(&scans, &Usage::counted(day, &Spec::scan(web, host))), amount);
    }
}

/// The server of *Metering*: post-paid until 00:18, pre-paid after.
fn server_of_the_rule() -> (Tariff, Vec<Span>, Period) {
    let rates = [
        ("base", "count", "hour", "0"),
        ("cpu", "core", "hour", "0.066"),
        ("ram", "GiB", "hour", "0.012"),
        ("disk", "GiB", "hour", "0.122"),
        ("public_ip", "count", "hour", "0.66"),
    ];
    let server = Spec::server("1", "2", "50", true).unwrap();
    let converted = start().plus_micros(18 * MICROS_PER_MINUTE).unwrap();
    let spans =
        vec![Span::post_paid(start(), Some(converted), server.clone()), Span::pre_paid(converted, None, server)];
    (tariff(Kind::Server, &rates), spans, Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z").unwrap())
}

/// *Metering*, R-U4: payable is (0.066 + 0.024 + 6.1 + 0.66) × 0.3 = 2.055 → 2.06; original is all of the day.
#[test]
fn a_server_that_was_converted() {
    let (tariff, spans, day) = server_of_the_rule();
    let usage = History::new(spans).unwrap().usage(day).unwrap().unwrap();
    let rated = tariff.rate(&usage, Rounding::PORTAL).unwrap();
    assert_eq!(*rated.payable_rounded().exact(), exact("2.055"));
    assert_eq!(rated.payable().to_string(), "2.06");
    assert_eq!(*rated.original_rounded().exact(), exact("164.4")); // 6.85 × 24
    let hours = |part: &Part| usage.payable(part).unwrap().hours().to_string();
    assert_eq!((hours(&Part::CPU), hours(&Part::RAM), hours(&Part::DISK)), ("0.3".into(), "0.6".into(), "15".into()));
    let read = usage.used(&Part::RAM).unwrap().hours_in(Unit::MiB, 2, RoundingMode::HalfEven).unwrap();
    assert_eq!(read.to_string(), "49152.00"); // R-U3
}

/// R-U4: quota pays nothing, unless the kind charges it; R-U5: created at the window's end, no reading.
#[test]
fn quotas_and_windows() {
    let (tariff, spans, day) = server_of_the_rule();
    let quota = |span: &Span| Span::new(span.start(), span.end(), span.spec().clone(), ChargeMode::Quota);
    let history = History::new(spans.iter().map(quota)).unwrap();
    let payable = |quota| portal(&tariff, &history.usage_under(day, quota).unwrap().unwrap());
    assert_eq!((payable(QuotaCharge::Free), payable(QuotaCharge::LikePostPaid)), ("0.00".into(), "164.40".into()));

    let born = |at: Instant, until: Option<Instant>| {
        History::new([Span::post_paid(at, until, spans[0].spec().clone())]).unwrap()
    };
    assert!(born(day.end(), None).usage(day).unwrap().is_none());
    let last = day.end().plus_micros(-1).unwrap();
    assert!(!born(last, None).usage(day).unwrap().unwrap().is_nothing());
    assert!(born(day.start().plus_micros(-5).unwrap(), Some(day.start())).usage(day).unwrap().is_none());
    let deleted = born(day.start(), Some(day.start().plus_micros(90 * MICROS_PER_MINUTE).unwrap())).usage(day).unwrap();
    assert_eq!(deleted.unwrap().used(&Part::CPU).unwrap().hours().to_string(), "1.5");
}

/// R-P1: `0.005 per Mi per hour` and `0.005 per Gi per hour` are different rates, and a usage may come in any unit.
#[test]
fn units_belong_to_the_price() {
    let used =
        |amount: &str, unit| usage(Spec::new([(Part::RAM, Quantity::parse(amount, unit).unwrap())]).unwrap(), 60);
    for (per, amount) in [("MiB", "40.96"), ("GiB", "0.04")] {
        let tariff = tariff(Kind::Server, &[("ram", per, "hour", "0.005")]);
        for usage in [used("8192", Unit::MiB), used("8", Unit::GiB), used("8388608", Unit::KiB)] {
            assert_eq!(portal(&tariff, &usage), amount);
        }
    }
}

/// R-P1: the entry in force is used; two in force are an error; a price may be in 角.
#[test]
fn entries_in_force() {
    let card = |more: &str| {
        RateCard::from_toml(&format!(
            "revision = \"1\"\ncurrency = \"CNY\"\n\
             [[rates]]\nkind = \"disk\"\npart = \"size\"\nprice = \"1\"\nper = \"GiB\"\nevery = \"day\"\n\
             to = \"2024-02-20T00:00:00Z\"\n\
             [[rates]]\nkind = \"disk\"\npart = \"size\"\nprice = \"20\"\nsub_unit = \"角\"\n\
             per = \"GiB\"\nevery = \"day\"\n{more}\n"
        ))
    };
    let card_in_order = card("from = \"2024-02-20T00:00:00Z\"").unwrap();
    let usage = usage(Spec::size_gib("1").unwrap(), 24 * 60);
    for (at, amount) in [(start().plus_micros(-1).unwrap(), "1.00"), (start(), "2.00")] {
        assert_eq!(portal(&card_in_order.tariff(&Kind::Disk, at).unwrap(), &usage), amount);
    }
    assert_eq!(card("from = \"2024-02-19T23:59:59.999999Z\"").unwrap_err().code(), "pricing.two_in_force");
}

/// R-P2: no model means `STANDARD`.
#[test]
fn the_default_model_is_standard() {
    assert_eq!("gpu[STANDARD]".parse::<Part>().unwrap(), "gpu".parse::<Part>().unwrap());
    let tariff = tariff(Kind::Server, &[("gpu[STANDARD]", "card", "hour", "6"), ("gpu[A100]", "card", "hour", "60")]);
    let cards = |part: &str| usage(Spec::new([(part.parse().unwrap(), Quantity::whole(2, Unit::Card))]).unwrap(), 60);
    assert_eq!(
        (portal(&tariff, &cards("gpu")), portal(&tariff, &cards("gpu[A100]"))),
        ("12.00".into(), "120.00".into())
    );
    assert_eq!(tariff.rate(&cards("gpu[H100]"), Rounding::PORTAL).unwrap_err().code(), "pricing.no_rate");
}

/// R-P3: 250 units in tiers ≤ 100 at 1.00, ≤ 200 at 0.80, rest at 0.50; 99.5 units; no units.
#[test]
fn tiers() {
    let tiers = [Tier::up_to("100", "1.00").unwrap(), Tier::up_to("200", "0.80").unwrap(), Tier::rest("0.50").unwrap()];
    let amount = |shape: &Shape, units: &str| shape.amount(&exact(units), ZeroUsage::Free).unwrap().to_string();
    let (graduated, volume) = (Shape::graduated(&tiers).unwrap(), Shape::volume(&tiers).unwrap());
    assert_eq!((amount(&graduated, "250"), amount(&volume, "250")), ("205".into(), "125".into()));
    for units in ["99.5", "100", "99.9999999999999999999999999"] {
        assert_eq!((amount(&graduated, units), amount(&volume, units)), (units.into(), units.into()));
    }
    assert_eq!(amount(&graduated, "100.5"), "100.4");

    let with_fee = Shape::graduated(&[Tier::rest("1").unwrap().with_flat("5").unwrap()]).unwrap();
    let of_nothing = |zero| with_fee.amount(&Exact::ZERO, zero).unwrap().to_string();
    assert_eq!((of_nothing(ZeroUsage::default()), of_nothing(ZeroUsage::Charged)), ("0".into(), "5".into()));
}

/// R-P3: limits and tiers are of a whole usage; the difference of two readings is refused, never charged a minimum.
#[test]
fn a_difference_is_not_rated_by_tiers_or_limits() {
    let card = |more: &str, limits: &str| {
        let card = RateCard::from_toml(&format!(
            "revision = \"1\"\ncurrency = \"CNY\"\n\
             [[rates]]\nkind = \"disk\"\npart = \"size\"\nprice = \"1\"\nper = \"GiB\"\nevery = \"day\"\n{more}\n{limits}"
        ));
        card.unwrap().tariff(&Kind::Disk, start()).unwrap()
    };
    let of = |gib: &str| usage(Spec::size_gib(gib).unwrap(), 24 * 60);
    let (less, more) = (of("1").delta(&of("3")).unwrap(), of("3").delta(&of("1")).unwrap());
    assert_eq!((portal(&card("", ""), &less), portal(&card("", ""), &more)), ("-2.00".into(), "2.00".into()));
    for tariff in [
        card("free = \"1\"", ""),
        card("minimum = \"1\"", ""),
        card("maximum = \"1\"", ""),
        card("", "[limits.disk]\nminimum = \"1\""),
        card("", "[limits.disk]\nmaximum = \"1\""),
    ] {
        assert_eq!(tariff.rate(&less, Rounding::PORTAL).unwrap_err().code(), "pricing.negative_units");
    }
}

/// R-P15: the derivation of the server names its inputs, and its lines re-add to its total.
#[test]
fn a_derivation_recomputes() {
    let (tariff, spans, day) = server_of_the_rule();
    let history = History::new(spans).unwrap();
    let usage = history.usage(day).unwrap().unwrap();
    for rounding in [Rounding::PORTAL, Rounding::BSS, Rounding::RESELLER, Rounding::USAGE] {
        let rated = tariff.rate(&usage, rounding).unwrap();
        let explanation = rated.explain().unwrap();
        assert_eq!(explanation.recompute().unwrap(), (rated.original(), rated.payable()));
        let payable = Exact::sum(explanation.lines().iter().map(|line| &line.payable)).unwrap();
        assert_eq!(payable, exact("2.055"));
        for language in [Language::English, Language::Chinese] {
            let text = explanation.text(language);
            for shown in
                ["0.066", "0.012", "0.122", "0.66", "2.055", &rated.payable().to_string(), &rounding.to_string()]
            {
                assert!(text.contains(shown), "`{shown}` is missing in:\n{text}");
            }
        }
    }
}

/// R-P15: segments stay apart in the derivation too, also where the next has no part of the one before.
#[test]
fn a_derivation_keeps_segments_apart() {
    let tariff = tariff(Kind::Server, &[("cpu", "core", "hour", "0.005"), ("ram", "GiB", "hour", "0.005")]);
    let of = |part, unit| usage(Spec::new([(part, Quantity::whole(1, unit))]).unwrap(), 60);
    let segments = [of(Part::CPU, Unit::Core), of(Part::RAM, Unit::GiB)];
    let rated = tariff.rate_segments(&segments, Rounding::RESELLER.rounding_at(RoundAt::Segment)).unwrap();
    assert_eq!(rated.payable().to_string(), "0.02");
    let explanation = rated.explain().unwrap();
    assert_eq!(explanation.recompute().unwrap(), (rated.original(), rated.payable()));
    assert_eq!(explanation.lines().iter().map(|line| line.segment).collect::<Vec<_>>(), [0, 1]);
}

/// R-P1, R-T3: a price by the month goes by the month's own length; a window in two months, and a price once for
/// what is timed, are refused.
#[test]
fn prices_by_the_month() {
    let card = |month: &str| {
        let card = RateCard::from_toml(&format!(
            "revision = \"1\"\ncurrency = \"CNY\"\n\
             [[rates]]\nkind = \"disk\"\npart = \"size\"\nprice = \"30\"\nper = \"GiB\"\nevery = \"month\"\n{month}"
        ));
        card.unwrap().tariff(&Kind::Disk, start()).unwrap()
    };
    let a_day = usage(Spec::size_gib("1").unwrap(), 24 * 60);
    for (month, exactly, amount) in [
        ("month = \"fixed_30\"", "1", "1.00"),
        ("month = \"to_month_end\"", "30/29", "1.03"),
        ("month = \"calendar\"\nanchor = \"2024-01-31T00:00:00Z\"", "30/29", "1.03"), // 31 Jan to 29 Feb
        ("month = \"calendar\"\nanchor = \"2024-01-15T00:00:00Z\"", "30/29", "1.03"), // 15 Feb to 15 Mar
        ("month = \"calendar\"\nanchor = \"2024-01-21T00:00:00Z\"", "30/31", "0.97"), // 21 Jan to 21 Feb
    ] {
        let tariff = card(month);
        assert_eq!(tariff.exact(&a_day).unwrap().payable, exact(exactly), "{month}");
        assert_eq!(portal(&tariff, &a_day), amount);
        let into_the_next = usage(Spec::size_gib("1").unwrap(), 30 * 24 * 60);
        match tariff.rate(&into_the_next, Rounding::PORTAL) {
            Ok(rated) => assert_eq!((rated.payable().to_string(), month), ("30.00".into(), "month = \"fixed_30\"")),
            Err(error) => assert_eq!(error.code(), "pricing.window_outside_month"),
        }
    }
    let once = tariff(Kind::Disk, &[("size", "GiB", "once", "1")]);
    assert_eq!(once.rate(&a_day, Rounding::PORTAL).unwrap_err().code(), "pricing.time_mismatch");
}
