use super::{Combine, DiscountRule, Effect, Policy, Source, Surcharges, groups::Groups};
use crate::{error::PricingError, money::Ratio, units::Name};
use std::collections::BTreeSet;

/// An ordered list of rules and how they come together, checked.
///
/// # Examples
/// ```
/// use counterfoil::money::Ratio;
/// use counterfoil::pricing::discount::{Combine, DiscountRule, Discounts, Effect, Policy, Source};
///
/// let rules = vec![
///     DiscountRule::new("acme".parse()?, Source::CustomerDiscount, Effect::Ratio(Ratio::parse("0.85")?))
///         .for_customer("acme".parse()?),
///     DiscountRule::new("vip".parse()?, Source::ClassDiscount, Effect::Ratio(Ratio::parse("0.9")?))
///         .for_class("vip".parse()?),
/// ];
/// let discounts = Discounts::new(rules, Policy::new(Combine::Best))?;
/// assert_eq!(discounts.rules().len(), 2);
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discounts {
    pub(super) rules: Vec<DiscountRule>,
    /// Beside each rule the place of its group.
    pub(super) places: Vec<Option<usize>>,
    pub(super) groups: Groups,
    pub(super) combine: Combine,
    pub(super) surcharges: Surcharges,
}

impl Discounts {
    /// No rules: everybody pays the list.
    pub const NONE: Self = Self {
        rules: Vec::new(),
        places: Vec::new(),
        groups: Groups::NONE,
        combine: Combine::First,
        surcharges: Surcharges::Refused,
    };

    /// Rules in order, and a policy.
    ///
    /// # Errors
    /// In this order: of the groups `pricing.too_many_groups`, `pricing.discount_name_twice`,
    /// `pricing.unknown_group` and `pricing.cyclic_groups`; of each rule
    /// `pricing.discount_name_twice`, `pricing.bad_discount` (its validity or its number),
    /// `pricing.surcharge_not_allowed` and `pricing.unknown_group`.
    ///
    /// # Rule
    /// R-P6
    pub fn new(rules: Vec<DiscountRule>, policy: Policy) -> Result<Self, PricingError> {
        let groups = Groups::new(&policy.groups)?;
        let (mut places, mut names) = (Vec::with_capacity(rules.len()), BTreeSet::new());
        for rule in &rules {
            if !names.insert(&rule.name) {
                return Err(PricingError::DiscountNameTwice { name: rule.name.to_string() });
            }
            rule.check(policy.surcharges)?;
            places.push(match &rule.group {
                None => None,
                Some(group) => Some(groups.place(group).ok_or_else(|| PricingError::unknown_group(group, &rule.name))?),
            });
        }
        Ok(Self { rules, places, groups, combine: policy.combine, surcharges: policy.surcharges })
    }

    /// One discount for all, as of what is paid before use: trade = original × percent ÷ 100.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::metering::Kind;
    /// use counterfoil::money::{Ratio, Rounding};
    /// use counterfoil::pricing::discount::{DiscountFacts, Discounts, Listed};
    ///
    /// let prepaid = Discounts::unified("pre-paid".parse()?, Ratio::percent(66.into())?);
    /// let listed = Listed { kind: &Kind::Scan, part: None, units: 1.into(), amount: "222.22".parse()? };
    /// let discounted = prepaid.apply(&DiscountFacts::anybody("2024-02-20T00:00:00Z".parse()?), &listed)?;
    /// assert_eq!(discounted.amount().to_string(), "146.6652"); // no double, so no half-cent moves (D-P1)
    /// assert_eq!(Rounding::PORTAL.round(discounted.amount().clone())?.to_string(), "146.67");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-P5, D-P1
    pub fn unified(name: Name, ratio: Ratio) -> Self {
        Self {
            rules: vec![DiscountRule::new(name, Source::Unified, Effect::Ratio(ratio))],
            places: vec![None],
            ..Self::NONE
        }
    }

    /// Each rule as a list of its own, where no rule meets another.
    pub(crate) fn alone(&self) -> impl Iterator<Item = Self> {
        let surcharges = self.surcharges;
        self.rules.iter().map(move |rule| Self {
            rules: vec![DiscountRule { group: None, ..rule.clone() }],
            places: vec![None],
            surcharges,
            ..Self::NONE
        })
    }

    /// The rules, in order.
    pub fn rules(&self) -> &[DiscountRule] {
        &self.rules
    }

    /// Whether there are none, so that everybody pays the list.
    pub const fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether any of them takes an amount off: then a line depends on those beside it.
    pub(crate) fn takes_off(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule.effect, Effect::Off(_)))
    }

    /// How they come together.
    pub const fn combine(&self) -> Combine {
        self.combine
    }

    /// Whether an amount may grow.
    pub const fn surcharges(&self) -> Surcharges {
        self.surcharges
    }
}

impl PricingError {
    pub(super) fn unknown_group(group: &Name, by: &Name) -> Self {
        Self::UnknownGroup { group: group.to_string(), by: by.to_string() }
    }
}
