use super::not_below_zero;
use crate::{
    error::PricingError,
    exact::Exact,
    money::{Derivation, Rounded, Rounding, Term},
    time::{BillingDay, Instant, Zone},
};
use chrono::Datelike;
use rust_decimal::Decimal;

const ABOUT: Term = Term::new("month_end", "to the end of the month", "计至月底");
const PRICE: Term = Term::new("price", "price of a month", "月价");
const LEFT: Term = Term::new("days_left", "days left, today counted", "剩余天数（含当天）");
const OF: Term = Term::new("month_days", "days of the month", "当月天数");
const EXACT: Term = Term::new("exact", "price of what is left", "剩余天数费用");
const PAYABLE: Term = Term::new("payable", "payable", "应付");

/// What is paid from an instant to the end of its month: price × days left ÷ days of the month, where
/// the day that has begun counts.
///
/// # Units
/// The price is of a month; days and months are those of the zone.
///
/// # Rounding
/// Once.
///
/// # Errors
/// `pricing.below_zero` for a price below zero; `time.out_of_range` where the day is not within the years
/// 1 to 9999; `money.overflow`.
///
/// # Examples
/// ```
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::change::to_month_end;
/// use counterfoil::time::Zone;
///
/// let at = "2024-02-20T18:00:00Z".parse()?;
/// let paid = to_month_end("100".parse()?, at, Zone::UTC, Rounding::BSS)?;
/// assert_eq!(paid.amount().to_string(), "34.48"); // 10 of 29 days
/// let in_shanghai = to_month_end("100".parse()?, at, "Asia/Shanghai".parse()?, Rounding::BSS)?;
/// assert_eq!(in_shanghai.amount().to_string(), "31.03"); // there it is the 21st: 9 of 29
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-P11
pub fn to_month_end(price: Decimal, at: Instant, zone: Zone, rounding: Rounding) -> Result<MonthEnd, PricingError> {
    let price = not_below_zero("price of a month", price)?;
    let date = BillingDay::of(at, zone)?.date();
    let mut derivation = Derivation::new("R-P11", ABOUT);
    let price = derivation.given(PRICE, price);
    let days = i64::from(date.num_days_in_month());
    let left = days.saturating_sub(i64::from(date.day0()));
    let left = derivation.given_of(LEFT, date.to_string(), Exact::from(left));
    let days = derivation.given(OF, Exact::from(days));
    let exact = derivation.share(EXACT, &[&price, &left], &days)?;
    let (_, rounded) = derivation.round(PAYABLE, &exact, rounding)?;
    Ok(MonthEnd { rounded, derivation })
}

/// What is paid to the end of a month.
///
/// # Rule
/// R-P11, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthEnd {
    rounded: Rounded,
    derivation: Derivation,
}

impl MonthEnd {
    /// What is paid.
    pub const fn amount(&self) -> Decimal {
        self.rounded.amount()
    }

    /// What is paid, and what it came from.
    pub const fn rounded(&self) -> &Rounded {
        &self.rounded
    }

    /// How it came about.
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_counts() {
        for (at, days, exact) in [
            ("2024-02-01T00:00:00Z", "29", "29"),
            ("2024-02-29T23:59:59.999999Z", "1", "1"),
            ("2023-02-28T00:00:00Z", "1", "29/28"),
            ("2024-12-31T12:00:00Z", "1", "29/31"),
            ("2024-04-16T00:00:00Z", "15", "14.5"),
        ] {
            let paid = to_month_end(29.into(), at.parse().unwrap(), Zone::UTC, Rounding::BSS).unwrap();
            assert_eq!(paid.derivation().value("days_left").unwrap().to_string(), days, "{at}");
            assert_eq!(paid.rounded().exact().to_string(), exact, "{at}");
            assert_eq!(paid.derivation().recompute().unwrap().last(), Some(&Exact::from(paid.amount())));
        }
        let negative = to_month_end((-1).into(), Instant::MIN, Zone::UTC, Rounding::BSS).unwrap_err();
        assert_eq!(negative.code(), "pricing.below_zero");
        assert!(to_month_end(1.into(), Instant::MIN, "+08:00".parse().unwrap(), Rounding::BSS).is_err());
    }
}
