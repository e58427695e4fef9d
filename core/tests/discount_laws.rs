//! The laws of discounts (R-P6): for any list of rules and any line; and every list of three rules in a small world
//! against a slow, obvious model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    exact::Exact,
    metering::{self, Dimension, Kind, Part},
    money::{Ratio, RoundAt, Rounding},
    pricing::discount::{
        Combine, DiscountFacts, DiscountRule, Discounted, Discounts, Effect, Group, Listed, Lost, Of, Pick, Policy,
        ResellerMode, Sale, Source, Surcharges, Verdict,
    },
    time::Instant,
    units::Name,
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

const COMBINE: [Combine; 4] = [
    Combine::First,
    Combine::Best,
    Combine::Multiply { in_group: Pick::First },
    Combine::Multiply { in_group: Pick::Best },
];

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros).unwrap()
}

fn cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

fn ratio(hundredths: i64) -> Effect {
    Effect::Ratio(Ratio::new(cents(hundredths)).unwrap())
}

fn facts() -> DiscountFacts {
    DiscountFacts { customer: Some(name("acme")), class: Some(name("vip")), at: at(0) }
}

fn listed(amount: i64, units: i64) -> Listed<'static> {
    Listed { kind: &Kind::Server, part: None, units: units.into(), amount: amount.into() }
}

/// The size of an amount, whatever its sign.
fn size(amount: &Exact) -> Exact {
    if amount.is_negative() { amount.negated().unwrap() } else { amount.clone() }
}

fn applied(discounted: &Discounted) -> Vec<&str> {
    discounted.trace().applied().map(|line| line.rule.as_str()).collect()
}

// Any rules.

fn effects(surcharges: Surcharges) -> BoxedStrategy<Effect> {
    let usual = prop_oneof![
        4 => (0..=100_i64).prop_map(ratio),
        2 => (0..20_000_i64).prop_map(|price| Effect::Price(cents(price))),
        2 => (0..20_000_i64).prop_map(|off| Effect::Off(cents(off))),
        1 => Just(Effect::Nothing),
    ];
    match surcharges {
        Surcharges::Refused => usual.boxed(),
        Surcharges::Allowed => {
            prop_oneof![3 => usual, 1 => (101..300_i64).prop_map(|ratio| Effect::Surcharge(cents(ratio)))].boxed()
        }
    }
}

/// What narrows a rule: most of what comes out is for [`facts`] and a server.
fn narrowed(rule: DiscountRule, how: usize) -> DiscountRule {
    match how {
        0 => rule.for_customer(name("other")),
        1 => rule.for_class(name("gold")),
        2 => rule.from(at(1)),
        3 => rule.until(at(0)),
        4 => rule.of_kind(Kind::Disk),
        5 => rule.of_dimension(Dimension::Cpu),
        6 => rule.of_part(Part::gpu(metering::Model::Standard)),
        7 => rule.for_customer(name("acme")).from(at(0)).until(at(1)),
        8 => rule.for_class(name("vip")).of_kind(Kind::Server),
        _ => rule,
    }
}

const GROUPS: [&str; 4] = ["a", "b", "c", "d"];

/// A policy without a circle: a group yields only to later ones, and at most one suffers nothing beside it.
fn policies(surcharges: Surcharges) -> impl Strategy<Value = Policy> {
    let yields = proptest::collection::vec(proptest::bool::weighted(0.25), 16);
    (0..COMBINE.len(), yields, proptest::option::weighted(0.3, 0..GROUPS.len())).prop_map(
        move |(combine, yields, alone)| {
            let group = |(place, own): (usize, &&str)| {
                let later = GROUPS.iter().enumerate().skip(place + 1).filter(|(other, _)| yields[place * 4 + other]);
                let group = later.fold(Group::new(name(own)), |group, (_, other)| group.yielding_to(name(other)));
                // The first one yields to all that are after it, or it would be in the way of what it yields to.
                if alone == Some(0) && place == 0 {
                    GROUPS[1..]
                        .iter()
                        .fold(Group::new(name(own)), |group, other| group.yielding_to(name(other)))
                        .alone()
                } else if alone == Some(3) && place == 3 {
                    group.alone()
                } else {
                    group
                }
            };
            Policy { combine: COMBINE[combine], groups: GROUPS.iter().enumerate().map(group).collect(), surcharges }
        },
    )
}

fn rules(surcharges: Surcharges) -> impl Strategy<Value = Vec<DiscountRule>> {
    let rule = (effects(surcharges), 0..30_usize, proptest::option::of(0..GROUPS.len()));
    proptest::collection::vec(rule, 0..7).prop_map(|rules| {
        let rule = |(index, (effect, how, group)): (usize, (Effect, usize, Option<usize>))| {
            let rule = DiscountRule::new(name(&format!("r{index}")), Source::Agreement, effect);
            let rule = narrowed(rule, how);
            group.map_or(rule.clone(), |group| rule.in_group(name(GROUPS[group])))
        };
        rules.into_iter().enumerate().map(rule).collect()
    })
}

/// A line in cents, negative for a correction; its units have its sign.
fn lines() -> impl Strategy<Value = Listed<'static>> {
    (-20_000..20_000_i64, 0..1_000_i64).prop_map(|(amount, units)| Listed {
        kind: &Kind::Server,
        part: None,
        units: cents(if amount < 0 { -units } else { units }).into(),
        amount: cents(amount).into(),
    })
}

fn worlds(surcharges: Surcharges) -> impl Strategy<Value = (Vec<DiscountRule>, Policy, Listed<'static>)> {
    (rules(surcharges), policies(surcharges), lines())
}

fn made(rules: &[DiscountRule], policy: &Policy) -> Discounts {
    Discounts::new(rules.to_vec(), policy.clone()).unwrap()
}

proptest! {
    #[test]
    fn an_amount_keeps_its_sign_and_without_surcharges_never_grows((rules, policy, line) in worlds(Surcharges::Refused)) {
        let discounted = made(&rules, &policy).apply(&facts(), &line).unwrap();
        let amount = discounted.amount();
        prop_assert!(amount.is_zero() || amount.is_negative() == line.amount.is_negative());
        prop_assert!(size(amount) <= size(&line.amount), "{}", discounted.trace());
    }

    #[test]
    fn with_surcharges_it_keeps_its_sign((rules, policy, line) in worlds(Surcharges::Allowed)) {
        let discounted = made(&rules, &policy).apply(&facts(), &line).unwrap();
        prop_assert!(discounted.amount().is_zero() || discounted.amount().is_negative() == line.amount.is_negative());
    }

    // R-P15
    #[test]
    fn the_trace_names_each_rule_once_and_leads_to_the_amount((rules, policy, line) in worlds(Surcharges::Allowed)) {
        let discounted = made(&rules, &policy).apply(&facts(), &line).unwrap();
        let trace = discounted.trace();
        let named: Vec<&Name> = trace.lines().iter().map(|line| &line.rule).collect();
        prop_assert_eq!(named, rules.iter().map(|rule| &rule.name).collect::<Vec<_>>());
        prop_assert_eq!(&trace.recompute().unwrap(), discounted.amount());

        let derivation = discounted.derivation().unwrap();
        prop_assert_eq!(&derivation.steps().last().unwrap().value, discounted.amount());
        let again = derivation.recompute().unwrap();
        prop_assert_eq!(again.last(), Some(discounted.amount()));

        // from the list to the amount, each step begins where the one before it ended
        let mut so_far = line.amount.clone();
        for line in trace.applied() {
            let Verdict::Applied { before, after } = &line.verdict else { panic!("it applied") };
            prop_assert_eq!(before, &so_far);
            so_far = after.clone();
        }
        prop_assert_eq!(&so_far, discounted.amount());
        let text = trace.to_string();
        prop_assert!(rules.iter().all(|rule| text.matches(&format!("  {} ", rule.name)).count() == 1), "{}", text);
    }

    #[test]
    fn of_one_group_one_rule_applies_and_none_that_steps_back((rules, policy, line) in worlds(Surcharges::Allowed)) {
        let discounted = made(&rules, &policy).apply(&facts(), &line).unwrap();
        let groups: Vec<&Name> = applied(&discounted)
            .iter()
            .filter_map(|applied| rules.iter().find(|rule| rule.name.as_str() == *applied)?.group.as_ref())
            .collect();
        prop_assert_eq!(groups.iter().collect::<BTreeSet<_>>().len(), groups.len(), "{}", discounted.trace());
        for group in policy.groups.iter().filter(|group| groups.contains(&&group.name)) {
            prop_assert!(!group.yields_to.iter().any(|other| groups.contains(&other)), "{}", discounted.trace());
        }
        if matches!(policy.combine, Combine::First | Combine::Best) {
            prop_assert!(applied(&discounted).len() <= 1);
        }
    }

    #[test]
    fn the_best_is_no_worse_than_the_first_or_any_alone(
        (mut rules, mut policy, line) in worlds(Surcharges::Allowed),
    ) {
        let facts = facts();
        let mut amount = |combine, rules: &[DiscountRule]| {
            policy.combine = combine;
            size(made(rules, &policy).apply(&facts, &line).unwrap().amount())
        };
        prop_assert!(amount(Combine::Best, &rules) <= amount(Combine::First, &rules));

        // without groups that step back, nor is it than any of them alone
        for rule in &mut rules {
            rule.group = None;
        }
        let discounts = made(&rules, &Policy { combine: Combine::Best, ..policy });
        let best = discounts.apply(&facts, &line).unwrap();
        let optional = discounts.each_alone(&facts, &line).unwrap();
        let matching = optional.offers().iter().filter(|offer| offer.result.trace().applied().next().is_some());
        for offer in matching {
            prop_assert!(size(best.amount()) <= size(offer.result.amount()));
        }
        let offer = optional.best().map(|best| (best.rule.as_str(), best.result.amount().clone()));
        prop_assert_eq!(offer, applied(&best).first().map(|rule| (*rule, best.amount().clone())));
    }

    #[test]
    fn the_order_of_rules_does_not_matter_for_the_best(
        (rules, mut policy, line) in worlds(Surcharges::Allowed),
        order in proptest::collection::vec(any::<u32>(), 7),
    ) {
        policy.combine = Combine::Best;
        let mut keyed: Vec<(u32, DiscountRule)> = order.into_iter().zip(rules.clone()).collect();
        keyed.sort_by_key(|(key, _)| *key);
        let permuted: Vec<DiscountRule> = keyed.into_iter().map(|(_, rule)| rule).collect();
        let amount = |rules: &[DiscountRule]| made(rules, &policy).apply(&facts(), &line).unwrap().into_amount();
        prop_assert_eq!(amount(&rules), amount(&permuted));
    }

    // What takes back has the rules of what it takes back, unless they take an amount off.
    #[test]
    fn a_correction_is_the_mirror_of_its_charge((mut rules, policy, line) in worlds(Surcharges::Allowed)) {
        rules.retain(|rule| !matches!(rule.effect, Effect::Off(_)));
        let mirrored = Listed {
            units: line.units.negated().unwrap(),
            amount: line.amount.negated().unwrap(),
            ..line
        };
        // Of nothing the sign is lost, and a price of something free is a surcharge.
        prop_assume!(!line.amount.is_zero());
        let discounts = made(&rules, &policy);
        let (one, other) = (discounts.apply(&facts(), &line).unwrap(), discounts.apply(&facts(), &mirrored).unwrap());
        prop_assert_eq!(one.amount(), &other.amount().negated().unwrap());
        prop_assert_eq!(applied(&one), applied(&other));
    }

    // D-P1: what is left and what is taken off add up, and a percentage is that of whole numbers.
    #[test]
    fn a_unified_discount_is_exact(mills in 0..100_000_000_i64, percent in 0..=100_i64) {
        let discounts = Discounts::unified(name("pre-paid"), Ratio::percent(percent.into()).unwrap());
        let amount = Exact::from(Decimal::new(mills, 3));
        let line = Listed { amount: amount.clone(), ..listed(0, 1) };
        let discounted = discounts.apply(&DiscountFacts::anybody(at(0)), &line).unwrap();
        let expected = i128::from(mills) * i128::from(percent);
        prop_assert_eq!(discounted.amount(), &Exact::from(Decimal::from_i128_with_scale(expected, 5)));
        prop_assert_eq!(discounted.saved().unwrap().plus(discounted.amount()).unwrap(), amount);

        // half-even to the cent, in whole numbers
        let (cents, rest) = (expected / 1_000, expected % 1_000);
        let up = rest > 500 || (rest == 500 && cents % 2 == 1);
        let rounded = Rounding::PORTAL.round(discounted.into_amount()).unwrap();
        prop_assert_eq!(rounded.amount(), Decimal::from_i128_with_scale(cents + i128::from(up), 2));
    }

    #[test]
    fn what_a_customer_pays_is_shared_to_the_cent(
        list in 0..1_000_000_i64, sold_at in 0..1_000_000_i64, ratio in 0..=1_000_i64,
    ) {
        let sale = Sale {
            list: Decimal::new(list, 3).into(),
            sold_at: Some(Decimal::new(sold_at, 3).into()),
            commission_rate: None,
        };
        let mode = ResellerMode::Discount(Ratio::new(Decimal::new(ratio, 3)).unwrap());
        for rounding in [Rounding::PORTAL, Rounding::BSS, Rounding::RESELLER, Rounding::USAGE.rounding_at(RoundAt::Line)] {
            let settled = mode.settle(&sale, rounding).unwrap();
            let shared = settled.reseller_pays().unwrap().amount() + settled.margin().unwrap().amount();
            prop_assert_eq!(shared, settled.customer_pays().amount());
            prop_assert!(settled.margin().unwrap().remainder().unwrap().is_zero());
        }
    }
}

// Several lines of one inquiry.

/// A server's parts, among them corrections.
fn parts() -> impl Strategy<Value = Vec<(usize, i64)>> {
    proptest::collection::vec((0..3_usize, prop_oneof![6 => 0..20_000_i64, 1 => Just(0), 1 => -20_000..0_i64]), 0..7)
}

/// The parts as lines, one unit each.
fn lines_of<'a>(parts: &[(usize, i64)], named: &'a [Part; 3]) -> Vec<Listed<'a>> {
    let line = |(part, amount): &(usize, i64)| Listed {
        kind: &Kind::Server,
        part: Some(&named[*part]),
        units: amount.signum().into(),
        amount: cents(*amount).into(),
    };
    parts.iter().map(line).collect()
}

fn named_parts() -> [Part; 3] {
    [Part::CPU, Part::RAM, Part::gpu(metering::Model::Standard)]
}

fn sum<'a>(amounts: impl Iterator<Item = &'a Exact>) -> Exact {
    Exact::sum(amounts).unwrap()
}

proptest! {
    // One rule alone: Σ taken = min(off, Σ listed) of the lines that it is for, and its shares are the amount off.
    #[test]
    fn an_amount_off_is_off_all_lines_together_once(
        off in 0..40_000_i64, how in 0..12_usize, parts in parts(), combine in 0..COMBINE.len(),
    ) {
        let rule = narrowed(DiscountRule::new(name("welcome"), Source::Voucher, Effect::Off(cents(off))), how);
        let discounts = Discounts::new(vec![rule], Policy::new(COMBINE[combine])).unwrap();
        let named = named_parts();
        let lines = lines_of(&parts, &named);
        let discounted = discounts.apply_all(&facts(), &lines).unwrap();
        prop_assert_eq!(discounted.len(), lines.len());

        let off = Exact::from(cents(off));
        let is_for = |line: &&Discounted| line.trace().applied().next().is_some();
        let listed = sum(discounted.iter().filter(is_for).map(Discounted::listed));
        let taken: Vec<Exact> = discounted.iter().map(|line| line.saved().unwrap()).collect();
        prop_assert_eq!(sum(taken.iter()), off.clone().min(listed.clone()));
        if !listed.is_zero() {
            let share = |line: &Discounted| {
                let line = line.trace().applied().next().unwrap();
                line.share.as_ref().map_or(off.clone(), |share| share.amount().clone())
            };
            // Where one line is all that is not zero, it is all there is.
            let shares: Vec<Exact> =
                discounted.iter().filter(is_for).filter(|line| !line.listed().is_zero()).map(share).collect();
            prop_assert_eq!(sum(shares.iter()), off);
        }
        for line in discounted.iter().filter(|line| !is_for(line)) {
            prop_assert_eq!(line.amount(), line.listed());
        }
    }

    // Shares are in proportion: where all rules are for the same lines and none is a price, each line that costs
    // anything chooses what the whole would, and the lines come to what the whole would come to.
    #[test]
    fn each_line_chooses_what_the_whole_would(
        (mut rules, policy, _) in worlds(Surcharges::Allowed), mut parts in parts(),
    ) {
        parts.retain(|(_, amount)| *amount >= 0);
        rules.retain(|rule| !matches!(rule.effect, Effect::Price(_)));
        for rule in &mut rules {
            rule.of = Of::Everything;
        }
        let (discounts, named) = (made(&rules, &policy), named_parts());
        let lines = lines_of(&parts, &named);
        let whole = Listed { part: None, amount: sum(lines.iter().map(|line| &line.amount)), ..listed(0, 1) };
        let whole = discounts.apply(&facts(), &whole).unwrap();
        let discounted = discounts.apply_all(&facts(), &lines).unwrap();
        prop_assert_eq!(&sum(discounted.iter().map(Discounted::amount)), whole.amount());
        for line in discounted.iter().filter(|line| !line.listed().is_zero()) {
            prop_assert_eq!(applied(line), applied(&whole), "{}", line.trace());
            let in_proportion = whole.amount().times(line.listed()).unwrap().divided_by(whole.listed()).unwrap();
            prop_assert_eq!(line.amount(), &in_proportion);
        }
    }

    // Any rules on any lines: what holds for one line holds for each of several.
    #[test]
    fn what_holds_for_one_line_holds_for_each((rules, policy, _) in worlds(Surcharges::Refused), parts in parts()) {
        let (discounts, named) = (made(&rules, &policy), named_parts());
        let lines = lines_of(&parts, &named);
        let discounted = discounts.apply_all(&facts(), &lines).unwrap();
        for (line, discounted) in lines.iter().zip(&discounted) {
            let amount = discounted.amount();
            prop_assert!(amount.is_zero() || amount.is_negative() == line.amount.is_negative());
            prop_assert!(size(amount) <= size(&line.amount), "{}", discounted.trace());
            prop_assert_eq!(&discounted.trace().recompute().unwrap(), amount);
            let derivation = discounted.derivation().unwrap();
            prop_assert_eq!(&derivation.steps().last().unwrap().value, amount);
            let again = derivation.recompute().unwrap();
            prop_assert_eq!(again.last(), Some(amount));
        }
        // No rule takes off more than it may, whatever the others leave of it.
        for (index, rule) in rules.iter().enumerate() {
            let Effect::Off(off) = rule.effect else { continue };
            let taken = discounted.iter().map(|line| match &line.trace().lines()[index].verdict {
                Verdict::Applied { before, after } => before.minus(after).unwrap(),
                Verdict::Lost(_) => Exact::ZERO,
            });
            let taken: Vec<Exact> = taken.collect();
            prop_assert!(sum(taken.iter()) <= Exact::from(off), "{} of {}", sum(taken.iter()), off);
        }
        // One line is the case of one, and without an amount off lines do not know of each other.
        for line in &lines {
            let alone = discounts.apply_all(&facts(), std::slice::from_ref(line)).unwrap();
            prop_assert_eq!(alone, vec![discounts.apply(&facts(), line).unwrap()]);
        }
        if !rules.iter().any(|rule| matches!(rule.effect, Effect::Off(_))) {
            let each: Vec<Discounted> = lines.iter().map(|line| discounts.apply(&facts(), line).unwrap()).collect();
            prop_assert_eq!(each, discounted);
        }
    }

    #[test]
    fn the_order_of_lines_does_not_matter(
        (rules, policy, _) in worlds(Surcharges::Allowed),
        parts in parts(),
        order in proptest::collection::vec(any::<u32>(), 7),
    ) {
        let (discounts, named) = (made(&rules, &policy), named_parts());
        let lines = lines_of(&parts, &named);
        let mut keyed: Vec<(u32, usize)> = order.into_iter().zip(0..lines.len()).collect();
        keyed.sort_unstable();
        let permuted: Vec<Listed<'_>> = keyed.iter().map(|(_, place)| lines[*place].clone()).collect();
        let (here, there) =
            (discounts.apply_all(&facts(), &lines).unwrap(), discounts.apply_all(&facts(), &permuted).unwrap());
        for ((_, place), there) in keyed.iter().zip(&there) {
            prop_assert_eq!(&here[*place], there);
        }
    }
}

#[test]
fn a_voucher_of_500_takes_500_of_a_server_with_five_parts() {
    let voucher = DiscountRule::new(name("welcome"), Source::Voucher, Effect::Off(500.into()));
    let discounts = Discounts::new(vec![voucher], Policy::new(Combine::Best)).unwrap();
    let lines: Vec<Listed<'_>> = [684, 1316, 4000, 3000, 1000].map(|amount| listed(amount, 1)).into();
    let discounted = discounts.apply_all(&facts(), &lines).unwrap();
    let saved: Vec<String> = discounted.iter().map(|line| line.saved().unwrap().to_string()).collect();
    assert_eq!(saved, ["34.2", "65.8", "200", "150", "50"]);
    assert_eq!(
        discounted[0].trace().to_string(),
        "  listed                                          684\n  \
           welcome     voucher  − 500, of which 34.2 here  684 → 649.8\n  \
           discounted                                      649.8\n"
    );
    let chinese = discounted[0].trace().text(counterfoil::error::Language::Chinese);
    assert!(chinese.contains("− 500，本行分摊 34.2"), "{chinese}");
}

#[test]
fn a_share_stops_at_zero_and_no_other_line_takes_it_over() {
    // A ratio for one part only, and then 60 off 100: the shares are of the list, 30 and 30.
    let rules = vec![
        DiscountRule::new(name("cpu"), Source::Agreement, ratio(50)).of_part(Part::CPU),
        DiscountRule::new(name("welcome"), Source::Voucher, Effect::Off(60.into())),
    ];
    let policy = Policy::new(Combine::Multiply { in_group: Pick::First });
    let discounts = Discounts::new(rules, policy).unwrap();
    let line = |part| Listed { part: Some(part), ..listed(50, 1) };
    let discounted = discounts.apply_all(&facts(), &[line(&Part::CPU), line(&Part::RAM)]).unwrap();
    let amounts: Vec<String> = discounted.iter().map(|line| line.amount().to_string()).collect();
    assert_eq!(amounts, ["0", "20"]); // 25 − 30, and 50 − 30
}

// A small world: three rules of two groups, all policies.

/// How the two groups of the small world stand to each other.
fn group_policies() -> Vec<Vec<Group>> {
    let (a, b) = (|| Group::new(name("a")), || Group::new(name("b")));
    vec![
        vec![a(), b()],
        vec![a().yielding_to(name("b")), b()],
        vec![a(), b().yielding_to(name("a"))],
        vec![a().alone(), b()],
        vec![a(), b().alone()],
        vec![a().alone().yielding_to(name("b")), b()],
        vec![a().alone().yielding_to(name("b")), b().alone()],
    ]
}

/// The rules of the small world: what they do, whether they match, and their group.
fn small_rules() -> Vec<(Effect, bool, Option<&'static str>)> {
    let effects = [
        (ratio(50), true),
        (ratio(10), false),
        (Effect::Price(6.into()), true),
        (Effect::Price(12.into()), true),
        (Effect::Off(3.into()), true),
    ];
    let groups = [None, Some("a"), Some("b")];
    effects.into_iter().flat_map(|(effect, matches)| groups.map(|group| (effect, matches, group))).collect()
}

/// What a list of rules comes to, said as plainly as it can be.
struct Model<'a> {
    rules: &'a [DiscountRule],
    groups: &'a [Group],
    combine: Combine,
    surcharges: Surcharges,
    amount: i64,
}

/// Amounts of the model, in thousandths: all are whole.
type Mills = i64;

impl Model<'_> {
    fn amount(&self) -> Mills {
        self.amount * 1_000
    }

    /// One unit for a charge, and one back for a correction.
    fn effect(&self, index: usize, before: Mills) -> Mills {
        let mills = |decimal: Decimal| i64::try_from(decimal.trunc().mantissa()).unwrap() * 1_000;
        match self.rules[index].effect {
            Effect::Ratio(ratio) => before * i64::try_from(ratio.value().mantissa()).unwrap() / 100,
            Effect::Price(price) => mills(price) * self.amount.signum(),
            Effect::Off(off) => (before - mills(off)).max(0),
            Effect::Nothing | Effect::Surcharge(_) => panic!("not in the small world"),
        }
    }

    fn is_candidate(&self, index: usize) -> bool {
        let rule = &self.rules[index];
        let usable = match rule.effect {
            Effect::Off(_) => self.amount >= 0,
            Effect::Price(_) => {
                self.surcharges == Surcharges::Allowed || self.effect(index, 0).abs() <= self.amount().abs()
            }
            _ => true,
        };
        rule.kind.is_none() && usable
    }

    fn stands(&self, group: &Group) -> bool {
        let present = (0..self.rules.len())
            .any(|index| self.is_candidate(index) && self.rules[index].group.as_ref() == Some(&group.name));
        let steps_back = self.groups.iter().any(|other| {
            let excludes =
                other.name != group.name && *other == other.clone().alone() && !other.yields_to.contains(&group.name);
            (group.yields_to.contains(&other.name) || excludes) && self.stands(other)
        });
        present && !steps_back
    }

    fn may_apply(&self, index: usize) -> bool {
        self.is_candidate(index)
            && match &self.rules[index].group {
                Some(own) => self.stands(self.groups.iter().find(|group| group.name == *own).unwrap()),
                None => !self.groups.iter().any(|group| *group == group.clone().alone() && self.stands(group)),
            }
    }

    /// The rules that apply, in order of application.
    fn applied(&self) -> Vec<usize> {
        let left: Vec<usize> = (0..self.rules.len()).filter(|index| self.may_apply(*index)).collect();
        let best = |of: &[usize]| of.iter().copied().min_by_key(|index| self.effect(*index, self.amount()).abs());
        match self.combine {
            Combine::First => left.into_iter().take(1).collect(),
            Combine::Best => best(&left).into_iter().collect(),
            Combine::Multiply { in_group } => {
                let wins = |index: &usize| {
                    let own = &self.rules[*index].group;
                    let rivals: Vec<usize> =
                        left.iter().copied().filter(|other| self.rules[*other].group == *own).collect();
                    own.is_none()
                        || match in_group {
                            Pick::First => rivals.first() == Some(index),
                            Pick::Best => best(&rivals) == Some(*index),
                        }
                };
                let left: Vec<usize> = left.iter().copied().filter(wins).collect();
                let is_price = |index: &usize| matches!(self.rules[*index].effect, Effect::Price(_));
                let prices = left.iter().copied().filter(is_price).take(1);
                prices.chain(left.iter().copied().filter(|index| !is_price(index))).collect()
            }
        }
    }
}

#[test]
fn a_small_world_against_the_obvious_model() {
    let (options, facts) = (small_rules(), facts());
    let rule = |index: usize, (effect, matches, group): &(Effect, bool, Option<&str>)| {
        let rule = DiscountRule::new(name(&format!("r{index}")), Source::Voucher, *effect);
        let rule = if *matches { rule } else { rule.of_kind(Kind::Disk) };
        group.map_or(rule.clone(), |group| rule.in_group(name(group)))
    };
    let made: Vec<[DiscountRule; 3]> =
        options.iter().map(|option| [0, 1, 2].map(|index| rule(index, option))).collect();
    let mut worlds = 0_u32;
    for groups in group_policies() {
        for combine in COMBINE {
            for surcharges in [Surcharges::Refused, Surcharges::Allowed] {
                for (one, two, three) in triples(made.len()) {
                    let rules = [made[one][0].clone(), made[two][1].clone(), made[three][2].clone()];
                    let policy = Policy { combine, groups: groups.clone(), surcharges };
                    let discounts = Discounts::new(rules.to_vec(), policy).unwrap();
                    for amount in [10, -10] {
                        let model = Model { rules: &rules, groups: &groups, combine, surcharges, amount };
                        let discounted = discounts.apply(&facts, &listed(amount, amount.signum())).unwrap();
                        let expected = model.applied();
                        let named: Vec<&str> = expected.iter().map(|index| rules[*index].name.as_str()).collect();
                        assert_eq!(applied(&discounted), named, "{groups:?} {combine:?} {rules:?} {amount}");
                        let mills =
                            expected.into_iter().fold(model.amount(), |mills, index| model.effect(index, mills));
                        assert_eq!(*discounted.amount(), Exact::from(Decimal::new(mills, 3)), "{}", discounted.trace());
                        worlds += 1;
                    }
                }
            }
        }
    }
    assert_eq!(worlds, 7 * 4 * 2 * 15 * 15 * 15 * 2);
}

fn triples(count: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..count).flat_map(move |one| (0..count).flat_map(move |two| (0..count).map(move |three| (one, two, three))))
}

// Figures of the rule and edges.

#[test]
fn a_tie_goes_to_the_earlier_rule() {
    let rules = ["first", "second"].map(|text| DiscountRule::new(name(text), Source::Agreement, ratio(90)));
    let discounts = Discounts::new(rules.to_vec(), Policy::new(Combine::Best)).unwrap();
    let discounted = discounts.apply(&facts(), &listed(100, 1)).unwrap();
    assert_eq!(applied(&discounted), ["first"]);
    let [_, second] = discounted.trace().lines() else { panic!("two lines") };
    assert_eq!(second.verdict, Verdict::Lost(Lost::BeatenBy { rule: name("first") }));
}

#[test]
fn a_half_cent_of_the_portal_stays_where_it_is() {
    // D-P1: 0.66 as a double makes 140.74500000000000663 of it, and so 140.75.
    let discounts = Discounts::unified(name("pre-paid"), Ratio::percent(66.into()).unwrap());
    let line = Listed { amount: "213.25".parse().unwrap(), ..listed(0, 1) };
    let discounted = discounts.apply(&facts(), &line).unwrap();
    assert_eq!(discounted.amount().to_string(), "140.745");
    assert_eq!(Rounding::PORTAL.round(discounted.into_amount()).unwrap().to_string(), "140.74");
}

#[test]
fn a_rule_is_checked_when_the_list_is_made() {
    let made = |effect, surcharges| {
        let rules = vec![DiscountRule::new(name("r"), Source::Agreement, effect)];
        Discounts::new(rules, Policy { surcharges, ..Policy::new(Combine::First) })
    };
    let code = |effect, surcharges| made(effect, surcharges).unwrap_err().code();
    let (refused, allowed) = (Surcharges::Refused, Surcharges::Allowed);
    assert_eq!(code(Effect::Surcharge(Decimal::new(101, 2)), refused), "pricing.surcharge_not_allowed");
    assert!(made(Effect::Surcharge(Decimal::new(101, 2)), allowed).is_ok());
    assert_eq!(code(Effect::Surcharge(Decimal::ONE), allowed), "pricing.bad_discount");
    assert_eq!(code(Effect::Surcharge(Decimal::NEGATIVE_ONE), allowed), "pricing.bad_discount");
    assert_eq!(code(Effect::Price(Decimal::new(-1, 2)), allowed), "pricing.bad_discount");
    assert_eq!(code(Effect::Off(Decimal::new(-1, 2)), allowed), "pricing.bad_discount");
    assert!(made(Effect::Price(Decimal::ZERO), refused).is_ok());
}

#[test]
fn what_is_too_large_is_an_error_and_no_wrong_amount() {
    let large = Decimal::MAX;
    let rules: Vec<DiscountRule> = (0..40)
        .map(|index| DiscountRule::new(name(&format!("r{index}")), Source::Agreement, Effect::Surcharge(large)))
        .collect();
    let policy = Policy { surcharges: Surcharges::Allowed, ..Policy::new(Combine::Multiply { in_group: Pick::First }) };
    let error = Discounts::new(rules, policy).unwrap().apply(&facts(), &listed(1, 1)).unwrap_err();
    assert_eq!(error.code(), "money.overflow");
}
