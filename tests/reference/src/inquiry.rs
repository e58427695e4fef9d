//! What an inquiry costs, by the words of R-P1 … R-P6: each part by its rate, times the count, less discounts, within
//! limits, rounded where it was told to.

use crate::{
    number::{Fraction, whole, zero},
    rating, rounding,
    tiers::{self, Tier},
};

/// How units become an amount.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Every unit at this price.
    PerUnit(Fraction),
    /// Each unit at the price of its tier.
    Graduated(Vec<Tier>),
    /// All units at the price of the tier of the last one.
    Volume(Vec<Tier>),
    /// A price for each started block of so many.
    Package {
        /// How many.
        size: Fraction,
        /// The price.
        price: Fraction,
    },
}

/// A price for units, with what is free and what the line costs at least and at most.
#[derive(Debug, Clone)]
pub struct Rate {
    /// What units cost.
    pub shape: Shape,
    /// Of what one unit is.
    pub per: String,
    /// For how long one unit is: a time-unit, or `once`.
    pub every: String,
    /// Units that cost nothing.
    pub free: Fraction,
    /// The least that the line costs.
    pub least: Option<Fraction>,
    /// The most that the line costs.
    pub most: Option<Fraction>,
    /// Whether no usage still pays the least, and the fee of the first tier.
    pub zero_is_charged: bool,
}

/// So much of a part, and its rate.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// How much of it.
    pub amount: Fraction,
    /// In which unit.
    pub unit: String,
    /// What it costs.
    pub rate: Rate,
}

/// What a rule does.
#[derive(Debug, Clone)]
pub enum Effect {
    /// So much of the amount is left.
    Ratio(Fraction),
    /// Each unit costs this, unless it is dearer than the list.
    Price(Fraction),
    /// So much less of all lines together.
    Off(Fraction),
}

/// A rule of a list: what it does, and of which part (none for all).
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it does.
    pub effect: Effect,
    /// Of which part.
    pub only: Option<String>,
}

/// Which of the rules for a line applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// The first one.
    First,
    /// The one that leaves the least; of equals the earlier.
    Best,
}

/// The least and the most of one item.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// The least.
    pub least: Option<Fraction>,
    /// The most.
    pub most: Option<Fraction>,
}

/// Where, to what and how amounts are rounded.
#[derive(Debug, Clone)]
pub struct Rounding {
    /// `line`, `line_carry` or `total`.
    pub at: String,
    /// To multiples of this.
    pub step: Fraction,
    /// By this mode.
    pub mode: String,
}

/// A line: what it costs by the list, and after discounts, exactly and for all items.
#[derive(Debug, Clone)]
pub struct Line {
    /// By the list.
    pub original: Fraction,
    /// After discounts.
    pub payable: Fraction,
}

/// What units cost at a rate: free units off, then the shape, then the limits of the line.
pub fn amount(rate: &Rate, units: &Fraction) -> Fraction {
    let charged = (units - &rate.free).max(zero());
    let nothing_is_free = *units == zero() && !rate.zero_is_charged;
    let amount = match &rate.shape {
        Shape::PerUnit(price) => &charged * price,
        Shape::Graduated(tiers) | Shape::Volume(tiers) if charged == zero() => match rate.zero_is_charged {
            true => tiers[0].flat.clone(),
            false => zero(),
        },
        Shape::Graduated(tiers) => tiers::graduated(tiers, &charged),
        Shape::Volume(tiers) => tiers::volume(tiers, &charged),
        Shape::Package { size, price } => tiers::package(size, price, &charged),
    };
    if nothing_is_free { amount } else { between(amount, rate.least.as_ref(), rate.most.as_ref()) }
}

/// How many units of its rate so much of a part is, for so many microseconds.
pub fn units(part: &Part, micros: i64) -> Fraction {
    match part.rate.every.as_str() {
        "once" => &part.amount * rating::conversion(&part.unit, &part.rate.per).expect("units of one family"),
        every => rating::units(&(&part.amount * whole(micros)), &part.unit, &part.rate.per, every),
    }
}

/// The lines of an inquiry: so many items alike, for so many microseconds, with a list of rules.
pub fn lines(parts: &[Part], micros: i64, count: u32, rules: &[Rule], policy: Policy) -> Vec<Line> {
    let count = whole(count.into());
    let listed: Vec<Fraction> = parts.iter().map(|part| amount(&part.rate, &units(part, micros)) * &count).collect();
    let discounted = |(place, part): (usize, &Part)| {
        let units = units(part, micros) * &count;
        let payable = discounted(place, parts, &units, &listed, rules, policy);
        Line { original: listed[place].clone(), payable }
    };
    parts.iter().enumerate().map(discounted).collect()
}

/// What is left of one of the lines.
fn discounted(
    place: usize,
    parts: &[Part],
    units: &Fraction,
    listed: &[Fraction],
    rules: &[Rule],
    policy: Policy,
) -> Fraction {
    let mut candidates = Vec::new();
    for rule in rules.iter().filter(|rule| is_for(rule, &parts[place])) {
        let list = &listed[place];
        let left = match &rule.effect {
            Effect::Ratio(ratio) => list * ratio,
            Effect::Price(price) if units * price > *list => continue, // dearer than the list
            Effect::Price(price) => units * price,
            Effect::Off(off) => {
                let all_it_is_for = (0..parts.len()).filter(|other| is_for(rule, &parts[*other]));
                let sum: Fraction = all_it_is_for.map(|other| &listed[other]).sum();
                let share = if sum == zero() { zero() } else { off * list / sum };
                (list - share).max(zero())
            }
        };
        candidates.push(left);
    }
    let chosen = match policy {
        Policy::First => candidates.first(),
        Policy::Best => candidates.iter().min(),
    };
    chosen.unwrap_or(&listed[place]).clone()
}

fn is_for(rule: &Rule, part: &Part) -> bool {
    rule.only.as_ref().is_none_or(|only| *only == part.name)
}

/// What lines come to: each rounded by itself, or their sum; or, rounded, the limit that the sum breaches. Nothing
/// stays nothing.
pub fn total(lines: &[Fraction], count: u32, limits: &Limits, round: &Rounding) -> Fraction {
    let rounded = |value: &Fraction| rounding::round(value, &round.step, &round.mode);
    let sum: Fraction = lines.iter().sum();
    let count = whole(count.into());
    let of_all = |limit: &Option<Fraction>| limit.as_ref().map(|limit| limit * &count);
    let (least, most) = (of_all(&limits.least), of_all(&limits.most));
    let limited = if sum == zero() { zero() } else { between(sum.clone(), least.as_ref(), most.as_ref()) };
    if limited != sum {
        return rounded(&limited);
    }
    match round.at.as_str() {
        "line" => lines.iter().map(rounded).sum(),
        _ => rounded(&sum),
    }
}

/// The lines as they are shown: rounded each by itself, or with what was lost carried into the next.
pub fn subtotals(lines: &[Fraction], round: &Rounding) -> Vec<Fraction> {
    match round.at.as_str() {
        "line" => lines.iter().map(|line| rounding::round(line, &round.step, &round.mode)).collect(),
        _ => rounding::round_carrying(lines, &round.step, &round.mode),
    }
}

fn between(amount: Fraction, least: Option<&Fraction>, most: Option<&Fraction>) -> Fraction {
    let amount = least.map_or(amount.clone(), |least| amount.max(least.clone()));
    most.map_or(amount.clone(), |most| amount.min(most.clone()))
}
