use crate::{
    error::MoneyError,
    exact::{Exact, Integer, RoundingMode, decimal},
};
use rust_decimal::Decimal;

/// Splits an amount by weights into multiples of `step` that add up to it, exactly.
///
/// Each part is its exact share rounded down, and the steps that are left go one each to the largest
/// remainders; equal remainders go to the earliest part. A weight of zero gets nothing. A negative
/// amount is split like its opposite.
///
/// # Units
/// Weights are ratios: any decimals of zero or more.
///
/// # Rounding
/// No part is a whole step away from its exact share.
///
/// # Errors
/// `money.not_a_multiple` unless the amount is one of the step, `money.bad_step`,
/// `money.no_weights` when none is above zero, `money.negative_weight`, `money.overflow`.
///
/// # Examples
/// ```
/// use counterfoil::{exact::decimal, money::allocate};
///
/// let cent = decimal::parse("0.01")?;
/// let split = |amount: &str, weights: &[i64]| {
///     let weights: Vec<_> = weights.iter().map(|weight| (*weight).into()).collect();
///     let parts = allocate(decimal::parse(amount)?, &weights, cent)?;
///     Ok::<_, counterfoil::error::MoneyError>(parts.iter().map(ToString::to_string).collect::<Vec<_>>())
/// };
/// assert_eq!(split("10.00", &[1, 1, 1])?, ["3.34", "3.33", "3.33"]);
/// assert_eq!(split("0.05", &[3, 7])?, ["0.02", "0.03"]); // rounding each would make a cent
/// assert_eq!(split("-0.05", &[3, 7])?, ["-0.02", "-0.03"]);
/// assert_eq!(split("0.05", &[0, 0]).unwrap_err().code(), "money.no_weights");
/// # Ok::<(), counterfoil::error::MoneyError>(())
/// ```
///
/// # Rule
/// R-M4
pub fn allocate(amount: Decimal, weights: &[Decimal], step: Decimal) -> Result<Vec<Decimal>, MoneyError> {
    let mut parts = vec![Part::NOTHING; weights.len()];
    share_out(amount, weights, step, &mut parts)?;
    Ok(parts.into_iter().map(|part| part.amount).collect())
}

/// [`allocate`] between two, which needs no memory.
///
/// # Rule
/// R-M4
pub(crate) fn allocate_between(
    amount: Decimal,
    weights: [Decimal; 2],
    step: Decimal,
) -> Result<[Decimal; 2], MoneyError> {
    let mut parts = [Part::NOTHING; 2];
    share_out(amount, &weights, step, &mut parts)?;
    Ok(parts.map(|part| part.amount))
}

/// One of those that an amount is split among.
#[derive(Clone)]
struct Part {
    /// Which of them.
    index: usize,
    /// Its weight as a whole number, all in the same proportion.
    weight: Integer,
    steps: Integer,
    /// What is left of its exact share, in fractions of a step.
    remainder: Integer,
    amount: Decimal,
}

impl Part {
    const NOTHING: Self =
        Self { index: 0, weight: Integer::ZERO, steps: Integer::ZERO, remainder: Integer::ZERO, amount: Decimal::ZERO };
}

/// Fills in as many parts as there are weights.
fn share_out(amount: Decimal, weights: &[Decimal], step: Decimal, parts: &mut [Part]) -> Result<(), MoneyError> {
    if step <= Decimal::ZERO {
        return Err(MoneyError::BadStep { step });
    }
    let steps = Exact::from(amount).divided_by(&Exact::from(step))?;
    let Some(steps) = steps.numerator().divide_exactly(steps.denominator())? else {
        return Err(MoneyError::NotAMultiple { amount, step });
    };
    weigh(weights, parts)?;
    share_steps(&steps, parts)?;

    // Promise 2: checked at run time too.
    let mut total = Decimal::ZERO;
    for part in parts {
        part.amount = steps_to_amount(&part.steps, step)?;
        total = decimal::add(total, part.amount)?;
    }
    if total != amount {
        return Err(MoneyError::NotConserved { whole: amount, parts: total });
    }
    Ok(())
}

/// The weights as whole numbers in the same proportion.
fn weigh(weights: &[Decimal], parts: &mut [Part]) -> Result<(), MoneyError> {
    let scale = weights.iter().map(Decimal::scale).max().unwrap_or(0);
    for ((index, weight), part) in weights.iter().enumerate().zip(parts) {
        if weight.is_sign_negative() && !weight.is_zero() {
            return Err(MoneyError::NegativeWeight { index, weight: *weight });
        }
        let factor = Integer::power_of_ten(scale.saturating_sub(weight.scale()))?;
        (part.index, part.weight) = (index, Integer::from(weight.mantissa()).times(&factor)?);
    }
    Ok(())
}

/// Largest remainder over whole steps.
fn share_steps(steps: &Integer, parts: &mut [Part]) -> Result<(), MoneyError> {
    let total = parts.iter().try_fold(Integer::ZERO, |sum, part| sum.plus(&part.weight))?;
    if total.is_zero() {
        return Err(MoneyError::NoWeights {});
    }
    let size = steps.absolute()?;
    let mut left = size.clone();
    for part in parts.iter_mut() {
        (part.steps, part.remainder) = size.times(&part.weight)?.divide(&total)?;
        left = left.minus(&part.steps)?;
    }
    // Fewer steps are left than there are remainders above zero, for they add up to `left × total`
    // and each is below `total`; so none goes to a weight of zero.
    parts.sort_unstable_by(|a, b| b.remainder.cmp(&a.remainder).then(a.index.cmp(&b.index)));
    let left = left.narrow().and_then(|left| usize::try_from(left).ok()).unwrap_or(0);
    for part in parts.iter_mut().take(left) {
        part.steps = part.steps.plus(&Integer::ONE)?;
    }
    parts.sort_unstable_by_key(|part| part.index);
    if steps.is_negative() {
        for part in parts {
            part.steps = part.steps.negated()?;
        }
    }
    Ok(())
}

fn steps_to_amount(steps: &Integer, step: Decimal) -> Result<Decimal, MoneyError> {
    let amount = Exact::over(steps.times(&Integer::from(step.mantissa()))?, Integer::power_of_ten(step.scale())?)?;
    amount.round_to(step, RoundingMode::Down)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cents(amount: i64, weights: &[i64]) -> Vec<i64> {
        let weights: Vec<Decimal> = weights.iter().map(|weight| Decimal::from(*weight)).collect();
        let parts = allocate(Decimal::new(amount, 2), &weights, Decimal::new(1, 2)).unwrap();
        parts.iter().map(|part| i64::try_from(part.mantissa()).unwrap()).collect()
    }

    #[test]
    fn the_figures_of_the_rule() {
        // R-M4
        assert_eq!(cents(1000, &[1, 1, 1]), [334, 333, 333]);
        assert_eq!(cents(5, &[3, 7]), [2, 3]);
        assert_eq!(cents(5, &[7, 3]), [4, 1]);
        assert_eq!(cents(-1000, &[1, 1, 1]), [-334, -333, -333]);
        assert_eq!(cents(0, &[1, 2]), [0, 0]);
        assert_eq!(cents(7, &[0, 1, 0]), [0, 7, 0]);
        assert_eq!(cents(3, &[3_002_399_751_580_333, 1_000_000_000_000_000, 501_199_875_790_167]), [2, 1, 0]);
    }

    #[test]
    fn bad_input_has_its_codes() {
        let allocate = |amount, weights: &[Decimal], step| allocate(amount, weights, step).unwrap_err().code();
        let cent = Decimal::new(1, 2);
        assert_eq!(allocate(Decimal::new(1, 3), &[Decimal::ONE], cent), "money.not_a_multiple");
        assert_eq!(allocate(Decimal::ONE, &[], cent), "money.no_weights");
        assert_eq!(allocate(Decimal::ONE, &[Decimal::ZERO], cent), "money.no_weights");
        assert_eq!(allocate(Decimal::ONE, &[Decimal::ONE, Decimal::NEGATIVE_ONE], cent), "money.negative_weight");
        assert_eq!(allocate(Decimal::ONE, &[Decimal::ONE], Decimal::ZERO), "money.bad_step");
    }

    /// Every amount up to 40 cents over every three weights up to 6: against the definition.
    #[test]
    fn a_small_world_in_full() {
        for amount in -40..=40_i64 {
            for weights in (0..343_i64).map(|n| [n % 7, n / 7 % 7, n / 49]).filter(|w| w.iter().any(|w| *w > 0)) {
                let parts = cents(amount, &weights);
                if let [first, second, 0] = weights {
                    let between = [first, second].map(Decimal::from);
                    let between = allocate_between(Decimal::new(amount, 2), between, Decimal::new(1, 2)).unwrap();
                    assert_eq!(between, [parts[0], parts[1]].map(|part| Decimal::new(part, 2)));
                }
                let total: i64 = weights.iter().sum();
                assert_eq!(parts.iter().sum::<i64>(), amount);
                for (part, weight) in parts.iter().zip(weights) {
                    assert!((part * total - amount * weight).abs() < total, "{amount} by {weights:?}: {parts:?}");
                    assert!(weight > 0 || *part == 0);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn parts_add_up_at_any_size(
            mantissa in -(10_i128.pow(26))..10_i128.pow(26),
            weights in proptest::collection::vec((0..10_i128.pow(28), 0..28_u32), 1..12),
            step in prop_oneof![Just(Decimal::new(1, 2)), Just(Decimal::new(5, 2)), Just(Decimal::new(1, 0))],
        ) {
            let weights: Vec<Decimal> =
                weights.into_iter().map(|(m, s)| Decimal::from_i128_with_scale(m, s)).collect();
            prop_assume!(weights.iter().any(|weight| !weight.is_zero()));
            let amount = decimal::multiply(Decimal::from_i128_with_scale(mantissa, 0), step);
            prop_assume!(amount.is_ok());
            let amount = amount.unwrap();
            let parts = allocate(amount, &weights, step).unwrap();
            if let [first, second] = weights[..] {
                prop_assert_eq!(&allocate_between(amount, [first, second], step).unwrap()[..], &parts[..]);
            }
            let sum = parts.iter().try_fold(Decimal::ZERO, |sum, part| decimal::add(sum, *part)).unwrap();
            prop_assert_eq!(sum, amount);
            let opposite = allocate(decimal::negate(amount), &weights, step).unwrap();
            prop_assert!(parts.iter().zip(&opposite).all(|(a, b)| *a == decimal::negate(*b)));
        }
    }
}
