use super::{
    BandwidthPrice, UsedDays, day_guarantee, guarantee,
    price::check_month,
    samples::{check, nth_largest},
};
use crate::{
    error::PricingError,
    exact::Exact,
    money::{Derivation, Rounded, Rounding, Term},
    pricing::check::check_not_below_zero,
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A day on which bandwidth was used.
///
/// # Units
/// Mbit/s.
///
/// # Rule
/// R-P14
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandwidthDay {
    /// Which day of the month, from 1.
    pub day: u32,
    /// The largest size that was ordered on it.
    pub largest_size: Decimal,
    /// What was measured every 5 minutes, in any order.
    pub samples: Vec<Decimal>,
}

/// The enhanced 95th percentile: the mean of the five largest day peaks, and no less than the
/// month's guarantee, for the days that were used.
///
/// # Examples
/// ```
/// use counterfoil::exact::decimal;
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::bandwidth::{BandwidthDay, Enhanced95};
///
/// // 16 days of 500 Mbit/s; each day's samples are 1 … 288, and five of them 300.
/// let samples: Vec<_> = (1..=288).chain([300; 5]).map(rust_decimal::Decimal::from).collect();
/// let day = |day| BandwidthDay { day, largest_size: 500.into(), samples: samples.clone() };
/// let days: Vec<BandwidthDay> = (1..=16).map(day).collect();
/// let june = Enhanced95 { days: &days, days_in_month: 30, price: decimal::parse("120")? };
/// let charge = june.charge(Rounding::BSS)?;
/// assert_eq!((charge.mean().to_string(), charge.guarantee().to_string()), ("300".into(), "100".into()));
/// assert_eq!(charge.fee().to_string(), "19200.00"); // 300 × 120 × 16 ÷ 30
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P14 (*enhanced*)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enhanced95<'a> {
    /// The days that were used, in any order.
    pub days: &'a [BandwidthDay],
    /// How many days the month has.
    pub days_in_month: u32,
    /// What one Mbit/s costs for a month.
    pub price: Decimal,
}

/// The peak of a day, and what is guaranteed on it, in Mbit/s.
///
/// # Rule
/// R-P14
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayPeak {
    /// Which day of the month.
    pub day: u32,
    /// Its 5th largest sample, or the lowest of fewer.
    pub peak: Decimal,
    /// What is guaranteed on it.
    pub guarantee: Decimal,
}

/// What a month costs by the enhanced 95th percentile.
///
/// # Rule
/// R-P14
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnhancedCharge {
    /// By day.
    peaks: Vec<DayPeak>,
    guarantee: Decimal,
    mean: Exact,
    charged: Exact,
    fee: Rounded,
    derivation: Derivation,
}

/// The 5th largest sample of a day, and the 5 largest day peaks of a month.
const FIVE: usize = 5;

const ABOUT: Term = Term::new("enhanced_95", "enhanced 95th percentile", "增强 95 计费");
const DAY_PEAK: Term = Term::new("day_peak", "peak of a day", "日峰值带宽");
const PEAKS: Term = Term::new("peaks", "largest day peaks in all", "最大日峰值合计");
const COUNT: Term = Term::new("count", "how many", "个数");
const MEAN: Term = Term::new("mean", "mean of the largest day peaks", "最大日峰值平均值");
const CHARGED: Term = Term::new("charged", "bandwidth that is charged", "计费带宽");

impl Enhanced95<'_> {
    /// What the month costs: max(guarantee, mean) × price × days used ÷ days in the month.
    ///
    /// With fewer than five days, all of them count.
    ///
    /// # Rounding
    /// Once, at the end.
    ///
    /// # Errors
    /// In this order: `pricing.not_a_month_length`; `pricing.below_zero` for the price;
    /// `pricing.no_samples` without a day; then of each day `pricing.day_outside_month`,
    /// `pricing.day_twice`, `pricing.no_samples`, `pricing.below_zero`; `money.overflow`.
    ///
    /// # Rule
    /// R-P14
    pub fn charge(&self, rounding: Rounding) -> Result<EnhancedCharge, PricingError> {
        check_month(self.days_in_month)?;
        check_not_below_zero("price", &Exact::from(self.price))?;
        let peaks = self.peaks()?;
        // As many as there are different days in the month, so no more than 31.
        let used = u32::try_from(peaks.len()).unwrap_or(u32::MAX);
        let price = BandwidthPrice::new(self.price, UsedDays { used, in_month: self.days_in_month })?;
        let mut sizes: BTreeMap<Decimal, u32> = BTreeMap::new();
        for day in self.days {
            let days = sizes.entry(day.largest_size).or_default();
            *days = days.saturating_add(1);
        }
        let mut derivation = Derivation::new("R-P14", ABOUT);
        let guaranteed = guarantee::of_sizes(sizes, used, &mut derivation)?;
        let mut largest: Vec<&DayPeak> = peaks.iter().collect();
        largest.sort_by(|a, b| b.peak.cmp(&a.peak).then(a.day.cmp(&b.day)));
        largest.truncate(FIVE);
        let top: Vec<_> =
            largest.iter().map(|of| derivation.given_of(DAY_PEAK, of.day.to_string(), Exact::from(of.peak))).collect();
        let sum = derivation.sum(PEAKS, &top.iter().collect::<Vec<_>>())?;
        let count = derivation.given(COUNT, Exact::from(i64::try_from(top.len()).unwrap_or(i64::MAX)));
        let mean = derivation.share(MEAN, &[&sum], &count)?;
        let charged = derivation.largest(CHARGED, &[&guaranteed, &mean])?;
        let fee = price.fee(&charged, rounding, &mut derivation)?;
        Ok(EnhancedCharge {
            peaks,
            guarantee: guarantee::whole(&guaranteed)?,
            mean: mean.value().reduced()?,
            charged: charged.value().reduced()?,
            fee,
            derivation,
        })
    }

    /// The days with their peaks, by day.
    fn peaks(&self) -> Result<Vec<DayPeak>, PricingError> {
        if self.days.is_empty() {
            return Err(PricingError::NoSamples { of: "the month".to_owned() });
        }
        let (mut peaks, mut seen) = (Vec::with_capacity(self.days.len().min(31)), BTreeSet::new());
        for BandwidthDay { day, largest_size, samples } in self.days {
            let day = *day;
            if day == 0 || day > self.days_in_month {
                return Err(PricingError::DayOutsideMonth { day, days_in_month: self.days_in_month });
            }
            if !seen.insert(day) {
                return Err(PricingError::DayTwice { day });
            }
            let peak = peak_of(samples, || format!("day {day}"))?;
            peaks.push(DayPeak { day, peak, guarantee: day_guarantee(*largest_size)? });
        }
        peaks.sort_by_key(|of| of.day);
        Ok(peaks)
    }
}

/// The peak of a day: its 5th largest sample, or the lowest of fewer.
///
/// # Errors
/// `pricing.no_samples`, `pricing.below_zero`.
///
/// # Examples
/// ```
/// use counterfoil::pricing::bandwidth::day_peak;
///
/// let samples = [10, 70, 30, 60, 20, 50, 40].map(rust_decimal::Decimal::from);
/// assert_eq!(day_peak(&samples)?.to_string(), "30");
/// assert_eq!(day_peak(&samples[..3])?.to_string(), "10"); // fewer than five: the lowest
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P14
pub fn day_peak(samples: &[Decimal]) -> Result<Decimal, PricingError> {
    peak_of(samples, || "the day".to_owned())
}

fn peak_of(samples: &[Decimal], of: impl Fn() -> String) -> Result<Decimal, PricingError> {
    check(samples, &of)?;
    nth_largest(samples, FIVE).ok_or_else(|| PricingError::NoSamples { of: of() })
}

impl EnhancedCharge {
    /// The days that were used, in order, with their peaks and guarantees.
    pub fn peaks(&self) -> &[DayPeak] {
        &self.peaks
    }

    /// How many days were used.
    pub fn days_used(&self) -> usize {
        self.peaks.len()
    }

    /// What is guaranteed for the month, in Mbit/s.
    pub const fn guarantee(&self) -> Decimal {
        self.guarantee
    }

    /// The mean of the five largest day peaks, in Mbit/s.
    pub const fn mean(&self) -> &Exact {
        &self.mean
    }

    /// The larger of the two: what is charged, in Mbit/s.
    pub const fn charged(&self) -> &Exact {
        &self.charged
    }

    /// What the month costs.
    pub const fn fee(&self) -> Decimal {
        self.fee.amount()
    }

    /// What the month costs, with its exact value and the remainder.
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

    fn day(day: u32, largest_size: i64, samples: impl IntoIterator<Item = i64>) -> BandwidthDay {
        BandwidthDay {
            day,
            largest_size: largest_size.into(),
            samples: samples.into_iter().map(Decimal::from).collect(),
        }
    }

    fn charge(days: &[BandwidthDay], days_in_month: u32, price: &str) -> Result<EnhancedCharge, PricingError> {
        let price = crate::exact::decimal::parse(price).unwrap();
        let charge = Enhanced95 { days, days_in_month, price }.charge(Rounding::BSS)?;
        assert_eq!(charge.derivation().recompute().unwrap().last(), Some(&Exact::from(charge.fee())));
        Ok(charge)
    }

    #[test]
    fn the_figure_of_the_rule() {
        // R-P14; bss-min-01: 300 × 120 × 16 ÷ 30
        let days: Vec<_> = (1..=16).map(|number| day(number, 1_000, (0..284).chain([300; 5]))).collect();
        let charge = charge(&days, 30, "120").unwrap();
        assert_eq!(
            (charge.mean().to_string(), charge.days_used(), charge.fee().to_string()),
            ("300".into(), 16, "19200.00".into())
        );
    }

    #[test]
    fn the_guarantee_is_charged_where_the_mean_is_below() {
        // bss-min-03: 10 days of 60 and 6 of 100 guaranteed come to 75.
        let days: Vec<_> = (1..=16).map(|number| day(number, if number <= 10 { 300 } else { 500 }, [1; 5])).collect();
        let charge = charge(&days, 30, "120").unwrap();
        assert_eq!((charge.guarantee().to_string(), charge.mean().to_string()), ("75".into(), "1".into()));
        assert_eq!((charge.charged().to_string(), charge.fee().to_string()), ("75".into(), "4800.00".into()));
    }

    #[test]
    fn only_the_five_largest_day_peaks_count() {
        let days: Vec<_> = (1..=7).map(|number| day(number, 0, [i64::from(number) * 10; 5])).collect();
        assert_eq!(charge(&days, 31, "1").unwrap().mean().to_string(), "50"); // (70 + 60 + 50 + 40 + 30) ÷ 5
        // Fewer than five days: all of them; fewer than five samples: the lowest.
        let few = [day(2, 0, [7, 9, 8]), day(1, 0, [100])];
        let charge = charge(&few, 28, "28").unwrap();
        assert_eq!((charge.mean().to_string(), charge.fee().to_string()), ("53.5".into(), "107.00".into()));
        assert_eq!(charge.peaks().iter().map(|of| of.day).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn faults_are_told_in_their_order() {
        let good = day(1, 10, [1]);
        let code = |days: &[BandwidthDay], in_month, price| charge(days, in_month, price).unwrap_err().code();
        assert_eq!(code(&[], 27, "-1"), "pricing.not_a_month_length");
        assert_eq!(code(&[], 28, "-1"), "pricing.below_zero");
        assert_eq!(code(&[], 28, "1"), "pricing.no_samples");
        for day_outside in [0, 29, u32::MAX] {
            assert_eq!(code(&[good.clone(), day(day_outside, -1, [])], 28, "1"), "pricing.day_outside_month");
        }
        assert_eq!(code(&[good.clone(), day(1, -1, [])], 28, "1"), "pricing.day_twice");
        assert_eq!(code(&[good.clone(), day(2, -1, [])], 28, "1"), "pricing.no_samples");
        assert_eq!(code(&[good.clone(), day(2, 1, [1, -1])], 28, "1"), "pricing.below_zero");
        assert_eq!(code(&[good.clone(), day(2, -1, [1])], 28, "1"), "pricing.below_zero");
        assert!(charge(&[good, day(28, 0, [0])], 28, "0").is_ok());
    }

    /// Sorts everything, and takes what the rule says: slow and obvious.
    fn by_sorting(days: &[Vec<i64>], price: i64, in_month: i64) -> Exact {
        let mut peaks: Vec<i64> = Vec::new();
        for samples in days {
            let mut sorted = samples.clone();
            sorted.sort();
            sorted.reverse();
            peaks.push(*sorted.get(4).unwrap_or_else(|| sorted.last().unwrap()));
        }
        peaks.sort();
        peaks.reverse();
        let top: Vec<i64> = peaks.iter().copied().take(5).collect();
        let used = i64::try_from(days.len()).unwrap();
        let denominator = i64::try_from(top.len()).unwrap() * in_month;
        Exact::ratio(top.iter().sum::<i64>() * price * used, denominator).unwrap()
    }

    /// Months of up to 7 days, whose samples are drawn from a small world.
    #[test]
    fn a_small_world_of_months() {
        let mut state = 1_u32;
        let mut next = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        for _ in 0..2_000 {
            let days: Vec<Vec<i64>> =
                (0..=next(7)).map(|_| (0..=next(8)).map(|_| i64::from(next(5))).collect()).collect();
            let written: Vec<_> =
                (1..).zip(&days).map(|(number, samples)| day(number, 0, samples.iter().copied())).collect();
            let exact = charge(&written, 30, "7").unwrap().rounded().exact().clone();
            assert_eq!(exact, by_sorting(&days, 7, 30), "{days:?}");
        }
    }
}
