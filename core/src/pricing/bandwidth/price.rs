use crate::{
    error::PricingError,
    exact::{Exact, decimal},
    money::{Derivation, Known, Rounded, Rounding, Term},
    pricing::check::check_not_below_zero,
};
use rust_decimal::Decimal;

/// The days of a month, and how many of them were used.
///
/// # Rule
/// R-P14
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedDays {
    /// How many were used.
    pub used: u32,
    /// How many the month has.
    pub in_month: u32,
}

/// What one Mbit/s costs for a month, and for which of its days it is charged.
///
/// # Units
/// A currency for each Mbit/s and month.
///
/// # Rule
/// R-P14
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandwidthPrice {
    price: Decimal,
    days: UsedDays,
}

/// What a bandwidth costs.
///
/// # Rule
/// R-P14
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandwidthCharge {
    fee: Rounded,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("bandwidth_fee", "bandwidth fee", "带宽费用");
const BANDWIDTH: Term = Term::new("bandwidth", "bandwidth", "计费带宽");
const PRICE: Term = Term::new("price", "price of a month", "月单价");
pub(super) const DAYS_USED: Term = Term::new("days_used", "days used", "使用天数");
const DAYS_IN_MONTH: Term = Term::new("days_in_month", "days in the month", "当月天数");
const AMOUNT: Term = Term::new("amount", "exact fee", "精确费用");
const FEE: Term = Term::new("fee", "fee", "费用");

impl UsedDays {
    pub(super) fn check(self) -> Result<(), PricingError> {
        check_month(self.in_month)?;
        if self.used > self.in_month {
            return Err(PricingError::TooManyDays { days: u64::from(self.used), days_in_month: self.in_month });
        }
        Ok(())
    }
}

/// The error, unless some month has so many days.
pub(super) fn check_month(days: u32) -> Result<(), PricingError> {
    match days {
        28..=31 => Ok(()),
        _ => Err(PricingError::NotAMonthLength { days }),
    }
}

impl BandwidthPrice {
    /// A price of a month, charged for its used days.
    ///
    /// # Errors
    /// `pricing.below_zero`, `pricing.not_a_month_length`, `pricing.too_many_days`.
    pub fn new(price: Decimal, days: UsedDays) -> Result<Self, PricingError> {
        check_not_below_zero("price", &Exact::from(price))?;
        days.check()?;
        Ok(Self { price, days })
    }

    /// A price written as [`decimal::parse`] reads it.
    ///
    /// # Errors
    /// As [`decimal::parse`] and [`new`](Self::new).
    pub fn parse(text: &str, days: UsedDays) -> Result<Self, PricingError> {
        Self::new(decimal::parse(text)?, days)
    }

    /// The price of a month.
    pub const fn price(self) -> Decimal {
        self.price
    }

    /// The days that it is charged for.
    pub const fn days(self) -> UsedDays {
        self.days
    }

    /// What a bandwidth costs: bandwidth × price × days used ÷ days in the month.
    ///
    /// # Units
    /// `bandwidth` is in Mbit/s.
    ///
    /// # Rounding
    /// Once, at the end.
    ///
    /// # Errors
    /// `pricing.below_zero`, `money.overflow`.
    ///
    /// # Rule
    /// R-P14
    pub fn charge(self, bandwidth: &Exact, rounding: Rounding) -> Result<BandwidthCharge, PricingError> {
        check_not_below_zero("bandwidth", bandwidth)?;
        let mut derivation = Derivation::new("R-P14", ABOUT);
        let bandwidth = derivation.given(BANDWIDTH, bandwidth.clone());
        let fee = self.fee(&bandwidth, rounding, &mut derivation)?;
        Ok(BandwidthCharge { fee, derivation })
    }

    /// The steps from a bandwidth to its fee: the one place where it meets a price.
    pub(super) fn fee(
        self,
        bandwidth: &Known,
        rounding: Rounding,
        derivation: &mut Derivation,
    ) -> Result<Rounded, PricingError> {
        let price = derivation.given(PRICE, Exact::from(self.price));
        let used = derivation.given(DAYS_USED, Exact::from(i64::from(self.days.used)));
        let in_month = derivation.given(DAYS_IN_MONTH, Exact::from(i64::from(self.days.in_month)));
        let amount = derivation.share(AMOUNT, &[bandwidth, &price, &used], &in_month)?;
        Ok(derivation.round(FEE, &amount, rounding)?.1)
    }
}

impl BandwidthCharge {
    /// What it costs.
    pub const fn fee(&self) -> Decimal {
        self.fee.amount()
    }

    /// What it costs, with its exact value and the remainder.
    pub const fn rounded(&self) -> &Rounded {
        &self.fee
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

    fn fee(bandwidth: &str, price: &str, used: u32, in_month: u32) -> Result<String, &'static str> {
        let charged = BandwidthPrice::parse(price, UsedDays { used, in_month })
            .and_then(|price| price.charge(&bandwidth.parse().unwrap(), Rounding::BSS));
        charged.map(|charge| charge.fee().to_string()).map_err(|error| error.code())
    }

    #[test]
    fn the_figure_of_the_rule() {
        // R-P14; bss-min-01
        assert_eq!(fee("300", "120", 16, 30).unwrap(), "19200.00");
        assert_eq!(fee("300", "120", 30, 30).unwrap(), "36000.00");
        assert_eq!(fee("300", "120", 0, 30).unwrap(), "0.00");
        assert_eq!(fee("100", "1", 10, 29).unwrap(), "34.48"); // 34.4827…, truncated
        assert_eq!(fee("0.1", "1", 31, 31).unwrap(), "0.10");
    }

    #[test]
    fn what_no_month_has_is_refused() {
        assert_eq!(fee("1", "1", 31, 30).unwrap_err(), "pricing.too_many_days");
        assert_eq!(fee("1", "1", 1, 27).unwrap_err(), "pricing.not_a_month_length");
        assert_eq!(fee("1", "1", 1, 32).unwrap_err(), "pricing.not_a_month_length");
        assert_eq!(fee("1", "1", 1, 0).unwrap_err(), "pricing.not_a_month_length");
        assert_eq!(fee("1", "-1", 1, 30).unwrap_err(), "pricing.below_zero");
        assert_eq!(fee("-1", "1", 1, 30).unwrap_err(), "pricing.below_zero");
    }
}
