use super::{DiscountFacts, Listed, Lost, Share, Surcharges};
use crate::{
    error::{Language, MoneyError, PricingError},
    exact::Exact,
    metering::{Dimension, Kind, Part},
    money::Ratio,
    time::Instant,
    units::Name,
};
use rust_decimal::Decimal;
use std::fmt;

/// One rule of a list: for whom, of what, when, and what it does.
///
/// # Examples
/// ```
/// use counterfoil::metering::Kind;
/// use counterfoil::money::Ratio;
/// use counterfoil::pricing::discount::{DiscountRule, Effect, Source};
///
/// let rule = DiscountRule::new("2024".parse()?, Source::Agreement, Effect::Ratio(Ratio::parse("0.8")?))
///     .for_customer("acme".parse()?)
///     .of_kind(Kind::Server)
///     .from("2024-01-01T00:00:00Z".parse()?)
///     .until("2025-01-01T00:00:00Z".parse()?);
/// assert_eq!(rule.effect.to_string(), "× 0.8");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountRule {
    /// Its name; no other rule of a list has it.
    pub name: Name,
    /// What it is.
    pub source: Source,
    /// Whom it is for.
    pub whom: Whom,
    /// Of which kind of resource; none for all.
    pub kind: Option<Kind>,
    /// Of what of a resource.
    pub of: Of,
    /// From when on it is in force; none for always before its end.
    pub from: Option<Instant>,
    /// Until when it is in force; that instant is no longer.
    pub to: Option<Instant>,
    /// What it does.
    pub effect: Effect,
    /// The group of which only one rule applies.
    pub group: Option<Name>,
}

/// What a rule is: where a price or a discount comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// A price agreed with a customer.
    CustomerPrice,
    /// A discount of a customer.
    CustomerDiscount,
    /// A discount of a class of customers.
    ClassDiscount,
    /// A discount of an agreement, for as long as it is in force.
    Agreement,
    /// What a reseller's product row says.
    Reseller,
    /// One discount for all, as of all that is paid before use.
    Unified,
    /// A voucher of the customer.
    Voucher,
}

/// Whom a rule is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Everybody.
    Everybody,
    /// One customer.
    Customer(Name),
    /// A class of customers.
    Class(Name),
}

/// Of what of a resource a rule is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// All parts, and the resource as a whole.
    Everything,
    /// A dimension, whatever the model: any graphics card.
    Dimension(Dimension),
    /// One part: a dimension of a model.
    Part(Part),
}

/// What a rule does to an amount.
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A share of it is left: 0.9 of it.
    Ratio(Ratio),
    /// It grows: a ratio above 1, where the policy allows it.
    Surcharge(Decimal),
    /// Each unit costs this, in place of what the list says.
    Price(Decimal),
    /// So much less of an inquiry, once, and never below nothing: lines that it is for share it by their
    /// list amounts (see [`Discounts::apply_all`](super::Discounts::apply_all)).
    Off(Decimal),
    /// It stays: the customer pays the list, and the reseller has a commission.
    Nothing,
}

impl DiscountRule {
    /// A rule for everybody and everything, always.
    pub const fn new(name: Name, source: Source, effect: Effect) -> Self {
        Self {
            name,
            source,
            whom: Whom::Everybody,
            kind: None,
            of: Of::Everything,
            from: None,
            to: None,
            effect,
            group: None,
        }
    }

    /// The same for one customer.
    pub fn for_customer(self, customer: Name) -> Self {
        Self { whom: Whom::Customer(customer), ..self }
    }

    /// The same for a class of customers.
    pub fn for_class(self, class: Name) -> Self {
        Self { whom: Whom::Class(class), ..self }
    }

    /// The same for a kind of resource.
    pub fn of_kind(self, kind: Kind) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// The same for a dimension, whatever the model.
    pub fn of_dimension(self, dimension: Dimension) -> Self {
        Self { of: Of::Dimension(dimension), ..self }
    }

    /// The same for one part.
    pub fn of_part(self, part: Part) -> Self {
        Self { of: Of::Part(part), ..self }
    }

    /// The same, in force from an instant on.
    pub fn from(self, from: Instant) -> Self {
        Self { from: Some(from), ..self }
    }

    /// The same, in force until an instant, which is no longer.
    pub fn until(self, to: Instant) -> Self {
        Self { to: Some(to), ..self }
    }

    /// The same in a group.
    pub fn in_group(self, group: Name) -> Self {
        Self { group: Some(group), ..self }
    }

    pub(super) fn check(&self, surcharges: Surcharges) -> Result<(), PricingError> {
        let bad = |fault| Err(PricingError::BadDiscount { rule: self.name.to_string(), fault });
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from >= to
        {
            return bad("it is never in force: it ends before or when it begins");
        }
        match self.effect {
            Effect::Surcharge(ratio) if ratio <= Decimal::ONE => bad("a surcharge is a ratio above 1"),
            Effect::Surcharge(ratio) if surcharges == Surcharges::Refused => {
                Err(PricingError::SurchargeNotAllowed { rule: self.name.to_string(), ratio })
            }
            Effect::Price(price) if price < Decimal::ZERO => bad("its price is below nothing"),
            Effect::Off(off) if off < Decimal::ZERO => bad("what it takes off is below nothing"),
            _ => Ok(()),
        }
    }

    /// What the rule by itself makes of a line, or why it is not for it.
    pub(super) fn alone(
        &self,
        facts: &DiscountFacts,
        listed: &Listed<'_>,
        share: Option<&Share>,
        surcharges: Surcharges,
    ) -> Result<Result<Exact, Lost>, MoneyError> {
        match self.matches(facts, listed) {
            Err(lost) => Ok(Err(lost)),
            Ok(()) => self.effect.alone(listed, share, surcharges),
        }
    }

    pub(super) fn matches(&self, facts: &DiscountFacts, listed: &Listed<'_>) -> Result<(), Lost> {
        match &self.whom {
            Whom::Customer(only) if facts.customer.as_ref() != Some(only) => {
                return Err(Lost::OtherCustomer { only: only.clone() });
            }
            Whom::Class(only) if facts.class.as_ref() != Some(only) => {
                return Err(Lost::OtherClass { only: only.clone() });
            }
            _ => {}
        }
        if let Some(from) = self.from.filter(|from| facts.at < *from) {
            return Err(Lost::NotYet { from });
        }
        if let Some(to) = self.to.filter(|to| facts.at >= *to) {
            return Err(Lost::NoLonger { to });
        }
        if let Some(only) = self.kind.as_ref().filter(|kind| *kind != listed.kind) {
            return Err(Lost::OtherKind { only: only.clone() });
        }
        match (&self.of, listed.part) {
            (Of::Everything, _) => Ok(()),
            (Of::Dimension(only), Some(part)) if part.dimension == *only => Ok(()),
            (Of::Part(only), Some(part)) if part == only => Ok(()),
            (only, _) => Err(Lost::OtherPart { only: only.clone() }),
        }
    }
}

impl Effect {
    /// What it makes of an amount of so many units, which may share what is off with others.
    pub(super) fn of(&self, before: &Exact, units: &Exact, share: Option<&Share>) -> Result<Exact, MoneyError> {
        match self {
            Self::Ratio(ratio) => before.times(&ratio.exact()),
            Self::Surcharge(ratio) => before.times(&Exact::from(*ratio)),
            Self::Price(price) => units.times(&Exact::from(*price)),
            Self::Off(off) => {
                let off = share.map_or_else(|| Exact::from(*off), |share| share.amount().clone());
                Ok(before.minus(&off)?.max(Exact::ZERO))
            }
            Self::Nothing => Ok(before.clone()),
        }
    }

    fn alone(
        &self,
        listed: &Listed<'_>,
        share: Option<&Share>,
        surcharges: Surcharges,
    ) -> Result<Result<Exact, Lost>, MoneyError> {
        let before = &listed.amount;
        let after = self.of(before, &listed.units, share)?;
        Ok(match self {
            Self::Off(_) if before.is_negative() => Err(Lost::Correction),
            Self::Price(_) if !after.is_zero() && after.is_negative() != before.is_negative() => Err(Lost::OtherSign),
            Self::Price(_) if surcharges == Surcharges::Refused && is_further_from_zero(&after, before) => {
                Err(Lost::Dearer)
            }
            _ => Ok(after),
        })
    }

    /// Whether it takes the place of the list, and so has to come before all that works on an amount.
    pub(super) const fn is_price(&self) -> bool {
        matches!(self, Self::Price(_))
    }

    /// The effect in words.
    pub fn text(&self, language: Language) -> String {
        let chinese = language == Language::Chinese;
        match self {
            Self::Ratio(ratio) => format!("× {ratio}"),
            Self::Surcharge(ratio) => format!("× {ratio}"),
            Self::Price(price) if chinese => format!("每单位 {price}"),
            Self::Price(price) => format!("{price} per unit"),
            Self::Off(off) => format!("− {off}"),
            Self::Nothing if chinese => "按目录价".to_owned(),
            Self::Nothing => "list price".to_owned(),
        }
    }
}

/// Whether an amount is a larger charge, or a larger correction, than another; neither has the sign
/// that the other has not.
pub(super) fn is_further_from_zero(amount: &Exact, than: &Exact) -> bool {
    if amount.is_negative() || than.is_negative() { amount < than } else { amount > than }
}

impl Source {
    /// The name in data, as `class_discount`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CustomerPrice => "customer_price",
            Self::CustomerDiscount => "customer_discount",
            Self::ClassDiscount => "class_discount",
            Self::Agreement => "agreement",
            Self::Reseller => "reseller",
            Self::Unified => "unified_discount",
            Self::Voucher => "voucher",
        }
    }

    /// The source in words.
    pub const fn text(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, Self::CustomerPrice) => "客户定价",
            (Language::Chinese, Self::CustomerDiscount) => "客户折扣",
            (Language::Chinese, Self::ClassDiscount) => "等级折扣",
            (Language::Chinese, Self::Agreement) => "协议折扣",
            (Language::Chinese, Self::Reseller) => "经销商",
            (Language::Chinese, Self::Unified) => "统一折扣",
            (Language::Chinese, Self::Voucher) => "代金券",
            (_, Self::CustomerPrice) => "customer price",
            (_, Self::CustomerDiscount) => "customer discount",
            (_, Self::ClassDiscount) => "class discount",
            (_, Self::Agreement) => "agreement",
            (_, Self::Reseller) => "reseller",
            (_, Self::Unified) => "unified discount",
            (_, Self::Voucher) => "voucher",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text(Language::English))
    }
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.pad("*"),
            Self::Dimension(dimension) => f.pad(&format!("{dimension}[*]")),
            Self::Part(part) => fmt::Display::fmt(part, f),
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}
