//! An amount off is off an inquiry, once: what of it falls upon each of its lines.

use super::{DiscountFacts, DiscountRule, Discounts, Effect, Listed};
use crate::{error::MoneyError, exact::Exact};
use rust_decimal::Decimal;

/// What falls upon one line of an amount off that several lines share:
/// off × list amount of the line ÷ list amount of all lines that the rule is for.
///
/// The shares of all these lines add up to the amount off.
///
/// # Rounding
/// None.
///
/// # Rule
/// R-P6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    amount: Exact,
    among: Exact,
}

/// Beside each rule that takes an amount off, the list amount of all lines that it is for.
#[derive(Debug)]
pub(super) struct Wholes(Vec<Option<Exact>>);

impl Share {
    pub(super) fn of(off: Decimal, listed: &Exact, among: Exact) -> Result<Self, MoneyError> {
        Ok(Self { amount: Exact::from(off).times(listed)?.divided_by(&among)?, among })
    }

    /// What falls upon this line. Where it has less left, it stops at zero, and no other line takes
    /// over the rest.
    pub const fn amount(&self) -> &Exact {
        &self.amount
    }

    /// The list amount of all lines that the rule is for.
    pub const fn among(&self) -> &Exact {
        &self.among
    }
}

impl Wholes {
    /// Of a line that is all there is.
    pub(super) const ONE_LINE: Self = Self(Vec::new());

    /// Of several lines. A correction is none of those that an amount off is for.
    pub(super) fn of(discounts: &Discounts, facts: &DiscountFacts, listed: &[Listed<'_>]) -> Result<Self, MoneyError> {
        if !discounts.takes_off() {
            return Ok(Self::ONE_LINE);
        }
        let among = |rule: &DiscountRule| match rule.effect {
            Effect::Off(_) => {
                let is_for = |line: &&Listed<'_>| !line.amount.is_negative() && rule.matches(facts, line).is_ok();
                Exact::sum(listed.iter().filter(is_for).map(|line| &line.amount)).map(Some)
            }
            _ => Ok(None),
        };
        discounts.rules.iter().map(among).collect::<Result<_, _>>().map(Self)
    }

    /// The share of one of the lines; none where it is all that the rule is for, and where the rule
    /// takes no amount off.
    pub(super) fn share(&self, rule: usize, effect: Effect, listed: &Exact) -> Result<Option<Share>, MoneyError> {
        match (effect, self.0.get(rule)) {
            // Above a charge it is above zero, too.
            (Effect::Off(off), Some(Some(among))) if !listed.is_negative() && among > listed => {
                Share::of(off, listed, among.clone()).map(Some)
            }
            _ => Ok(None),
        }
    }
}
