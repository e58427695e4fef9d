use super::{
    BandwidthPrice,
    samples::{check, nth_largest},
};
use crate::{
    error::{MoneyError, PricingError},
    exact::Exact,
    money::{Derivation, Rounded, Rounding, Term},
};
use rust_decimal::Decimal;

/// The 95th percentile as it is known: the largest 5 % of the samples do not count, and the next
/// one is paid for.
///
/// How many do not count is rounded down: of 8,640 samples 432, of 19 none.
///
/// # Rule
/// R-P14 (*classic*)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classic95<'a> {
    /// The samples of the month, in Mbit/s, in any order.
    pub samples: &'a [Decimal],
    /// What one Mbit/s costs.
    pub price: BandwidthPrice,
}

/// What a month costs by the classic 95th percentile.
///
/// # Rule
/// R-P14
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassicCharge {
    samples: usize,
    dropped: usize,
    peak: Decimal,
    fee: Rounded,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("classic_95", "classic 95th percentile", "经典 95 计费");
const PEAK: Term = Term::new("peak", "95th percentile", "95 峰值带宽");

impl Classic95<'_> {
    /// What the month costs.
    ///
    /// # Rounding
    /// Once, at the end.
    ///
    /// # Errors
    /// `pricing.no_samples`, `pricing.below_zero`, `money.overflow`.
    ///
    /// # Rule
    /// R-P14
    pub fn charge(&self, rounding: Rounding) -> Result<ClassicCharge, PricingError> {
        let of_month = || "the month".to_owned();
        check(self.samples, of_month)?;
        let samples = self.samples.len();
        let overflow = MoneyError::Overflow { operation: "a number of samples" };
        let dropped = samples.checked_mul(5).and_then(|fives| fives.checked_div(100)).ok_or(overflow)?;
        let next = dropped.saturating_add(1);
        let peak = nth_largest(self.samples, next).ok_or_else(|| PricingError::NoSamples { of: of_month() })?;
        let mut derivation = Derivation::new("R-P14", ABOUT);
        let bandwidth = derivation.given_of(PEAK, format!("{next}/{samples}"), Exact::from(peak));
        let fee = self.price.fee(&bandwidth, rounding, &mut derivation)?;
        Ok(ClassicCharge { samples, dropped, peak, fee, derivation })
    }
}

impl ClassicCharge {
    /// How many samples there were.
    pub const fn samples(&self) -> usize {
        self.samples
    }

    /// How many of the largest did not count.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }

    /// The largest that counted, in Mbit/s.
    pub const fn peak(&self) -> Decimal {
        self.peak
    }

    /// What the month costs.
    pub const fn fee(&self) -> Decimal {
        self.fee.amount()
    }

    /// What the month costs, with its exact value and the remainder.
    pub const fn rounded(&self) -> &Rounded {
        &self.fee
    }

    /// How it came about. Its peak is named by its place among the samples: `433/8640`.
    ///
    /// # Rule
    /// R-P15
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::{super::UsedDays, *};

    fn charge(samples: &[Decimal]) -> Result<ClassicCharge, PricingError> {
        let price = BandwidthPrice::parse("10", UsedDays { used: 15, in_month: 30 }).unwrap();
        Classic95 { samples, price }.charge(Rounding::BSS)
    }

    fn until(last: u32) -> Vec<Decimal> {
        (1..=last).map(Decimal::from).collect()
    }

    #[test]
    fn the_figure_of_the_rule() {
        // R-P14; bss-p95-01: 30 days of 288
        let month = charge(&until(8_640)).unwrap();
        assert_eq!(
            (month.dropped(), month.peak().to_string(), month.fee().to_string()),
            (432, "8208".into(), "41040.00".into())
        );
        assert_eq!(month.derivation().recompute().unwrap().last(), Some(&Exact::from(month.fee())));
    }

    #[test]
    fn how_many_are_dropped_is_rounded_down() {
        for (samples, dropped, peak) in
            [(1, 0, "1"), (19, 0, "19"), (20, 1, "19"), (39, 1, "38"), (40, 2, "38"), (8_928, 446, "8482")]
        {
            let month = charge(&until(samples)).unwrap();
            assert_eq!((month.dropped(), month.peak().to_string()), (dropped, peak.to_owned()), "{samples}");
        }
    }

    #[test]
    fn order_does_not_matter_and_faults_are_told() {
        let mut backwards = until(100);
        backwards.reverse();
        backwards.rotate_left(37);
        assert_eq!(charge(&backwards).unwrap().peak().to_string(), "95");
        assert_eq!(charge(&[]).unwrap_err().code(), "pricing.no_samples");
        assert_eq!(charge(&[Decimal::TEN, -Decimal::ONE]).unwrap_err().code(), "pricing.below_zero");
    }
}
