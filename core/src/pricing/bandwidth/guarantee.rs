use super::{price::DAYS_USED, price::check_month};
use crate::{
    error::{MoneyError, PricingError},
    exact::{Exact, RoundingMode},
    money::{Derivation, Known, Term},
    pricing::check::check_not_below_zero,
};
use rust_decimal::Decimal;

/// Days with one guarantee.
///
/// # Rule
/// R-P14
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuaranteedDays {
    /// What is guaranteed on each of them, in Mbit/s.
    pub guarantee: Decimal,
    /// How many they are.
    pub days: u32,
}

/// What is guaranteed for a month: floor(Σ (day guarantee × days) ÷ days used).
///
/// # Examples
/// ```
/// use counterfoil::pricing::bandwidth::{GuaranteedDays, MonthGuarantee};
///
/// let days = [(60, 10), (100, 6)].map(|(mbps, days)| GuaranteedDays { guarantee: mbps.into(), days });
/// let month = MonthGuarantee::of(&days, 30)?;
/// assert_eq!(month.guarantee().to_string(), "75");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P14
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthGuarantee {
    guarantee: Decimal,
    days_used: u32,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("month_guarantee", "guarantee of the month", "月保底带宽");
const DAY_GUARANTEE: Term = Term::new("day_guarantee", "guarantee of a day", "日保底带宽");
const DAYS: Term = Term::new("days", "days", "天数");
const GUARANTEED_DAYS: Term = Term::new("guaranteed_days", "guarantee × days", "保底带宽 × 天数");
const SUM: Term = Term::new("guaranteed_sum", "guarantee × days in all", "合计保底带宽 × 天数");
const MEAN: Term = Term::new("mean_guarantee", "mean guarantee", "平均保底带宽");
const GUARANTEE: Term = Term::new("month_guarantee", "guarantee of the month", "月保底带宽");
const LARGEST: Term = Term::new("largest_size", "largest size of a day", "日最大带宽");
const SHARE: Term = Term::new("guaranteed_share", "guaranteed share", "保底比例");
const OF_LARGEST: Term = Term::new("share_of_size", "share of the size", "带宽保底份额");

/// The guaranteed share of a day's largest size: 20 %.
const GUARANTEED_SHARE: Decimal = Decimal::from_parts(2, 0, 0, false, 1);

/// What is guaranteed on a day: floor(20 % of its largest size), in Mbit/s.
///
/// # Errors
/// `pricing.below_zero`, `money.overflow`.
///
/// # Examples
/// ```
/// use counterfoil::exact::decimal;
/// use counterfoil::pricing::bandwidth::day_guarantee;
///
/// assert_eq!(day_guarantee(decimal::parse("309")?)?.to_string(), "61");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P14
pub fn day_guarantee(largest_size: Decimal) -> Result<Decimal, PricingError> {
    check_not_below_zero("largest_size", &Exact::from(largest_size))?;
    let share = Exact::from(largest_size).times(&Exact::from(GUARANTEED_SHARE))?;
    Ok(share.round_to(Decimal::ONE, RoundingMode::Floor)?)
}

impl MonthGuarantee {
    /// Of days with their guarantees.
    ///
    /// # Errors
    /// `pricing.not_a_month_length`; `pricing.no_samples` where no day is used;
    /// `pricing.too_many_days` for more days than the month has; `pricing.below_zero`;
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P14
    pub fn of(days: &[GuaranteedDays], days_in_month: u32) -> Result<Self, PricingError> {
        check_month(days_in_month)?;
        let used = days.iter().fold(0_u64, |sum, of| sum.saturating_add(u64::from(of.days)));
        let days_used = match u32::try_from(used) {
            Ok(0) => return Err(PricingError::NoSamples { of: "the month".to_owned() }),
            Ok(used) if used <= days_in_month => used,
            _ => return Err(PricingError::TooManyDays { days: used, days_in_month }),
        };
        let mut derivation = Derivation::new("R-P14", ABOUT);
        let mut of_days = Vec::with_capacity(days.len());
        for GuaranteedDays { guarantee, days } in days {
            check_not_below_zero("guarantee", &Exact::from(*guarantee))?;
            let each = derivation.given_of(DAY_GUARANTEE, of_size(*guarantee), Exact::from(*guarantee));
            of_days.push(times_days(&each, *days, *guarantee, &mut derivation)?);
        }
        let guarantee = mean_of(&of_days, days_used, &mut derivation)?;
        Ok(Self { guarantee: whole(&guarantee)?, days_used, derivation })
    }

    /// What is guaranteed, in Mbit/s.
    pub const fn guarantee(&self) -> Decimal {
        self.guarantee
    }

    /// How many days were used.
    pub const fn days_used(&self) -> u32 {
        self.days_used
    }

    /// How it came about.
    ///
    /// # Rule
    /// R-P15
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

/// The steps from the largest sizes of days, and how many days had each, to the month's guarantee.
pub(super) fn of_sizes(
    sizes: impl IntoIterator<Item = (Decimal, u32)>,
    days_used: u32,
    derivation: &mut Derivation,
) -> Result<Known, PricingError> {
    let share = derivation.given(SHARE, Exact::from(GUARANTEED_SHARE));
    let mut of_days = Vec::new();
    for (largest, days) in sizes {
        let size = derivation.given_of(LARGEST, of_size(largest), Exact::from(largest));
        let of_largest = derivation.product(OF_LARGEST, &[&size, &share])?;
        derivation.label(&of_largest, of_size(largest));
        let each = derivation.rounded_to(DAY_GUARANTEE, &of_largest, RoundingMode::Floor, Decimal::ONE)?;
        derivation.label(&each, of_size(largest));
        of_days.push(times_days(&each, days, largest, derivation)?);
    }
    mean_of(&of_days, days_used, derivation)
}

fn times_days(each: &Known, days: u32, of: Decimal, derivation: &mut Derivation) -> Result<Known, MoneyError> {
    let days = derivation.given_of(DAYS, of_size(of), Exact::from(i64::from(days)));
    let of_days = derivation.product(GUARANTEED_DAYS, &[each, &days])?;
    derivation.label(&of_days, of_size(of));
    Ok(of_days)
}

/// floor(Σ ÷ days used)
fn mean_of(of_days: &[Known], days_used: u32, derivation: &mut Derivation) -> Result<Known, PricingError> {
    let sum = derivation.sum(SUM, &of_days.iter().collect::<Vec<_>>())?;
    let days = derivation.given(DAYS_USED, Exact::from(i64::from(days_used)));
    let mean = derivation.share(MEAN, &[&sum], &days)?;
    Ok(derivation.rounded_to(GUARANTEE, &mean, RoundingMode::Floor, Decimal::ONE)?)
}

/// What tells one group of days from another.
fn of_size(size: Decimal) -> String {
    format!("{} Mbit/s", size.normalize())
}

/// A step that was rounded to whole Mbit/s.
pub(super) fn whole(known: &Known) -> Result<Decimal, MoneyError> {
    known.value().to_decimal().ok_or(MoneyError::Overflow { operation: "a guarantee" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(days: &[(i64, u32)], in_month: u32) -> Result<String, &'static str> {
        let days: Vec<GuaranteedDays> = days
            .iter()
            .map(|(guarantee, days)| GuaranteedDays { guarantee: (*guarantee).into(), days: *days })
            .collect();
        let month = MonthGuarantee::of(&days, in_month).map_err(|error| error.code())?;
        assert_eq!(month.derivation().recompute().unwrap().last(), Some(&Exact::from(month.guarantee())));
        Ok(month.guarantee().to_string())
    }

    #[test]
    fn a_month_has_the_mean_of_its_days_in_whole_mbps() {
        // R-P14; bss-min-03
        assert_eq!(month(&[(60, 10), (100, 6)], 30).unwrap(), "75");
        assert_eq!(month(&[(60, 31)], 31).unwrap(), "60");
        assert_eq!(month(&[(1, 1), (2, 1)], 28).unwrap(), "1"); // 1.5
        assert_eq!(month(&[(60, 10), (100, 0)], 30).unwrap(), "60");
    }

    #[test]
    fn a_day_has_a_fifth_of_its_largest_size_in_whole_mbps() {
        for (size, guaranteed) in [("300", "60"), ("304.99", "60"), ("305", "61"), ("4.9", "0"), ("0", "0")] {
            assert_eq!(day_guarantee(crate::exact::decimal::parse(size).unwrap()).unwrap().to_string(), guaranteed);
        }
        assert_eq!(day_guarantee(-Decimal::ONE).unwrap_err().code(), "pricing.below_zero");
    }

    #[test]
    fn faults_are_told() {
        assert_eq!(month(&[(60, 16), (60, 15)], 30).unwrap_err(), "pricing.too_many_days");
        assert_eq!(month(&[(60, u32::MAX), (60, u32::MAX)], 30).unwrap_err(), "pricing.too_many_days");
        assert_eq!(month(&[], 30).unwrap_err(), "pricing.no_samples");
        assert_eq!(month(&[(60, 0)], 30).unwrap_err(), "pricing.no_samples");
        assert_eq!(month(&[(-1, 1)], 30).unwrap_err(), "pricing.below_zero");
        assert_eq!(month(&[(60, 1)], 33).unwrap_err(), "pricing.not_a_month_length");
    }
}
