use super::{Coupon, Purpose, choice::automatic};
use crate::{
    error::WalletError,
    exact::decimal::{self, Sum},
    money::Money,
    time::Instant,
};

/// What a payment may draw on: the balance of an account and the coupons beside it.
///
/// The coupons may be any rows that the caller holds, of other owners and units too: what does not fit
/// a payment is not used for it.
///
/// # Rule
/// R-W6, R-W11
#[derive(Debug, Clone)]
pub struct Funds<'a> {
    balance: Money,
    debt: Money,
    /// In the order in which the automatic choice takes them (R-W3), each id once: so the caller's
    /// order means nothing, and no balance counts twice.
    coupons: Vec<&'a Coupon>,
}

impl<'a> Funds<'a> {
    /// The balance of the payer's account, below zero when it is overdrawn, and coupons.
    ///
    /// # Errors
    /// `wallet.coupon_held_twice`.
    pub fn new(balance: Money, coupons: &'a [Coupon]) -> Result<Self, WalletError> {
        let mut rows: Vec<&Coupon> = coupons.iter().collect();
        rows.sort_unstable_by_key(|row| row.id());
        let mut neighbours = rows.iter().zip(rows.iter().skip(1));
        if let Some((twice, _)) = neighbours.find(|(a, b)| a.id() == b.id()) {
            return Err(WalletError::CouponHeldTwice { coupon: twice.id().to_owned() });
        }
        // Stable: what expires and was created at the same instant stays in the order of the ids.
        rows.sort_by_key(|row| (row.terms().expiration, row.terms().created));
        Ok(Self { balance, debt: Money::zero(balance.currency()), coupons: rows })
    }

    /// The same funds, where the payer owes this much already beside the balance.
    ///
    /// It is only where a new debt is put on top ([`Funding::Debt`](super::Funding::Debt)): nothing is
    /// netted against it.
    ///
    /// # Errors
    /// `wallet.negative_debt`, `money.currency_mismatch`.
    ///
    /// # Rule
    /// R-W10
    pub fn owing(self, debt: Money) -> Result<Self, WalletError> {
        debt.currency().same_as(self.balance.currency())?;
        if debt.is_negative() {
            return Err(WalletError::NegativeDebt { debt: debt.amount() });
        }
        Ok(Self { debt, ..self })
    }

    /// What the account holds, below zero when it is overdrawn.
    pub const fn balance(&self) -> Money {
        self.balance
    }

    /// What is owed beside the balance.
    pub const fn debt(&self) -> Money {
        self.debt
    }

    /// The coupons, the next to expire first; equal ones by creation, then by id.
    pub fn coupons(&self) -> impl Iterator<Item = &'a Coupon> {
        self.coupons.iter().copied()
    }

    /// What can be spent on this: the coupons that the automatic choice would take, and the balance as
    /// far as it is above zero.
    ///
    /// An overdrawn balance is not netted against coupons: with coupons of 45 and a balance of −50, 45
    /// can be spent.
    ///
    /// # Errors
    /// `money.currency_mismatch` for a purpose in another currency than the balance, `money.overflow`.
    ///
    /// # Rule
    /// R-W11
    pub fn usable(&self, purpose: &Purpose<'_>, now: Instant) -> Result<Money, WalletError> {
        self.balance.currency().same_as(purpose.currency)?;
        let balance = self.balance.amount();
        let cash = if self.balance.is_negative() { decimal::zero(balance.scale()) } else { balance };
        let mut total = Sum::from(cash);
        for coupon in automatic(self, purpose, now) {
            total.add(coupon.balance().amount())?;
        }
        Ok(Money::new(total.total()?, purpose.currency))
    }

    /// Whether so much can be spent on this: `needed ≤` [`usable`](Self::usable).
    ///
    /// # Errors
    /// `wallet.negative_amount` (the portal answers yes: D-W4), `money.currency_mismatch`,
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{money::{Money, CNY}, wallet::{Funds, Owner, Purpose}};
    ///
    /// let payer = Owner::User("zhang".into());
    /// let purpose = Purpose { payer: &payer, unit: "vm", order: None, currency: CNY };
    /// let funds = Funds::new(Money::parse("12.00", CNY)?, &[])?;
    /// let now = "2025-03-14T15:09:26Z".parse()?;
    /// assert!(funds.has_enough(Money::parse("12", CNY)?, &purpose, now)?);
    /// assert!(!funds.has_enough(Money::parse("12.01", CNY)?, &purpose, now)?);
    /// let negative = funds.has_enough(Money::parse("-1", CNY)?, &purpose, now);
    /// assert_eq!(negative.unwrap_err().code(), "wallet.negative_amount");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-W11, D-W4
    pub fn has_enough(&self, needed: Money, purpose: &Purpose<'_>, now: Instant) -> Result<bool, WalletError> {
        if needed.is_negative() {
            return Err(WalletError::NegativeAmount { amount: needed.amount() });
        }
        Ok(needed.compare(self.usable(purpose, now)?)?.is_le())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{CouponTerms, Scope, testing::*},
        *,
    };
    use crate::money::CNY;

    #[test]
    fn debt_is_not_netted_against_coupons() {
        // R-W11
        let payer = user("a");
        let purpose = Purpose { payer: &payer, unit: UNIT, order: None, currency: CNY };
        let coupons = [
            coupon(terms("C1", "25.00")),
            coupon(terms("C2", "20.00")),
            coupon(CouponTerms { scope: Scope::Order("o1".into()), ..terms("C3", "7") }),
            coupon(CouponTerms { expiration: at(100), ..terms("C4", "7") }),
        ];
        let usable = |balance: &str| {
            let funds = Funds::new(cny(balance), &coupons).unwrap().owing(cny("1000")).unwrap();
            funds.usable(&purpose, at(100)).unwrap().to_string()
        };
        assert_eq!(usable("-50"), "45.00");
        assert_eq!(usable("0"), "45.00");
        assert_eq!(usable("0.01"), "45.01");

        let of_the_order = Purpose { order: Some("o1"), ..purpose };
        let funds = Funds::new(cny("-50"), &coupons).unwrap();
        assert_eq!(funds.usable(&of_the_order, at(100)).unwrap(), cny("52"));
        assert!(funds.has_enough(cny("45"), &purpose, at(100)).unwrap());
        assert!(!funds.has_enough(cny("45.01"), &purpose, at(100)).unwrap());
        assert!(funds.has_enough(cny("0"), &purpose, at(100)).unwrap());
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        let payer = user("a");
        let purpose = Purpose { payer: &payer, unit: UNIT, order: None, currency: CNY };
        let funds = Funds::new(cny("5"), &[]).unwrap();
        // D-W4
        let ask = |needed| funds.has_enough(needed, &purpose, at(1)).unwrap_err().code();
        assert_eq!(ask(cny("-0.01")), "wallet.negative_amount");
        assert_eq!(ask(usd("1")), "money.currency_mismatch");
        let dollars = Purpose { currency: "USD".parse().unwrap(), ..purpose };
        assert_eq!(funds.usable(&dollars, at(1)).unwrap_err().code(), "money.currency_mismatch");
        assert_eq!(funds.clone().owing(cny("-1")).unwrap_err().code(), "wallet.negative_debt");
        assert_eq!(funds.owing(usd("1")).unwrap_err().code(), "money.currency_mismatch");

        let twice = [terms("C2", "5"), terms("C1", "1"), terms("C2", "6")].map(coupon);
        assert_eq!(Funds::new(cny("5"), &twice).unwrap_err().code(), "wallet.coupon_held_twice");
    }
}
