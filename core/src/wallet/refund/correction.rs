use crate::{
    error::{MoneyError, WalletError},
    money::Money,
    time::Instant,
};
use std::{cmp::Reverse, collections::BTreeSet};

/// A payment that a correction may be drawn from.
///
/// # Rule
/// R-W14
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refundable {
    /// The order or statement that was paid.
    pub order: String,
    /// When.
    pub paid_at: Instant,
    /// What can still be refunded of it: [`Refunds::left`](super::Refunds::left).
    pub left: Money,
}

/// What is to be refunded of one payment.
///
/// # Rule
/// R-W14
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionRefund {
    /// The order or statement that was paid.
    pub order: String,
    /// How much, above zero.
    pub amount: Money,
}

/// Which payments give back what a negative correction says, the latest first, each at most what can
/// still be refunded of it.
///
/// A correction statement that comes to −0.56 is not paid: 0.56 is refunded from the payments of the
/// statements that it corrects. Payments of one instant go by their ids, the last first.
///
/// # Errors
/// `wallet.negative_amount` for an amount or a rest below zero; `wallet.empty_id`,
/// `wallet.payment_twice`; `money.currency_mismatch`; `wallet.refunds_not_enough`, which says how much
/// is missing; `money.overflow`.
///
/// # Examples
/// ```
/// use counterfoil::{money::{Money, CNY}, wallet::{Refundable, refund_of_correction}};
///
/// let cny = |text| Money::parse(text, CNY);
/// let payment = |order: &str, day: &str, left| {
///     Ok::<_, counterfoil::error::Error>(Refundable { order: order.into(), paid_at: day.parse()?, left: cny(left)? })
/// };
/// let payments = [
///     payment("s-1", "2025-03-14T01:00:00Z", "3.00")?,
///     payment("s-2", "2025-03-16T01:00:00Z", "0.40")?,
/// ];
/// let correction = cny("-0.56")?;
/// let drawn = refund_of_correction(correction.negated(), &payments)?;
/// let shown: Vec<_> = drawn.iter().map(|drawn| format!("{} of {}", drawn.amount, drawn.order)).collect();
/// assert_eq!(shown, ["0.40 of s-2", "0.16 of s-1"]);
/// assert_eq!(refund_of_correction(cny("3.41")?, &payments).unwrap_err().code(), "wallet.refunds_not_enough");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-W14, R-S2
pub fn refund_of_correction(amount: Money, payments: &[Refundable]) -> Result<Vec<CorrectionRefund>, WalletError> {
    if amount.is_negative() {
        return Err(WalletError::NegativeAmount { amount: amount.amount() });
    }
    let mut seen = BTreeSet::new();
    for payment in payments {
        if payment.order.is_empty() {
            return Err(WalletError::EmptyId { what: "payment" });
        }
        if !seen.insert(&payment.order) {
            return Err(WalletError::PaymentTwice { order: payment.order.clone() });
        }
        if payment.left.is_negative() {
            return Err(WalletError::NegativeAmount { amount: payment.left.amount() });
        }
        payment.left.currency().same_as(amount.currency())?;
    }
    let mut latest: Vec<&Refundable> = payments.iter().collect();
    latest.sort_by_key(|payment| Reverse((payment.paid_at, &payment.order)));

    let (mut drawn, mut rest) = (Vec::new(), amount);
    for payment in latest {
        let part = if payment.left.compare(rest)?.is_lt() { payment.left } else { rest };
        if !part.is_zero() {
            rest = rest.minus(part)?;
            drawn.push(CorrectionRefund { order: payment.order.clone(), amount: part });
        }
    }
    if !rest.is_zero() {
        let (amount, missing) = (amount.amount(), rest.amount());
        let left = Money::sum(payments.iter().map(|payment| payment.left), rest.currency())?.amount();
        return Err(WalletError::RefundsNotEnough { amount, left, missing });
    }
    let parts = Money::sum(drawn.iter().map(|drawn| drawn.amount), amount.currency())?;
    if parts.compare(amount)?.is_ne() {
        return Err(MoneyError::NotConserved { whole: amount.amount(), parts: parts.amount() }.into());
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wallet::testing::*;

    fn payment(order: &str, second: i64, left: &str) -> Refundable {
        Refundable { order: order.into(), paid_at: at(second), left: cny(left) }
    }

    fn drawn(amount: &str, payments: &[Refundable]) -> Result<String, WalletError> {
        let drawn = refund_of_correction(cny(amount), payments)?;
        let shown: Vec<String> = drawn.iter().map(|drawn| format!("{} of {}", drawn.amount, drawn.order)).collect();
        Ok(shown.join(", "))
    }

    #[test]
    fn the_latest_first_each_to_its_end() {
        let payments =
            [payment("a", 1, "3.00"), payment("b", 3, "0.40"), payment("c", 2, "0"), payment("d", 3, "0.10")];
        // R-S2's −0.56; of one instant the last id first.
        assert_eq!(drawn("0.56", &payments).unwrap(), "0.10 of d, 0.40 of b, 0.06 of a");
        assert_eq!(drawn("0.10", &payments).unwrap(), "0.10 of d");
        assert_eq!(drawn("0", &payments).unwrap(), "");
        assert_eq!(drawn("3.50", &payments).unwrap(), "0.10 of d, 0.40 of b, 3.00 of a");
        let mut turned = payments.clone();
        turned.reverse();
        assert_eq!(drawn("0.56", &turned).unwrap(), drawn("0.56", &payments).unwrap());
    }

    #[test]
    fn what_is_missing_is_said() {
        let payments = [payment("a", 1, "3.00"), payment("b", 3, "0.40")];
        let error = drawn("3.41", &payments).unwrap_err();
        assert_eq!(error.code(), "wallet.refunds_not_enough");
        assert_eq!(error.details().into_iter().map(|(_, value)| value).collect::<Vec<_>>(), ["3.41", "3.40", "0.01"]);
        assert_eq!(drawn("0.01", &[]).unwrap_err().code(), "wallet.refunds_not_enough");
        assert_eq!(drawn("0", &[]).unwrap(), "");
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        let code = |amount, payments: &[Refundable]| drawn(amount, payments).unwrap_err().code();
        assert_eq!(code("-1", &[]), "wallet.negative_amount");
        assert_eq!(code("1", &[payment("", 1, "1")]), "wallet.empty_id");
        assert_eq!(code("1", &[payment("a", 1, "1"), payment("a", 2, "1")]), "wallet.payment_twice");
        assert_eq!(code("1", &[payment("a", 1, "-1")]), "wallet.negative_amount");
        let dollars = Refundable { left: usd("1"), ..payment("a", 1, "1") };
        assert_eq!(code("1", &[dollars]), "money.currency_mismatch");
    }
}
