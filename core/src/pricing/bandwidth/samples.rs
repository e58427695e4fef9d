use crate::{error::PricingError, exact::Exact, pricing::check::check_not_below_zero};
use rust_decimal::Decimal;

/// The error, if there are no samples or one is below zero.
pub(super) fn check(samples: &[Decimal], of: impl Fn() -> String) -> Result<(), PricingError> {
    if samples.is_empty() {
        return Err(PricingError::NoSamples { of: of() });
    }
    // The sign is the question, so it is asked for all at once.
    match samples.iter().min() {
        Some(lowest) => check_not_below_zero("sample", &Exact::from(*lowest)),
        None => Ok(()),
    }
}

/// The n-th largest, counted from 1, or the smallest where there are fewer; none of none.
///
/// It selects and does not sort: a month has 8,640 samples, and of each just one counts.
pub(super) fn nth_largest(samples: &[Decimal], n: usize) -> Option<Decimal> {
    let place = n.min(samples.len()).checked_sub(1)?;
    let mut samples = samples.to_vec();
    let (_, nth, _) = samples.select_nth_unstable_by(place, |a, b| b.cmp(a));
    Some(*nth)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sorts everything and takes the n-th: slow and obvious.
    fn by_sorting(samples: &[Decimal], n: usize) -> Option<Decimal> {
        let mut sorted = samples.to_vec();
        sorted.sort();
        sorted.reverse();
        sorted.get(n - 1).or(sorted.last()).copied()
    }

    /// Every list of up to 5 samples of 4 sizes, and every place in it.
    #[test]
    fn a_small_world_of_samples() {
        for length in 0..=5_u32 {
            for code in 0..4_u32.pow(length) {
                let samples: Vec<Decimal> =
                    (0..length).map(|place| Decimal::from(code / 4_u32.pow(place) % 4)).collect();
                for n in 1..=7 {
                    assert_eq!(nth_largest(&samples, n), by_sorting(&samples, n), "{samples:?} {n}");
                }
            }
        }
    }

    #[test]
    fn samples_are_compared_as_numbers() {
        let samples = ["9", "10.0", "10", "9.99"].map(|text| crate::exact::decimal::parse(text).unwrap());
        assert_eq!(nth_largest(&samples, 3).unwrap().to_string(), "9.99");
        assert_eq!(
            check(&[], || "day 3".to_owned()).unwrap_err().to_string(),
            "`day 3` has no samples: leave it out, or pass what was measured"
        );
        assert_eq!(check(&[Decimal::ONE, -Decimal::ONE], String::new).unwrap_err().code(), "pricing.below_zero");
    }
}
