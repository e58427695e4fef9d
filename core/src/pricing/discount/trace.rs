use super::{Effect, Listed, Of, Share, Source};
use crate::{
    error::{Language, MoneyError, PricingError},
    exact::Exact,
    metering::Kind,
    money::{
        Derivation, Known, Term,
        text::{aligned, shown},
    },
    time::Instant,
    units::Name,
};
use std::fmt;

/// A line after discounts: its exact amount, and what became of every rule.
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discounted {
    amount: Exact,
    /// Boxed: most lines of an explanation have none.
    trace: Box<Trace>,
}

/// What became of every rule of a list for one line: as data, and as text in English and Chinese.
///
/// # Rule
/// R-P6, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    units: Exact,
    listed: Exact,
    lines: Vec<TraceLine>,
}

/// What became of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceLine {
    /// Its name.
    pub rule: Name,
    /// What it is.
    pub source: Source,
    /// What it does.
    pub effect: Effect,
    /// What of an amount off falls upon this line, where the rule is for it and others share it.
    pub share: Option<Share>,
    /// Whether it did.
    pub verdict: Verdict,
}

/// Whether a rule applied to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It did.
    Applied {
        /// The amount before.
        before: Exact,
        /// The amount after.
        after: Exact,
    },
    /// It did not.
    Lost(Lost),
}

/// Why a rule did not apply. Of several reasons, the first in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lost {
    /// It is for another customer.
    OtherCustomer {
        /// Whom it is for.
        only: Name,
    },
    /// It is for another class of customers.
    OtherClass {
        /// Which it is for.
        only: Name,
    },
    /// It is not in force yet.
    NotYet {
        /// From when on it is.
        from: Instant,
    },
    /// It is no longer in force.
    NoLonger {
        /// Until when it was.
        to: Instant,
    },
    /// It is for another kind of resource.
    OtherKind {
        /// Which it is for.
        only: Kind,
    },
    /// It is for another part.
    OtherPart {
        /// Which it is for.
        only: Of,
    },
    /// An amount off takes nothing from a correction.
    Correction,
    /// Its price and the list have different signs: it would turn a charge into a credit, or the
    /// reverse.
    OtherSign,
    /// Its price is above the list's, and the policy allows no surcharges.
    Dearer,
    /// Its group steps back before another one.
    YieldsTo {
        /// Before which.
        group: Name,
    },
    /// A group suffers nothing beside it.
    ExcludedBy {
        /// Which.
        group: Name,
    },
    /// Another rule of its group applies.
    GroupWonBy {
        /// Which.
        rule: Name,
    },
    /// Another rule was first.
    NotFirst {
        /// Which.
        first: Name,
    },
    /// Another rule leaves no more, and is earlier where both leave the same.
    BeatenBy {
        /// Which.
        rule: Name,
    },
    /// Another price took the place of the list's.
    PricedBy {
        /// Which.
        rule: Name,
    },
}

const ABOUT: Term = Term::new("discounted", "discounted amount", "折后金额");
const LISTED: Term = Term::new("listed", "list amount", "目录金额");
const UNITS: Term = Term::new("units", "units", "数量");
const RATIO: Term = Term::new("ratio", "ratio", "折扣率");
const SURCHARGE: Term = Term::new("surcharge", "surcharge ratio", "加价率");
const PRICE: Term = Term::new("price", "price", "单价");
const OFF: Term = Term::new("off", "amount off", "减免");
const AMONG: Term = Term::new("among", "list amount of all lines it is for", "适用各行目录金额合计");
const SHARE: Term = Term::new("share", "share of this line", "本行分摊");
const LESS: Term = Term::new("less", "amount less that", "减免后");
const AFTER: Term = Term::new("discounted", "discounted", "折后");

impl Discounted {
    pub(super) fn new(listed: &Listed<'_>, amount: Exact, lines: Vec<TraceLine>) -> Self {
        let trace = Trace { units: listed.units.clone(), listed: listed.amount.clone(), lines };
        Self { amount, trace: Box::new(trace) }
    }

    /// The amount after discounts, exactly.
    pub const fn amount(&self) -> &Exact {
        &self.amount
    }

    /// The amount by the list.
    pub const fn listed(&self) -> &Exact {
        &self.trace.listed
    }

    /// What the discounts take off: listed − amount; below zero where a surcharge prevails.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn saved(&self) -> Result<Exact, PricingError> {
        Ok(self.trace.listed.minus(&self.amount)?)
    }

    /// What became of every rule.
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The amount only.
    pub fn into_amount(self) -> Exact {
        self.amount
    }

    /// The amount, step by step.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P15
    pub fn derivation(&self) -> Result<Derivation, PricingError> {
        let mut derivation = Derivation::new("R-P6", ABOUT);
        let listed = derivation.given(LISTED, self.trace.listed.clone());
        self.trace.derive(&mut derivation, &listed)?;
        Ok(derivation)
    }
}

impl Trace {
    /// How many units the line is of.
    pub const fn units(&self) -> &Exact {
        &self.units
    }

    /// The amount by the list.
    pub const fn listed(&self) -> &Exact {
        &self.listed
    }

    /// A line for each rule, in the order of the list.
    pub fn lines(&self) -> &[TraceLine] {
        &self.lines
    }

    /// The lines of rules that applied, in the order in which they did: a price is first.
    pub fn applied(&self) -> impl Iterator<Item = &TraceLine> {
        let applied = || self.lines.iter().filter(|line| matches!(line.verdict, Verdict::Applied { .. }));
        applied().filter(|line| line.effect.is_price()).chain(applied().filter(|line| !line.effect.is_price()))
    }

    /// Computes the amount again, from the list's and the effects that applied.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P15
    pub fn recompute(&self) -> Result<Exact, PricingError> {
        self.recompute_of(&self.units, &self.listed)
    }

    /// The same for units and an amount that were themselves computed again.
    pub(crate) fn recompute_of(&self, units: &Exact, listed: &Exact) -> Result<Exact, PricingError> {
        Ok(self.applied().try_fold(listed.clone(), |amount, line| {
            let share = line.share_of(listed)?;
            line.effect.of(&amount, units, share.as_ref())
        })?)
    }

    /// Writes the steps of the rules that applied into a derivation, and returns the last one.
    pub(crate) fn derive(&self, derivation: &mut Derivation, listed: &Known) -> Result<Known, MoneyError> {
        let mut amount = listed.clone();
        for line in self.applied() {
            let mut given = |term: Term, value: Exact| derivation.given_of(term, line.rule.to_string(), value);
            amount = match line.effect {
                Effect::Ratio(ratio) => {
                    let ratio = given(RATIO, ratio.exact());
                    derivation.product(AFTER, &[&amount, &ratio])?
                }
                Effect::Surcharge(ratio) => {
                    let ratio = given(SURCHARGE, Exact::from(ratio));
                    derivation.product(AFTER, &[&amount, &ratio])?
                }
                Effect::Price(price) => {
                    let price = given(PRICE, Exact::from(price));
                    let units = derivation.given(UNITS, self.units.clone());
                    derivation.product(AFTER, &[&units, &price])?
                }
                Effect::Off(off) => {
                    let mut off = given(OFF, Exact::from(off));
                    if let Some(share) = &line.share {
                        let among = given(AMONG, share.among().clone());
                        off = derivation.share_of(SHARE, line.rule.to_string(), &[&off, listed], &among)?;
                    }
                    let less = derivation.difference(LESS, &amount, &[&off])?;
                    derivation.label(&less, line.rule.as_str());
                    derivation.not_below_zero(AFTER, &less)?
                }
                Effect::Nothing => continue,
            };
            derivation.label(&amount, line.rule.as_str());
        }
        Ok(amount)
    }

    /// The trace as text, for a terminal or a ticket: from the list's amount to the discounted one, and
    /// why the others did not apply.
    pub fn text(&self, language: Language) -> String {
        let (listed, discounted) = match language {
            Language::Chinese => ("目录金额", "折后金额"),
            _ => ("listed", "discounted"),
        };
        let total = |label: &str, amount: &Exact| [label.to_owned(), String::new(), String::new(), shown(amount)];
        let mut table = vec![total(listed, &self.listed)];
        let mut amount = &self.listed;
        for line in self.applied() {
            table.push(line.row(language));
            if let Verdict::Applied { after, .. } = &line.verdict {
                amount = after;
            }
        }
        table.push(total(discounted, amount));
        let lost = self.lines.iter().filter(|line| matches!(line.verdict, Verdict::Lost(_)));
        table.extend(lost.map(|line| line.row(language)));
        aligned(&table, 4)
    }
}

impl TraceLine {
    /// Rule, source, effect, and what it did or why it did nothing.
    pub(crate) fn row(&self, language: Language) -> [String; 4] {
        let outcome = match &self.verdict {
            Verdict::Applied { before, after } => format!("{} → {}", shown(before), shown(after)),
            Verdict::Lost(why) => why.text(language),
        };
        [self.rule.to_string(), self.source.text(language).to_owned(), self.effect_text(language), outcome]
    }

    fn effect_text(&self, language: Language) -> String {
        let effect = self.effect.text(language);
        match (&self.share, language) {
            (None, _) => effect,
            (Some(share), Language::Chinese) => format!("{effect}，本行分摊 {}", shown(share.amount())),
            (Some(share), _) => format!("{effect}, of which {} here", shown(share.amount())),
        }
    }

    /// The share again, of a list amount that was itself computed again.
    fn share_of(&self, listed: &Exact) -> Result<Option<Share>, MoneyError> {
        match (self.effect, &self.share) {
            (Effect::Off(off), Some(share)) => Share::of(off, listed, share.among().clone()).map(Some),
            _ => Ok(None),
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

impl Lost {
    /// The name in data, as `other_customer`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OtherCustomer { .. } => "other_customer",
            Self::OtherClass { .. } => "other_class",
            Self::NotYet { .. } => "not_yet",
            Self::NoLonger { .. } => "no_longer",
            Self::OtherKind { .. } => "other_kind",
            Self::OtherPart { .. } => "other_part",
            Self::Correction => "correction",
            Self::OtherSign => "other_sign",
            Self::Dearer => "dearer",
            Self::YieldsTo { .. } => "yields_to",
            Self::ExcludedBy { .. } => "excluded_by",
            Self::GroupWonBy { .. } => "group_won_by",
            Self::NotFirst { .. } => "not_first",
            Self::BeatenBy { .. } => "beaten_by",
            Self::PricedBy { .. } => "priced_by",
        }
    }

    /// Whether the rule is for the line, and another is in its way.
    pub(super) const fn to_another(&self) -> bool {
        match self {
            Self::OtherCustomer { .. } | Self::OtherClass { .. } | Self::NotYet { .. } | Self::NoLonger { .. } => false,
            Self::OtherKind { .. } | Self::OtherPart { .. } => false,
            Self::Correction | Self::OtherSign | Self::Dearer => false,
            Self::YieldsTo { .. } | Self::ExcludedBy { .. } | Self::GroupWonBy { .. } => true,
            Self::NotFirst { .. } | Self::BeatenBy { .. } | Self::PricedBy { .. } => true,
        }
    }

    /// Whom it is for, when, or what came before it, where there is such a thing.
    pub fn fact(&self) -> Option<String> {
        match self {
            Self::OtherCustomer { only: name } | Self::OtherClass { only: name } => Some(name.to_string()),
            Self::NotYet { from: instant } | Self::NoLonger { to: instant } => Some(instant.to_string()),
            Self::OtherKind { only } => Some(only.to_string()),
            Self::OtherPart { only } => Some(only.to_string()),
            Self::Correction | Self::OtherSign | Self::Dearer => None,
            Self::YieldsTo { group: name } | Self::ExcludedBy { group: name } => Some(name.to_string()),
            Self::GroupWonBy { rule: name } | Self::NotFirst { first: name } => Some(name.to_string()),
            Self::BeatenBy { rule: name } | Self::PricedBy { rule: name } => Some(name.to_string()),
        }
    }

    /// The reason in words.
    pub fn text(&self, language: Language) -> String {
        let fact = self.fact().unwrap_or_default();
        match language {
            Language::Chinese => match self {
                Self::OtherCustomer { .. } => format!("仅限客户 `{fact}`"),
                Self::OtherClass { .. } => format!("仅限等级 `{fact}`"),
                Self::NotYet { .. } => format!("自 {fact} 起生效"),
                Self::NoLonger { .. } => format!("已于 {fact} 失效"),
                Self::OtherKind { .. } => format!("仅限资源类型 `{fact}`"),
                Self::OtherPart { .. } => format!("仅限部件 `{fact}`"),
                Self::Correction => "更正金额不适用减免".to_owned(),
                Self::OtherSign => "其价格与目录金额正负号不同".to_owned(),
                Self::Dearer => "其价格高于目录价".to_owned(),
                Self::YieldsTo { .. } => format!("让位于组 `{fact}`"),
                Self::ExcludedBy { .. } => format!("组 `{fact}` 不与其他规则并用"),
                Self::GroupWonBy { .. } => format!("同组规则 `{fact}` 已适用"),
                Self::NotFirst { .. } => format!("规则 `{fact}` 在先"),
                Self::BeatenBy { .. } => format!("规则 `{fact}` 更优惠或同价在先"),
                Self::PricedBy { .. } => format!("规则 `{fact}` 已定价"),
            },
            _ => match self {
                Self::OtherCustomer { .. } => format!("only for customer `{fact}`"),
                Self::OtherClass { .. } => format!("only for class `{fact}`"),
                Self::NotYet { .. } => format!("not in force before {fact}"),
                Self::NoLonger { .. } => format!("no longer in force since {fact}"),
                Self::OtherKind { .. } => format!("only for kind `{fact}`"),
                Self::OtherPart { .. } => format!("only for part `{fact}`"),
                Self::Correction => "an amount off takes nothing from a correction".to_owned(),
                Self::OtherSign => "its price has not the sign of the list".to_owned(),
                Self::Dearer => "its price is above the list".to_owned(),
                Self::YieldsTo { .. } => format!("its group yields to group `{fact}`"),
                Self::ExcludedBy { .. } => format!("nothing applies beside group `{fact}`"),
                Self::GroupWonBy { .. } => format!("its group was won by rule `{fact}`"),
                Self::NotFirst { .. } => format!("rule `{fact}` was first"),
                Self::BeatenBy { .. } => format!("rule `{fact}` leaves less, or as much and is earlier"),
                Self::PricedBy { .. } => format!("rule `{fact}` gave the price already"),
            },
        }
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}
