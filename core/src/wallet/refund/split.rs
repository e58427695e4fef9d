//! How much of a refund goes to which source (R-W15, R-W18).

use super::{ReturnOrder, Standing};
use crate::{error::MoneyError, exact::decimal, money::allocate, wallet::Source};
use rust_decimal::Decimal;

/// What kind of money a source is, for a refund.
///
/// # Rule
/// R-W15
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceClass {
    /// The account's: money that it held, as a balance or on stored-value cards.
    Held,
    /// The account's: what the payer came to owe, on a credit line or as debt.
    Owed,
    /// Free money with an id, that a give-back policy decides about: coupons, cash coupons, bonuses.
    Free,
}

impl SourceClass {
    /// The class of a source.
    pub const fn of(source: &Source<'_>) -> Self {
        // Without `_`: a kind of money that is added must be thought of here.
        match source {
            Source::Coupon(_) | Source::CashCoupon(_) | Source::Bonus(_) => Self::Free,
            Source::Balance | Source::StoredCard(_) => Self::Held,
            Source::Credit(_) | Source::Debt => Self::Owed,
        }
    }
}

/// What sources paid together, and got back of it.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    paid: Decimal,
    returned: Decimal,
}

/// The parts of an amount by the places of their sources, in the order in which they return; parts of
/// nothing among them.
///
/// The amount is at most what is left of the sources, so the parts add up to it.
pub(super) struct Split<'a> {
    pub(super) standings: &'a [Standing],
    pub(super) amount: Decimal,
    pub(super) step: Decimal,
    pub(super) order: ReturnOrder,
    /// Whether the coupons take part.
    pub(super) coupons: bool,
}

impl Split<'_> {
    pub(super) fn parts(&self) -> Result<Vec<(usize, Decimal)>, MoneyError> {
        let mut parts = Vec::with_capacity(self.standings.len());
        if self.order == ReturnOrder::ReverseDeduction {
            let places: Vec<usize> =
                (0..self.standings.len()).rev().filter(|place| self.coupons || !self.is_free(*place)).collect();
            self.one_after_the_other(&places, self.amount, &mut parts)?;
            return Ok(parts);
        }
        let of = |class| (0..self.standings.len()).filter(move |place| self.class(*place) == Some(class));
        let owed: Vec<usize> = of(SourceClass::Owed).rev().collect();
        let held: Vec<usize> = of(SourceClass::Held).collect();
        let free: Vec<usize> = of(SourceClass::Free).collect();
        let account = self.group(&owed)?.and(self.group(&held)?)?;
        let coupons = self.group(&free)?;
        let to_account = match self.order {
            _ if !self.coupons => self.amount,
            ReturnOrder::Proportional => self.first_of_two(account, coupons, self.amount)?,
            ReturnOrder::PaidFirst | ReturnOrder::ReverseDeduction => self.amount.min(account.left()?),
            ReturnOrder::FreeFirst => decimal::subtract(self.amount, self.amount.min(coupons.left()?))?,
        };
        let to_coupons = decimal::subtract(self.amount, to_account)?;
        if self.order == ReturnOrder::FreeFirst {
            self.nested(&free, to_coupons, &mut parts)?;
        }
        let to_held = self.one_after_the_other(&owed, to_account, &mut parts)?;
        self.nested(&held, to_held, &mut parts)?;
        if self.order != ReturnOrder::FreeFirst {
            self.nested(&free, to_coupons, &mut parts)?;
        }
        Ok(parts)
    }

    /// Each to its end, in this order; the answer is what they do not take.
    fn one_after_the_other(
        &self,
        places: &[usize],
        amount: Decimal,
        parts: &mut Vec<(usize, Decimal)>,
    ) -> Result<Decimal, MoneyError> {
        let mut rest = amount;
        for place in places {
            let part = rest.min(self.one(*place).left()?);
            rest = decimal::subtract(rest, part)?;
            parts.push((*place, part));
        }
        Ok(rest)
    }

    /// Each and those after it, by two (R-W15).
    fn nested(&self, places: &[usize], amount: Decimal, parts: &mut Vec<(usize, Decimal)>) -> Result<(), MoneyError> {
        let mut rest = amount;
        let mut after = self.group(places)?;
        for place in places {
            let one = self.one(*place);
            after = after.without(one)?;
            let part = self.first_of_two(one, after, rest)?;
            rest = decimal::subtract(rest, part)?;
            parts.push((*place, part));
        }
        Ok(())
    }

    /// The first's part of an amount: what brings it to its share of all that came back to both.
    ///
    /// The share by R-M4 never falls when more comes back to the two, so it needs no bounds as long
    /// as nothing but such shares was returned. After a refund was closed, or came in another order,
    /// the bounds hold it: no part is negative, and neither gets more than it paid.
    fn first_of_two(&self, first: Group, second: Group, amount: Decimal) -> Result<Decimal, MoneyError> {
        let paid = [first.paid, second.paid];
        if amount.is_zero() || first.paid.is_zero() {
            return Ok(decimal::zero(self.step.scale()));
        }
        if second.paid.is_zero() {
            return Ok(amount); // as the last of several always does
        }
        let returned = decimal::add(decimal::add(first.returned, second.returned)?, amount)?;
        let share = allocate(returned, &paid, self.step)?.into_iter().next().unwrap_or_default();
        let wanted = decimal::subtract(share, first.returned)?;
        let least = decimal::subtract(amount, second.left()?)?.max(decimal::zero(self.step.scale()));
        let most = amount.min(first.left()?);
        Ok(wanted.max(least).min(most))
    }

    fn class(&self, place: usize) -> Option<SourceClass> {
        self.standings.get(place).map(Standing::class)
    }

    fn is_free(&self, place: usize) -> bool {
        self.class(place) == Some(SourceClass::Free)
    }

    fn one(&self, place: usize) -> Group {
        let standing = self.standings.get(place);
        standing
            .map_or_else(Group::default, |one| Group { paid: one.paid().amount(), returned: one.returned().amount() })
    }

    fn group(&self, places: &[usize]) -> Result<Group, MoneyError> {
        places.iter().try_fold(Group::default(), |group, place| group.and(self.one(*place)))
    }
}

impl Group {
    fn left(self) -> Result<Decimal, MoneyError> {
        decimal::subtract(self.paid, self.returned)
    }

    fn and(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self { paid: decimal::add(self.paid, other.paid)?, returned: decimal::add(self.returned, other.returned)? })
    }

    fn without(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            paid: decimal::subtract(self.paid, other.paid)?,
            returned: decimal::subtract(self.returned, other.returned)?,
        })
    }
}
