//! Decimals at the door: strict text (R-M6), and arithmetic that never rounds.
//!
//! [`Decimal`] itself rounds silently at 28 digits (`7922816251426433759354395033.5 + 0.05` loses
//! the cents), reads `1_000` and turns 30 digits into 28. These functions give the exact result or a
//! typed error.

use super::{Integer, POWERS_OF_TEN};
use crate::error::{MoneyError, excerpt};
use rust_decimal::Decimal;

/// The longest text that is read as a decimal, in bytes.
///
/// # Rule
/// R-M6
pub const LONGEST_TEXT: usize = 64;

/// Reads a plain decimal: digits, at most one point with digits on both sides, a leading `-`.
///
/// The digits are kept as written, `12.30` stays `12.30`; only leading zeros go. No thousands marks, no exponent, no `+`,
/// no `NaN`, no white space.
///
/// # Errors
/// `money.text_too_long` over 64 bytes, `money.not_a_decimal`, `money.too_many_digits` for what would
/// have to be rounded, `money.negative_zero`.
///
/// # Examples
/// ```
/// use counterfoil::exact::decimal;
///
/// assert_eq!(decimal::parse("12.30")?.to_string(), "12.30");
/// for (text, code) in [
///     ("1e3", "money.not_a_decimal"),
///     ("1,000", "money.not_a_decimal"),
///     ("-0.00", "money.negative_zero"),
///     ("0.12345678901234567890123456789", "money.too_many_digits"),
/// ] {
///     assert_eq!(decimal::parse(text).unwrap_err().code(), code);
/// }
/// # Ok::<(), counterfoil::error::MoneyError>(())
/// ```
///
/// # Rule
/// R-M6
pub fn parse(text: &str) -> Result<Decimal, MoneyError> {
    if text.len() > LONGEST_TEXT {
        return Err(MoneyError::TextTooLong { length: text.len(), limit: LONGEST_TEXT });
    }
    let fault = |fault| MoneyError::NotADecimal { text: excerpt(text), fault };
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return Err(fault("digits are missing after the point")),
        Some((whole, fraction)) => (whole, fraction),
        None => (unsigned, ""),
    };
    if whole.is_empty() {
        return Err(fault("digits are missing"));
    }
    let mut mantissa: i128 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        if !byte.is_ascii_digit() {
            return Err(fault(explain(text)));
        }
        let digit = i128::from(byte.wrapping_sub(b'0'));
        mantissa = mantissa
            .checked_mul(10)
            .and_then(|tens| tens.checked_add(digit))
            .ok_or_else(|| MoneyError::TooManyDigits { text: excerpt(text) })?;
    }
    if unsigned.len() != text.len() {
        if mantissa == 0 {
            return Err(MoneyError::NegativeZero { text: excerpt(text) });
        }
        mantissa = mantissa.wrapping_neg(); // above zero before, so it always has a negative
    }
    u32::try_from(fraction.len())
        .ok()
        .and_then(|scale| from_parts(mantissa, scale))
        .ok_or_else(|| MoneyError::TooManyDigits { text: excerpt(text) })
}

/// What most likely went wrong, for the message.
fn explain(text: &str) -> &'static str {
    let has = |pattern: &[char]| text.contains(pattern);
    if text.eq_ignore_ascii_case("nan") || text.to_ascii_lowercase().contains("inf") {
        "it is not a number"
    } else if has(&['e', 'E']) {
        "exponents are not read"
    } else if has(&[',', '_', '\'']) {
        "thousands marks are not read"
    } else if has(&[' ', '\t', '\n', '\r', '\u{3000}']) {
        "it has white space"
    } else if has(&['+']) {
        "a leading plus is not read"
    } else {
        "it has other characters than digits"
    }
}

/// `mantissa × 10^−scale`, if the type at the door holds it.
#[inline]
pub(crate) fn from_parts(mantissa: i128, scale: u32) -> Option<Decimal> {
    match i64::try_from(mantissa) {
        Ok(mantissa) => Decimal::try_new(mantissa, scale).ok(), // as nearly always, and cheaper
        Err(_) => Decimal::try_from_i128_with_scale(mantissa, scale).ok(),
    }
}

/// `a + b`, exactly.
///
/// # Errors
/// `money.overflow` where the exact sum has more than 28 digits.
///
/// # Examples
/// ```
/// use counterfoil::exact::decimal;
///
/// let large = decimal::parse("7922816251426433759354395033.5")?;
/// let cents = decimal::parse("0.05")?;
/// assert_ne!((large + cents) - large, cents); // `Decimal` lost the cents without a word
/// assert_eq!(decimal::add(large, cents).unwrap_err().code(), "money.overflow");
/// # Ok::<(), counterfoil::error::MoneyError>(())
/// ```
///
/// # Rule
/// R-M1
pub fn add(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    let mut sum = Sum::from(a);
    sum.add(b)?;
    sum.total()
}

/// `a − b`, exactly.
///
/// # Errors
/// `money.overflow` where the exact difference has more than 28 digits.
///
/// # Rule
/// R-M1
pub fn subtract(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    add(a, negate(b))
}

/// `−a`; zero has no sign.
pub fn negate(a: Decimal) -> Decimal {
    let mut negated = a;
    negated.set_sign_negative(!a.is_zero() && a.is_sign_positive());
    negated
}

/// Nothing, with so many digits after the point: `0.00`.
#[inline]
pub(crate) fn zero(scale: u32) -> Decimal {
    from_parts(0, scale).unwrap_or_default()
}

/// The sum of many, exactly.
pub(crate) fn sum(terms: impl IntoIterator<Item = Decimal>) -> Result<Decimal, MoneyError> {
    let mut terms = terms.into_iter();
    let mut sum = Sum::from(terms.next().unwrap_or_default());
    terms.try_for_each(|term| sum.add(term))?;
    sum.total()
}

/// A sum of many, exactly: only what is read of it has to fit in 28 digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sum {
    mantissa: i128,
    scale: u32,
}

impl From<Decimal> for Sum {
    fn from(first: Decimal) -> Self {
        Self { mantissa: first.mantissa(), scale: first.scale() }
    }
}

impl Sum {
    /// What it is a number of at the scale that it was begun with, unless it had to shed zeros.
    pub(crate) const fn mantissa_at(self, scale: u32) -> Option<i128> {
        if self.scale == scale { Some(self.mantissa) } else { None }
    }

    /// Adds one more.
    #[inline]
    pub(crate) fn add(&mut self, term: Decimal) -> Result<(), MoneyError> {
        self.add_scaled(term.mantissa(), term.scale()).ok_or_else(overflowing_sum)
    }

    /// Takes one away.
    #[inline]
    pub(crate) fn subtract(&mut self, term: Decimal) -> Result<(), MoneyError> {
        // A mantissa has 96 bits, so it has a negative.
        self.add_scaled(term.mantissa().wrapping_neg(), term.scale()).ok_or_else(overflowing_sum)
    }

    /// Takes one above zero away, if it has as many digits after the point and leaves no less than zero; else
    /// nothing happens.
    #[inline]
    pub(crate) fn take(&mut self, term: Decimal) -> bool {
        match self.mantissa.checked_sub(term.mantissa()) {
            Some(left) if left >= 0 && term.scale() == self.scale => {
                self.mantissa = left;
                true
            }
            _ => false,
        }
    }

    /// Adds another sum.
    pub(crate) fn add_sum(&mut self, other: Self) -> Result<(), MoneyError> {
        self.add_scaled(other.mantissa, other.scale).ok_or_else(overflowing_sum)
    }

    pub(crate) const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    pub(crate) const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether it is this number, with whatever digits.
    #[inline]
    pub(crate) fn is(self, number: Decimal) -> bool {
        if self.scale == number.scale() {
            return self.mantissa == number.mantissa(); // as nearly always
        }
        self.total().is_ok_and(|total| total == number)
    }

    /// The total, with the digits of the term that had the most, as far as they fit.
    #[inline]
    pub(crate) fn total(self) -> Result<Decimal, MoneyError> {
        match from_parts(self.mantissa, self.scale) {
            Some(total) => Ok(total),
            None => fitted(&Integer::from(self.mantissa), self.scale).ok_or_else(overflowing_sum),
        }
    }

    #[inline]
    fn add_scaled(&mut self, mantissa: i128, scale: u32) -> Option<()> {
        if scale == self.scale {
            self.mantissa = self.mantissa.checked_add(mantissa)?; // as nearly always
            return Some(());
        }
        self.align(mantissa, scale)
    }

    #[cold]
    fn align(&mut self, mantissa: i128, scale: u32) -> Option<()> {
        let sum = sum_of((self.mantissa, self.scale), (mantissa, scale));
        // Zeros at an end may be what does not fit: `20000000000` and `0.0000000000000000000000000000`.
        let shed = || sum_of(without_zeros(self.mantissa, self.scale), without_zeros(mantissa, scale));
        *self = sum.or_else(shed)?;
        Some(())
    }
}

#[cold]
fn overflowing_sum() -> MoneyError {
    MoneyError::Overflow { operation: "a sum" }
}

/// `a × b`, exactly.
///
/// # Errors
/// `money.overflow` where the exact product has more than 28 digits.
///
/// # Rule
/// R-M1
pub fn multiply(a: Decimal, b: Decimal) -> Result<Decimal, MoneyError> {
    let overflow = || MoneyError::Overflow { operation: "a product" };
    let scale = a.scale().checked_add(b.scale()).ok_or_else(overflow)?;
    let product = Integer::from(a.mantissa()).times(&Integer::from(b.mantissa()))?;
    fitted(&product, scale).ok_or_else(overflow)
}

/// `mantissa × 10^−scale` as a decimal, shedding trailing zeros only as far as it must to fit.
pub(crate) fn fitted(mantissa: &Integer, scale: u32) -> Option<Decimal> {
    let (mut mantissa, mut scale) = (mantissa.clone(), scale);
    loop {
        if let Some(decimal) = mantissa.narrow().and_then(|narrow| from_parts(narrow, scale)) {
            return Some(decimal);
        }
        scale = scale.checked_sub(1)?;
        mantissa = mantissa.divide_exactly(&Integer::Narrow(10)).ok()??;
    }
}

/// The decimal with at least this many digits after the point, where they fit: `5` as `5.00`.
pub(crate) fn with_scale(value: Decimal, scale: u32) -> Decimal {
    let wanted = scale
        .checked_sub(value.scale())
        .and_then(|missing| POWERS_OF_TEN.get(usize::try_from(missing).ok()?))
        .and_then(|power| value.mantissa().checked_mul(*power))
        .and_then(|mantissa| from_parts(mantissa, scale));
    wanted.unwrap_or(value)
}

/// The mantissa of a decimal at a scale, where it is a whole number that fits.
pub(crate) fn mantissa_at(value: Decimal, scale: u32) -> Option<i128> {
    let (mantissa, own) = without_zeros(value.mantissa(), value.scale());
    scaled(mantissa, own, scale)
}

/// The sum of two, each a mantissa and its scale, at the finer scale.
fn sum_of(a: (i128, u32), b: (i128, u32)) -> Option<Sum> {
    let scale = a.1.max(b.1);
    let mantissa = scaled(a.0, a.1, scale)?.checked_add(scaled(b.0, b.1, scale)?)?;
    Some(Sum { mantissa, scale })
}

/// The same number without zeros at the end of its digits after the point.
fn without_zeros(mut mantissa: i128, mut scale: u32) -> (i128, u32) {
    while scale > 0 && mantissa.checked_rem(10) == Some(0) {
        mantissa = mantissa.checked_div(10).unwrap_or(mantissa);
        scale = scale.saturating_sub(1);
    }
    (mantissa, scale)
}

/// The mantissa at a scale of at least its own.
fn scaled(mantissa: i128, from: u32, to: u32) -> Option<i128> {
    let missing = usize::try_from(to.checked_sub(from)?).ok()?;
    mantissa.checked_mul(*POWERS_OF_TEN.get(missing)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_strictly() {
        for good in ["0", "0.00", "12.30", "-5", "79228162514264337593543950335", "0.0000000000000000000000000001"] {
            assert_eq!(parse(good).expect(good).to_string(), good);
        }
        for bad in [
            "", "-", ".", "1.", ".5", "+1", "1e3", "1 ", " 1", "1,0", "1_0", "NaN", "inf", "0x1", "１", "1.2.3", "--1",
            "1.-2",
        ] {
            assert_eq!(parse(bad).expect_err(bad).code(), "money.not_a_decimal", "{bad}");
        }
        assert_eq!(parse("79228162514264337593543950336").unwrap_err().code(), "money.too_many_digits");
        assert_eq!(parse(&"1".repeat(65)).unwrap_err().code(), "money.text_too_long");
    }

    #[test]
    fn aligned_sums_of_the_largest_do_not_panic() {
        for (a, b) in [(Decimal::MAX, Decimal::MAX), (Decimal::MIN, Decimal::MIN), (Decimal::MAX, Decimal::new(1, 28))]
        {
            assert_eq!(add(a, b).unwrap_err().code(), "money.overflow");
            assert_eq!(multiply(a, a).unwrap_err().code(), "money.overflow");
        }
        assert_eq!(subtract(Decimal::MAX, Decimal::MAX).unwrap(), Decimal::ZERO);
    }

    #[test]
    fn a_long_sum_fits_wherever_its_total_does() {
        let mut sum = Sum::from(Decimal::MAX);
        sum.add(Decimal::MAX).unwrap();
        assert_eq!(sum.total().unwrap_err().code(), "money.overflow");
        sum.subtract(Decimal::MAX).unwrap();
        assert_eq!(sum.total().unwrap(), Decimal::MAX);
        assert_eq!(sum.add(Decimal::new(1, 28)).unwrap_err().code(), "money.overflow");
        assert_eq!(sum.total().unwrap(), Decimal::MAX); // as it was

        let mut sum = Sum::from(Decimal::ZERO);
        for text in ["1", "0.25", "-3.5", "2.250"] {
            sum.add(parse(text).unwrap()).unwrap();
        }
        assert!(sum.is_zero() && !sum.is_negative());
        assert_eq!(sum.total().unwrap().to_string(), "0.000");
        sum.subtract(Decimal::ONE).unwrap();
        assert!(sum.is_negative());
    }

    #[test]
    fn a_sum_sheds_only_zeros() {
        let zero = parse("0.0000000000000000000000000000").unwrap();
        let half = parse("0.5000000000000000000000000000").unwrap();
        assert_eq!(add(20_000_000_000_i64.into(), zero).unwrap(), 20_000_000_000_i64.into());
        assert_eq!(add(8.into(), half).unwrap(), parse("8.5").unwrap());
    }

    #[test]
    fn a_product_sheds_only_zeros() {
        let half = parse("0.50000000000000000000").unwrap();
        assert_eq!(multiply(half, half).unwrap(), parse("0.25").unwrap());
    }
}
