use super::check_not_below_zero;
use crate::{
    error::{MoneyError, PricingError},
    exact::Exact,
    money::{CNY, Derivation, Known, Money, Term},
};
use rust_decimal::Decimal;

/// Which funds an owner must have before it may order what is paid later.
///
/// # Examples
/// ```
/// use counterfoil::money::{CNY, Money};
/// use counterfoil::pricing::{FundsGate, GatedOrder};
///
/// let order = GatedOrder::PostPaid { day_price: Money::parse("312.96", CNY)?, existing: 2 };
/// let verdict = FundsGate::PORTAL.check(order, Money::parse("700.00", CNY)?)?;
/// assert_eq!(verdict.required().to_string(), "725.92");
/// assert!(!verdict.is_enough());
/// assert_eq!(verdict.missing().to_string(), "25.92");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P16
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FundsGate {
    /// What must be there beside the day prices of a post-paid order.
    pub floor: Money,
    /// What must be there for each bucket, those that exist and the new one.
    pub for_each_bucket: Money,
}

/// What is to be ordered.
///
/// # Rule
/// R-P16
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatedOrder {
    /// A thing that is paid later.
    PostPaid {
        /// What it costs for a day.
        day_price: Money,
        /// How many post-paid things there are already.
        existing: u32,
    },
    /// A bucket of objects.
    Bucket {
        /// How many there are already.
        existing: u32,
    },
}

/// Whether the funds are enough, what is needed and what is missing. An answer, and no error.
///
/// # Rule
/// R-P16
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundsVerdict {
    required: Money,
    available: Money,
    missing: Money,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("funds_gate", "funds gate", "下单资金校验");
const DAY_PRICE: Term = Term::new("day_price", "day price", "日价");
const EXISTING: Term = Term::new("existing", "existing", "已有数量");
const FOR_EXISTING: Term = Term::new("for_existing", "day price for the existing", "已有部分日价");
const FLOOR: Term = Term::new("floor", "floor", "下限金额");
const FOR_EACH_BUCKET: Term = Term::new("for_each_bucket", "for each bucket", "每个存储桶");
const NEW: Term = Term::new("new", "new", "新增数量");
const BUCKETS: Term = Term::new("buckets", "buckets", "存储桶数量");
const REQUIRED: Term = Term::new("required", "required", "所需资金");
const AVAILABLE: Term = Term::new("available", "available", "可用资金");
const SHORT: Term = Term::new("short", "required less available", "所需与可用之差");
const MISSING: Term = Term::new("missing", "missing", "缺少资金");

impl FundsGate {
    /// The portal's: a floor of 100, and 100 for each bucket.
    pub const PORTAL: Self =
        Self { floor: Money::new(Decimal::ONE_HUNDRED, CNY), for_each_bucket: Money::new(Decimal::ONE_HUNDRED, CNY) };

    /// Compares usable funds (coupons and max(balance, 0), as the wallet tells them) with what an
    /// order needs.
    ///
    /// A post-paid order needs day price × existing + floor; a bucket needs so much for each, the new
    /// one included.
    ///
    /// # Errors
    /// `pricing.below_zero` for a price, a floor or funds below zero; `money.currency_mismatch`;
    /// `money.overflow`. Too little is no error: see [`FundsVerdict::is_enough`].
    ///
    /// # Rule
    /// R-P16
    pub fn check(self, order: GatedOrder, available: Money) -> Result<FundsVerdict, PricingError> {
        let mut derivation = Derivation::new("R-P16", ABOUT);
        let required = self.required(order, available, &mut derivation)?;
        check_not_below_zero("available", &available.exact())?;
        let available_step = derivation.given(AVAILABLE, available.exact());
        let short = derivation.difference(SHORT, &required, &[&available_step])?;
        let missing = derivation.not_below_zero(MISSING, &short)?;
        let money = |known: &Known| {
            let overflow = MoneyError::Overflow { operation: "the funds that are required" };
            Ok::<_, MoneyError>(Money::new(known.value().to_decimal().ok_or(overflow)?, available.currency()))
        };
        Ok(FundsVerdict { required: money(&required)?, available, missing: money(&missing)?, derivation })
    }

    fn required(self, order: GatedOrder, available: Money, derivation: &mut Derivation) -> Result<Known, PricingError> {
        let mut given = |term: Term, amount: Money| {
            amount.compare(available)?; // of one currency
            check_not_below_zero(term.name, &amount.exact())?;
            Ok::<_, PricingError>(derivation.given(term, amount.exact()))
        };
        Ok(match order {
            GatedOrder::PostPaid { day_price, existing } => {
                let (day_price, floor) = (given(DAY_PRICE, day_price)?, given(FLOOR, self.floor)?);
                let existing = derivation.given(EXISTING, Exact::from(i64::from(existing)));
                let for_existing = derivation.product(FOR_EXISTING, &[&day_price, &existing])?;
                derivation.sum(REQUIRED, &[&for_existing, &floor])?
            }
            GatedOrder::Bucket { existing } => {
                let each = given(FOR_EACH_BUCKET, self.for_each_bucket)?;
                let existing = derivation.given(EXISTING, Exact::from(i64::from(existing)));
                let new = derivation.given(NEW, Exact::ONE);
                let buckets = derivation.sum(BUCKETS, &[&existing, &new])?;
                derivation.product(REQUIRED, &[&each, &buckets])?
            }
        })
    }
}

impl FundsVerdict {
    /// Whether the order may be made.
    pub fn is_enough(&self) -> bool {
        self.missing.is_zero()
    }

    /// What must be there.
    pub const fn required(&self) -> Money {
        self.required
    }

    /// What is there.
    pub const fn available(&self) -> Money {
        self.available
    }

    /// What would have to be added; nothing where it is enough.
    pub const fn missing(&self) -> Money {
        self.missing
    }

    /// How it came about.
    ///
    /// # Rule
    /// R-P15
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(amount: &str) -> Money {
        Money::parse(amount, CNY).unwrap()
    }

    fn verdict(order: GatedOrder, available: &str) -> (bool, String, String) {
        let verdict = FundsGate::PORTAL.check(order, yuan(available)).unwrap();
        assert_eq!(verdict.derivation().recompute().unwrap().last(), Some(&verdict.missing().exact()));
        (verdict.is_enough(), verdict.required().to_string(), verdict.missing().to_string())
    }

    #[test]
    fn a_post_paid_order_needs_what_exists_for_a_day_and_the_floor() {
        // R-P16; portal-pay-06
        let order = |existing| GatedOrder::PostPaid { day_price: yuan("312.96"), existing };
        assert_eq!(verdict(order(2), "725.92"), (true, "725.92".into(), "0".into()));
        assert_eq!(verdict(order(2), "725.91"), (false, "725.92".into(), "0.01".into()));
        assert_eq!(verdict(order(0), "100"), (true, "100".into(), "0".into()));
        assert_eq!(verdict(order(0), "0"), (false, "100".into(), "100".into()));
        assert!(!verdict(order(u32::MAX), "1000000").0);
    }

    #[test]
    fn a_bucket_needs_a_hundred_for_each() {
        // R-P16
        assert_eq!(verdict(GatedOrder::Bucket { existing: 0 }, "99.99"), (false, "100".into(), "0.01".into()));
        assert_eq!(verdict(GatedOrder::Bucket { existing: 3 }, "400"), (true, "400".into(), "0".into()));
    }

    #[test]
    fn what_can_not_be_compared_is_refused() {
        let code = |order, available| FundsGate::PORTAL.check(order, available).unwrap_err().code();
        let post_paid = |day_price| GatedOrder::PostPaid { day_price, existing: 1 };
        let dollars = Money::parse("1", "USD".parse().unwrap()).unwrap();
        assert_eq!(code(post_paid(yuan("-1")), yuan("1")), "pricing.below_zero");
        assert_eq!(code(post_paid(yuan("1")), yuan("-1")), "pricing.below_zero");
        assert_eq!(code(post_paid(dollars), yuan("1")), "money.currency_mismatch");
        assert_eq!(code(GatedOrder::Bucket { existing: 1 }, dollars), "money.currency_mismatch");
        assert_eq!(code(post_paid(yuan("79228162514264337593543950335")), yuan("1")), "money.overflow");
    }
}
