use crate::{
    error::{MoneyError, WalletError},
    exact::decimal,
    money::{Money, allocate},
};
use rust_decimal::Decimal;
use std::{collections::BTreeSet, fmt};

/// Something of several that one order buys.
///
/// # Rule
/// R-W17
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderItem {
    /// What identifies it in its order.
    pub id: String,
    /// Its part of the payment, as a ratio: 1 for each where they cost the same, else its price.
    pub weight: Decimal,
    /// Whether the payer got it.
    pub delivered: bool,
}

/// A payment, split over the items that it bought.
///
/// An item's part does not depend on what was delivered: so items that are refunded in several steps
/// come to the same, and all of them to everything.
///
/// # Rounding
/// Parts by R-M4, to the step.
///
/// # Examples
/// ```
/// use counterfoil::{money::{Money, CNY}, wallet::{ItemShares, OrderItem}};
///
/// let item = |id: &str, delivered| OrderItem { id: id.into(), weight: 1.into(), delivered };
/// let items = [item("vm-1", true), item("vm-2", false), item("vm-3", false)];
/// let shares = ItemShares::new(Money::parse("100.00", CNY)?, &items, "0.01".parse()?)?;
/// assert_eq!(shares.undelivered().to_string(), "66.66");
/// assert_eq!(
///     shares.to_string(),
///     "66.66 CNY of 100.00 = 33.33 of `vm-2` + 33.33 of `vm-3`; delivered: 33.34 of `vm-1`",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-W17
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemShares {
    paid: Money,
    shares: Vec<ItemShare>,
    undelivered: Money,
}

/// What one item cost.
///
/// # Rule
/// R-W17
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemShare {
    id: String,
    amount: Money,
    delivered: bool,
}

impl ItemShares {
    /// A payment of so much for these items.
    ///
    /// # Errors
    /// `wallet.negative_amount`, `wallet.empty_id`, `wallet.item_twice`, `money.bad_step`,
    /// `money.not_a_multiple`, `money.no_weights` where no item has a weight, `money.negative_weight`,
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-W17, R-M4
    pub fn new(paid: Money, items: &[OrderItem], step: Decimal) -> Result<Self, WalletError> {
        if paid.is_negative() {
            return Err(WalletError::NegativeAmount { amount: paid.amount() });
        }
        let mut seen = BTreeSet::new();
        for item in items {
            if item.id.is_empty() {
                return Err(WalletError::EmptyId { what: "line item" });
            }
            if !seen.insert(&item.id) {
                return Err(WalletError::ItemTwice { item: item.id.clone() });
            }
        }
        let weights: Vec<Decimal> = items.iter().map(|item| item.weight).collect();
        let parts = allocate(paid.amount(), &weights, step)?;
        let shares: Vec<ItemShare> = items
            .iter()
            .zip(parts)
            .map(|(item, part)| ItemShare {
                id: item.id.clone(),
                amount: Money::new(part, paid.currency()),
                delivered: item.delivered,
            })
            .collect();
        let undelivered = shares.iter().filter(|share| !share.delivered).map(ItemShare::amount);
        let nothing = Money::new(decimal::zero(step.scale()), paid.currency());
        let undelivered = undelivered.into_iter().try_fold(nothing, Money::plus)?;
        let mut delivered = shares.iter().filter(|share| share.delivered).map(ItemShare::amount);
        let parts = delivered.try_fold(undelivered, Money::plus)?;
        if parts.compare(paid)?.is_ne() {
            return Err(MoneyError::NotConserved { whole: paid.amount(), parts: parts.amount() }.into());
        }
        Ok(Self { paid, shares, undelivered })
    }

    /// What was paid for all.
    pub const fn paid(&self) -> Money {
        self.paid
    }

    /// What each item cost, in their order.
    pub fn shares(&self) -> &[ItemShare] {
        &self.shares
    }

    /// What comes back: what the undelivered items cost.
    pub const fn undelivered(&self) -> Money {
        self.undelivered
    }
}

impl ItemShare {
    /// Which item.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its part of the payment.
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// Whether the payer got it.
    pub const fn delivered(&self) -> bool {
        self.delivered
    }
}

impl fmt::Display for ItemShares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |delivered| {
            let shares = self.shares.iter().filter(|share| share.delivered == delivered);
            shares.map(|share| format!("{} of `{}`", share.amount, share.id)).collect::<Vec<_>>().join(" + ")
        };
        let (back, kept) = (list(false), list(true));
        let back = if back.is_empty() { "nothing".to_owned() } else { back };
        write!(f, "{:#} of {} = {back}", self.undelivered, self.paid)?;
        if kept.is_empty() { Ok(()) } else { write!(f, "; delivered: {kept}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wallet::testing::*;

    fn items(delivered: &[bool]) -> Vec<OrderItem> {
        let numbered = delivered.iter().enumerate();
        numbered
            .map(|(index, delivered)| OrderItem { id: format!("i{index}"), weight: 1.into(), delivered: *delivered })
            .collect()
    }

    fn shares(paid: &str, items: &[OrderItem]) -> Result<ItemShares, WalletError> {
        ItemShares::new(cny(paid), items, Decimal::new(1, 2))
    }

    fn back(paid: &str, delivered: &[bool]) -> String {
        shares(paid, &items(delivered)).unwrap().undelivered().to_string()
    }

    #[test]
    fn undelivered_items_come_back() {
        // R-W17: 100.00 for three items is 33.34 + 33.33 + 33.33.
        assert_eq!(back("100.00", &[true, true, true]), "0.00");
        assert_eq!(back("100.00", &[false, true, true]), "33.34");
        assert_eq!(back("100.00", &[true, false, true]), "33.33");
        assert_eq!(back("100.00", &[true, false, false]), "66.66");
        assert_eq!(back("100.00", &[false, false, false]), "100.00");
        assert_eq!(back("0.00", &[false, true]), "0.00");
        assert_eq!(back("0.01", &[true, false]), "0.00");
    }

    #[test]
    fn items_of_different_prices() {
        let mut items = items(&[true, false]);
        (items[0].weight, items[1].weight) = (Decimal::new(29_99, 2), Decimal::new(10, 0));
        // A discount took 30.00 off 39.99; the parts keep the proportion of the prices.
        let shares = shares("9.99", &items).unwrap();
        assert_eq!(shares.to_string(), "2.50 CNY of 9.99 = 2.50 of `i1`; delivered: 7.49 of `i0`");
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        let code = |paid, items: &[OrderItem]| shares(paid, items).unwrap_err().code();
        assert_eq!(code("-1", &items(&[true])), "wallet.negative_amount");
        let named = |id: &str, weight: i64| OrderItem { id: id.into(), weight: weight.into(), delivered: false };
        assert_eq!(code("1", &[named("", 1)]), "wallet.empty_id");
        assert_eq!(code("1", &[named("a", 1), named("a", 2)]), "wallet.item_twice");
        assert_eq!(code("1", &[named("a", -1), named("b", 2)]), "money.negative_weight");
        assert_eq!(code("1", &[named("a", 0)]), "money.no_weights");
        assert_eq!(code("1", &[]), "money.no_weights");
        assert_eq!(code("1.005", &items(&[true])), "money.not_a_multiple");
    }
}
