use crate::{
    error::{Error, Language, MoneyError, PricingError},
    exact::{Exact, decimal},
    metering::{Kind, Part, Usage},
    money::{
        Currency, RoundAt, Rounding,
        text::{aligned, shown},
    },
    pricing::{RateCard, Tariff, rated::check_whole, settle::Settling},
    time::Instant,
    units::Name,
};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, btree_map},
    fmt,
};

/// Something that was used, and by whom.
#[derive(Debug, Clone)]
pub struct Billed {
    /// Who pays for it.
    pub owner: Name,
    /// What it is of: the resource.
    pub id: Name,
    /// The kind of resource.
    pub kind: Kind,
    /// What was used of it.
    pub usage: Usage,
    /// When rates have to be in force.
    pub at: Instant,
}

/// What is compared, and how it is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComparisonTerms {
    /// Which of the two amounts of a usage.
    pub counted: Counted,
    /// How amounts are rounded.
    pub rounding: Rounding,
}

/// Which of the two amounts of a usage is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// What all that was used costs.
    Used,
    /// What of it is payable.
    Payable,
}

/// An old and a new value, and new − old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared<T> {
    /// By the old revision.
    pub old: T,
    /// By the new one.
    pub new: T,
    /// New − old.
    pub difference: T,
}

/// What became of the rate of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeOfRate {
    /// It costs the same.
    Same,
    /// It costs something else.
    Other,
    /// Only the new revision has a rate.
    Added,
    /// Only the old revision has a rate.
    Removed,
    /// Neither has one: nobody is asked for it.
    Missing,
}

/// A part of a usage by both revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedLine {
    /// The part.
    pub part: Part,
    /// What became of its rate.
    pub change: ChangeOfRate,
    /// Exactly; nothing where a revision has no rate.
    pub exact: Compared<Exact>,
    /// As the line is rounded; none where lines are not.
    pub amount: Option<Compared<Decimal>>,
}

/// A usage by both revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedFact {
    /// What it is of.
    pub id: Name,
    /// Its kind.
    pub kind: Kind,
    /// Its parts, in order.
    pub lines: Vec<ComparedLine>,
    /// Exactly: the sum of the lines, or a limit in its place.
    pub exact: Compared<Exact>,
    /// As it is rounded; none where only the sum of many is.
    pub amount: Option<Compared<Decimal>>,
}

/// All usages of an owner by both revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedOwner {
    /// The owner.
    pub owner: Name,
    /// Usages by id and instant.
    pub facts: Vec<ComparedFact>,
    /// Exactly: the sum of the usages.
    pub exact: Compared<Exact>,
    /// What is charged: the sum of what each usage is rounded to, or the rounded sum of a month.
    pub amount: Compared<Decimal>,
}

/// Two revisions of a rate card on the same facts.
///
/// # Rule
/// R-P1, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    revisions: (Name, Name),
    currency: Currency,
    terms: ComparisonTerms,
    owners: Vec<ComparedOwner>,
    exact: Compared<Exact>,
    amount: Compared<Decimal>,
}

/// What the same facts cost by two revisions of a rate card, line by line and owner by owner.
///
/// Each side is rated as [`Tariff::rate`] rates it, with its limits and its rounding, so either column is the
/// bill. Whether a card as a whole is in force at the time of the facts does not matter: the question is what
/// they would cost. A part that only one revision has a rate for is an answer, not an error. Lines are what parts cost
/// by themselves: they add up to their usage, unless a limit of the kind stands in its place.
///
/// # Errors
/// `money.currency_mismatch` of the two cards; `pricing.rounds_elsewhere` for a rounding of segments;
/// `pricing.fact_not_rated`, with the code of what is wrong, for a usage that a revision can not rate.
///
/// # Examples
/// ```
/// use counterfoil::metering::{Kind, Part, Spec, Usage};
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::{Billed, ChangeOfRate, ComparisonTerms, Counted, RateCard, compare};
/// use counterfoil::time::Period;
///
/// let card = |price: &str| {
///     RateCard::from_toml(&format!(
///         r#"
///         revision = "{price}"
///         currency = "CNY"
///         rates = [{{ kind = "disk", part = "size", price = "{price}", per = "GiB", every = "day" }}]
///         "#
///     ))
/// };
/// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
/// let usage = Usage::timed(day, &Spec::size_gib("50")?)?;
/// let billed = Billed { owner: "ada".parse()?, id: "disk-1".parse()?, kind: Kind::Disk, usage, at: day.start() };
/// let terms = ComparisonTerms { counted: Counted::Payable, rounding: Rounding::PORTAL };
/// let comparison = compare(&card("1.02")?, &card("1.10")?, &[billed], terms)?;
/// assert_eq!(comparison.amount().difference.to_string(), "4.00"); // 51.00 → 55.00
/// assert_eq!(comparison.owners()[0].facts[0].lines[0].change, ChangeOfRate::Other);
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P1, R-P15
pub fn compare(
    old: &RateCard,
    new: &RateCard,
    facts: &[Billed],
    terms: ComparisonTerms,
) -> Result<Comparison, PricingError> {
    if old.currency() != new.currency() {
        let (left, right) = (old.currency().to_string(), new.currency().to_string());
        return Err(MoneyError::CurrencyMismatch { left, right }.into());
    }
    if terms.rounding.at() == RoundAt::Segment {
        return Err(PricingError::RoundsElsewhere { at: "segment", call: "rate_segments" });
    }
    let mut sorted: Vec<&Billed> = facts.iter().collect();
    sorted.sort_by(|a, b| (&a.owner, &a.id, a.at).cmp(&(&b.owner, &b.id, b.at)));
    let mut tariffs = Tariffs { old, new, made: BTreeMap::new() };
    let mut owners = Vec::new();
    for of_owner in sorted.chunk_by(|a, b| a.owner == b.owner) {
        let facts = of_owner.iter().map(|fact| tariffs.fact(fact, terms)).collect::<Result<Vec<_>, _>>()?;
        if let Some(first) = of_owner.first() {
            owners.push(ComparedOwner::of(first.owner.clone(), facts, terms.rounding)?);
        }
    }
    let exact = sum_exact(owners.iter().map(|owner| &owner.exact))?;
    let amount = sum_amounts(owners.iter().map(|owner| owner.amount), terms.rounding)?;
    let revisions = (old.revision().clone(), new.revision().clone());
    Ok(Comparison { revisions, currency: old.currency(), terms, owners, exact, amount })
}

/// The tariffs of both revisions, each made once for as long as there are few: usages of a period share their instants,
/// and where each has one of its own nothing would be shared.
struct Tariffs<'a> {
    old: &'a RateCard,
    new: &'a RateCard,
    made: BTreeMap<(&'a Kind, Instant), (Tariff, Tariff)>,
}

/// How many pairs of tariffs are held at once.
const MOST_TARIFFS: usize = 256;

/// A usage by one revision.
struct Side {
    /// Parts in order; none where there is no rate.
    lines: Vec<(Part, Option<Exact>)>,
    exact: Exact,
    amount: Decimal,
}

impl<'a> Tariffs<'a> {
    fn fact(&mut self, fact: &'a Billed, terms: ComparisonTerms) -> Result<ComparedFact, PricingError> {
        let not_rated = |revision: &Name| {
            let (fact, revision) = (fact.id.to_string(), revision.to_string());
            move |error: PricingError| {
                let error = Error::from(error);
                PricingError::FactNotRated { fact, revision, fault: error.to_string(), cause: error.code() }
            }
        };
        let (old_card, new_card) = (self.old, self.new);
        if self.made.len() >= MOST_TARIFFS {
            self.made.clear();
        }
        let of = |card: &RateCard| card.tariff_of_rates(&fact.kind, fact.at).map_err(not_rated(card.revision()));
        let (old, new) = match self.made.entry((&fact.kind, fact.at)) {
            btree_map::Entry::Occupied(made) => made.into_mut(),
            btree_map::Entry::Vacant(free) => free.insert((of(old_card)?, of(new_card)?)),
        };
        let old = Side::of(old, &fact.usage, terms).map_err(not_rated(old_card.revision()))?;
        let new = Side::of(new, &fact.usage, terms).map_err(not_rated(new_card.revision()))?;
        let lines = paired(old.lines, new.lines);
        let old_amounts = lines_rounded(lines.iter().map(|(_, old, _)| old), terms.rounding)?;
        let new_amounts = lines_rounded(lines.iter().map(|(.., new)| new), terms.rounding)?;
        let lines = lines.into_iter().zip(old_amounts.into_iter().zip(new_amounts));
        let lines = lines.map(|((part, old, new), amounts)| ComparedLine::of(part, old, new, amounts));
        let amount = compared_amounts(old.amount, new.amount)?;
        Ok(ComparedFact {
            id: fact.id.clone(),
            kind: fact.kind.clone(),
            lines: lines.collect::<Result<_, _>>()?,
            exact: compared_exact(old.exact, new.exact)?,
            amount: (terms.rounding.at() != RoundAt::Month).then_some(amount),
        })
    }
}

impl Side {
    fn of(tariff: &Tariff, usage: &Usage, terms: ComparisonTerms) -> Result<Self, PricingError> {
        if !tariff.limits().are_none() {
            check_whole(usage)?;
        }
        let mut settling = Settling::new(terms.rounding);
        let mut lines = Vec::new();
        tariff.each_column(usage.view(), |column, rated| {
            let exact = match rated {
                Some((_, priced)) => {
                    settling.line(&priced.amounts)?;
                    Some(match terms.counted {
                        Counted::Used => priced.amounts.original,
                        Counted::Payable => priced.amounts.payable,
                    })
                }
                None => None,
            };
            lines.push((column.part.clone(), exact));
            Ok(())
        })?;
        settling.end_segment()?;
        let (original, payable) = settling.finish(tariff.limits())?;
        let rounded = match terms.counted {
            Counted::Used => original,
            Counted::Payable => payable,
        };
        Ok(Self { lines, exact: rounded.exact().clone(), amount: rounded.amount() })
    }
}

impl ComparedLine {
    fn of(
        part: Part,
        old: Option<Exact>,
        new: Option<Exact>,
        (old_amount, new_amount): (Option<Decimal>, Option<Decimal>),
    ) -> Result<Self, PricingError> {
        let change = match (&old, &new) {
            (Some(old), Some(new)) if old == new => ChangeOfRate::Same,
            (Some(_), Some(_)) => ChangeOfRate::Other,
            (None, Some(_)) => ChangeOfRate::Added,
            (Some(_), None) => ChangeOfRate::Removed,
            (None, None) => ChangeOfRate::Missing,
        };
        let exact = |side: Option<Exact>| side.unwrap_or(Exact::ZERO);
        let amount = match (old_amount, new_amount) {
            (Some(old), Some(new)) => Some(compared_amounts(old, new)?),
            _ => None,
        };
        Ok(Self { part, change, exact: compared_exact(exact(old), exact(new))?, amount })
    }
}

impl ComparedOwner {
    fn of(owner: Name, facts: Vec<ComparedFact>, rounding: Rounding) -> Result<Self, PricingError> {
        let exact = sum_exact(facts.iter().map(|fact| &fact.exact))?;
        let amount = if rounding.at() == RoundAt::Month {
            let rounded = |exact: &Exact| Ok::<_, PricingError>(rounding.round(exact.clone())?.amount());
            compared_amounts(rounded(&exact.old)?, rounded(&exact.new)?)?
        } else {
            sum_amounts(facts.iter().filter_map(|fact| fact.amount), rounding)?
        };
        Ok(Self { owner, facts, exact, amount })
    }
}

impl Comparison {
    /// The revisions, old and new.
    pub const fn revisions(&self) -> (&Name, &Name) {
        (&self.revisions.0, &self.revisions.1)
    }

    /// The currency of all amounts.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What was compared, and how it was rounded.
    pub const fn terms(&self) -> ComparisonTerms {
        self.terms
    }

    /// The owners, sorted.
    pub fn owners(&self) -> &[ComparedOwner] {
        &self.owners
    }

    /// All owners together, exactly.
    pub const fn exact(&self) -> &Compared<Exact> {
        &self.exact
    }

    /// All owners together: the sum of what each is charged.
    pub const fn amount(&self) -> Compared<Decimal> {
        self.amount
    }

    /// The comparison as text: a line for each part, a sum for each owner, and the whole.
    pub fn text(&self, language: Language) -> String {
        let words = Words::of(language);
        let mut table = vec![words.header.map(str::to_owned)];
        let mut row = |first: [&str; 4], [old, new, difference]: [String; 3]| {
            let [owner, id, part, change] = first.map(str::to_owned);
            table.push([owner, id, part, change, old, new, difference]);
        };
        for owner in &self.owners {
            for fact in &owner.facts {
                for line in &fact.lines {
                    let part = line.part.to_string();
                    let change = line.change.text(language);
                    let values = [&line.exact.old, &line.exact.new, &line.exact.difference].map(shown);
                    row([owner.owner.as_str(), fact.id.as_str(), &part, change], values);
                }
                if let Some(amount) = fact.amount {
                    row([owner.owner.as_str(), fact.id.as_str(), "", words.rounded], amount.shown());
                }
            }
            row([owner.owner.as_str(), "", "", words.sum], owner.amount.shown());
        }
        row(["", "", "", words.total], self.amount.shown());
        let (old, new) = self.revisions();
        let head = format!("{old} → {new}, {}", self.currency);
        format!("{head}\n{}{}: {}\n", aligned(&table, 4), words.rounding, self.terms.rounding)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

impl Compared<Decimal> {
    fn shown(&self) -> [String; 3] {
        [self.old, self.new, self.difference].map(|amount| amount.to_string())
    }
}

impl ChangeOfRate {
    /// The name, as `removed`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Other => "other",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Missing => "missing",
        }
    }

    /// The word in a language.
    pub const fn text(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, Self::Same) => "不变",
            (Language::Chinese, Self::Other) => "变更",
            (Language::Chinese, Self::Added) => "新增价格",
            (Language::Chinese, Self::Removed) => "取消价格",
            (Language::Chinese, Self::Missing) => "无价格",
            (_, Self::Same) => "same",
            (_, Self::Other) => "changed",
            (_, Self::Added) => "rate added",
            (_, Self::Removed) => "rate removed",
            (_, Self::Missing) => "no rate",
        }
    }
}

struct Words {
    header: [&'static str; 7],
    rounded: &'static str,
    sum: &'static str,
    total: &'static str,
    rounding: &'static str,
}

impl Words {
    const fn of(language: Language) -> Self {
        match language {
            Language::Chinese => Self {
                header: ["所有者", "资源", "部件", "变化", "原价目表", "新价目表", "差额"],
                rounded: "舍入后",
                sum: "小计",
                total: "总计",
                rounding: "舍入方式",
            },
            Language::English => Self {
                header: ["owner", "resource", "part", "change", "old", "new", "difference"],
                rounded: "rounded",
                sum: "sum",
                total: "total",
                rounding: "rounding",
            },
        }
    }
}

/// The parts of both sides: one that was not used may stand on one side only, with its rate.
fn paired(
    old: Vec<(Part, Option<Exact>)>,
    new: Vec<(Part, Option<Exact>)>,
) -> Vec<(Part, Option<Exact>, Option<Exact>)> {
    let mut parts: BTreeMap<Part, (Option<Exact>, Option<Exact>)> = BTreeMap::new();
    for (part, exact) in old {
        parts.entry(part).or_default().0 = exact;
    }
    for (part, exact) in new {
        parts.entry(part).or_default().1 = exact;
    }
    parts.into_iter().map(|(part, (old, new))| (part, old, new)).collect()
}

/// Each line as it is rounded, where lines are.
fn lines_rounded<'a>(
    lines: impl ExactSizeIterator<Item = &'a Option<Exact>>,
    rounding: Rounding,
) -> Result<Vec<Option<Decimal>>, PricingError> {
    if !matches!(rounding.at(), RoundAt::Line | RoundAt::LineCarry) {
        return Ok(vec![None; lines.len()]);
    }
    let exact: Vec<Exact> = lines.map(|exact| exact.clone().unwrap_or(Exact::ZERO)).collect();
    Ok(rounding.round_lines(&exact)?.into_iter().map(Some).collect())
}

fn compared_exact(old: Exact, new: Exact) -> Result<Compared<Exact>, PricingError> {
    let difference = new.minus(&old)?;
    Ok(Compared { old, new, difference })
}

fn compared_amounts(old: Decimal, new: Decimal) -> Result<Compared<Decimal>, PricingError> {
    Ok(Compared { old, new, difference: decimal::subtract(new, old)? })
}

fn sum_exact<'a>(all: impl Iterator<Item = &'a Compared<Exact>> + Clone) -> Result<Compared<Exact>, PricingError> {
    let old = Exact::sum(all.clone().map(|each| &each.old))?;
    compared_exact(old, Exact::sum(all.map(|each| &each.new))?)
}

/// With the digits of the step, even of nothing at all.
fn sum_amounts(
    mut all: impl Iterator<Item = Compared<Decimal>>,
    rounding: Rounding,
) -> Result<Compared<Decimal>, PricingError> {
    let nothing = decimal::with_scale(Decimal::ZERO, rounding.step().scale());
    let (old, new) = all.try_fold((nothing, nothing), |(old, new), each| {
        Ok::<_, PricingError>((decimal::add(old, each.old)?, decimal::add(new, each.new)?))
    })?;
    compared_amounts(old, new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        metering::Spec,
        time::Period,
        units::{Quantity, Unit},
    };
    use proptest::prelude::*;

    const CORE: &str = r#"{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },"#;
    const RAM: &str = r#"{ kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },"#;

    fn card(rates: &str, rest: &str) -> RateCard {
        RateCard::from_toml(&format!("revision = \"r\"\ncurrency = \"CNY\"\nrates = [{rates}]\n{rest}")).unwrap()
    }

    fn day() -> Period {
        Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z").unwrap()
    }

    fn billed(owner: &str, id: &str, cores: &str, ram: &str) -> Billed {
        let quantity = |amount, unit| Quantity::parse(amount, unit).unwrap();
        let spec =
            Spec::new([(Part::CPU, quantity(cores, Unit::Core)), (Part::RAM, quantity(ram, Unit::GiB))]).unwrap();
        let usage = Usage::timed(day(), &spec).unwrap();
        let name = |text: &str| text.parse().unwrap();
        Billed { owner: name(owner), id: name(id), kind: Kind::Server, usage, at: day().start() }
    }

    fn terms(rounding: &str) -> ComparisonTerms {
        ComparisonTerms { counted: Counted::Payable, rounding: rounding.parse().unwrap() }
    }

    fn shown(amount: Compared<Decimal>) -> [String; 3] {
        amount.shown()
    }

    #[test]
    fn what_has_a_rate_on_one_side_only_is_an_answer() {
        let facts = [billed("bob", "s-2", "1", "2"), billed("ada", "s-1", "1", "0")];
        let comparison = compare(&card(CORE, ""), &card(RAM, ""), &facts, terms("portal")).unwrap();
        let owners: Vec<&str> = comparison.owners().iter().map(|owner| owner.owner.as_str()).collect();
        assert_eq!(owners, ["ada", "bob"]);
        let changes =
            |owner: usize| comparison.owners()[owner].facts[0].lines.iter().map(|line| line.change).collect::<Vec<_>>();
        assert_eq!(changes(0), [ChangeOfRate::Removed, ChangeOfRate::Added]); // nothing used of the second
        assert_eq!(changes(1), [ChangeOfRate::Removed, ChangeOfRate::Added]);
        assert_eq!(shown(comparison.owners()[0].amount), ["1.58", "0.00", "-1.58"]); // 1.584
        assert_eq!(shown(comparison.owners()[1].amount), ["1.58", "0.58", "-1.00"]); // 0.576
        assert_eq!(shown(comparison.amount()), ["3.16", "0.58", "-2.58"]);
        assert_eq!(comparison.exact().difference.to_string(), "-2.592");
        let nothing = compare(&card("", ""), &card("", ""), &facts, terms("portal")).unwrap();
        assert_eq!(nothing.owners()[1].facts[0].lines[0].change, ChangeOfRate::Missing);
        assert_eq!(shown(nothing.amount()), ["0.00"; 3]);
        let none = compare(&card(CORE, ""), &card(RAM, ""), &[], terms("portal")).unwrap();
        assert_eq!(shown(none.amount()), ["0.00"; 3]);
    }

    #[test]
    fn it_rounds_where_it_is_told_to() {
        let facts = [billed("ada", "s-1", "1", "1"), billed("ada", "s-2", "1", "1")];
        let dearer = CORE.replace("0.066", "0.067");
        let compared = |rounding: &str| {
            let (old, new) = (card(&(CORE.to_owned() + RAM), ""), card(&(dearer.clone() + RAM), ""));
            compare(&old, &new, &facts, terms(rounding)).unwrap()
        };
        // Each day: 1.584 + 0.288 = 1.872, and 1.608 + 0.288 = 1.896.
        assert_eq!(shown(compared("half_even 0.01 total").amount()), ["3.74", "3.80", "0.06"]);
        assert_eq!(shown(compared("half_up 0.01 line").amount()), ["3.74", "3.80", "0.06"]);
        assert_eq!(shown(compared("down 0.01 line").amount()), ["3.72", "3.76", "0.04"]);
        let month = compared("half_up 0.01 month");
        assert_eq!(shown(month.amount()), ["3.74", "3.79", "0.05"]); // 3.744 and 3.792
        assert_eq!(month.owners()[0].facts[0].amount, None);
        assert_eq!(
            compared("down 0.01 line").owners()[0].facts[0].lines[0].amount.map(|line| line.old.to_string()),
            Some("1.58".to_owned())
        );
        let old = card(CORE, "");
        let code = |new: &RateCard, rounding: &str| compare(&old, new, &facts, terms(rounding)).unwrap_err().code();
        assert_eq!(code(&old, "down 0.01 segment"), "pricing.rounds_elsewhere");
        let dollars = RateCard::from_toml("revision = \"r\"\ncurrency = \"USD\"\nrates = []").unwrap();
        assert_eq!(code(&dollars, "portal"), "money.currency_mismatch");
        let once = card(&CORE.replace("hour", "once"), "");
        match compare(&old, &once, &facts, terms("portal")).unwrap_err() {
            PricingError::FactNotRated { fact, cause, .. } => {
                assert_eq!((fact.as_str(), cause), ("s-1", "pricing.time_mismatch"));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_card_that_is_not_in_force_is_compared_all_the_same() {
        let next = card(CORE, "")
            .with_validity(crate::pricing::Validity { from: Some("2030-01-01T00:00:00Z".parse().unwrap()), to: None });
        let comparison = compare(&card(CORE, ""), &next.unwrap(), &[billed("ada", "s", "1", "0")], terms("portal"));
        assert_eq!(shown(comparison.unwrap().amount()), ["1.58", "1.58", "0.00"]);
    }

    #[test]
    fn limits_stand_in_both_columns() {
        let limited = card(CORE, "[limits.server]\nminimum = \"2\"");
        let comparison = compare(&card(CORE, ""), &limited, &[billed("ada", "s", "1", "0")], terms("portal")).unwrap();
        assert_eq!(shown(comparison.amount()), ["1.58", "2.00", "0.42"]);
        assert_eq!(comparison.owners()[0].facts[0].exact.new.to_string(), "2");
        assert!(comparison.text(Language::Chinese).contains("小计"), "{comparison}");
        assert!(comparison.to_string().contains("rounding: half_even 0.01 total"), "{comparison}");
    }

    proptest! {
        /// Each side is the bill, the differences re-add, and the order of the facts is nothing.
        #[test]
        fn it_re_adds(
            used in prop::collection::vec((0_u8..3, 0_u32..50, 0_u32..50), 0..12),
            prices in (1_u32..500, 1_u32..500, 1_u32..500, 1_u32..500),
            at in prop::sample::select(vec!["total", "line", "line_carry", "month"]),
        ) {
            let at_prices = |cpu: u32, ram: u32| {
                card(&format!("{}{}", CORE.replace("0.066", &format!("0.{cpu:03}")), RAM.replace("0.012", &format!("0.{ram:03}"))), "")
            };
            let (old, new) = (at_prices(prices.0, prices.1), at_prices(prices.2, prices.3));
            let facts: Vec<Billed> = used
                .iter()
                .enumerate()
                .map(|(n, (owner, cores, ram))| billed(&format!("o{owner}"), &format!("s{n}"), &cores.to_string(), &ram.to_string()))
                .collect();
            let terms = terms(&format!("half_up 0.01 {at}"));
            let comparison = compare(&old, &new, &facts, terms).unwrap();
            let mut reversed = facts.clone();
            reversed.reverse();
            prop_assert_eq!(&compare(&old, &new, &reversed, terms).unwrap(), &comparison);
            let add = |sum: Decimal, each: Decimal| decimal::add(sum, each).unwrap();
            let owners: Vec<Compared<Decimal>> = comparison.owners().iter().map(|owner| owner.amount).collect();
            let sum = |of: fn(&Compared<Decimal>) -> Decimal| owners.iter().map(of).fold(Decimal::ZERO, add);
            prop_assert_eq!(sum(|each| each.difference), comparison.amount().difference);
            prop_assert_eq!(sum(|each| each.old), comparison.amount().old);
            for owner in comparison.owners() {
                for fact in &owner.facts {
                    let lines = |of: fn(&Compared<Exact>) -> &Exact| Exact::sum(fact.lines.iter().map(|line| of(&line.exact))).unwrap();
                    prop_assert_eq!(lines(|each| &each.old), fact.exact.old.clone());
                    prop_assert_eq!(lines(|each| &each.difference), fact.exact.difference.clone());
                }
            }
            if at != "month" {
                for (card, of) in [(&old, (|each: &Compared<Decimal>| each.old) as fn(&_) -> _), (&new, |each| each.new)] {
                    let tariff = card.tariff(&Kind::Server, day().start()).unwrap();
                    let bill = facts.iter().map(|fact| tariff.rate(&fact.usage, terms.rounding).unwrap().payable());
                    prop_assert_eq!(bill.fold(Decimal::ZERO, add), of(&comparison.amount()));
                }
            }
        }
    }
}
