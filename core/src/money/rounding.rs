use crate::{
    error::MoneyError,
    exact::{Exact, RoundingMode, decimal},
};
use rust_decimal::Decimal;
use std::{fmt, str::FromStr};

/// How, to what and where an exact amount becomes a charge. Always named, never a default.
///
/// # Presets
///
/// | preset | mode | step | at | source |
/// |---|---|---|---|---|
/// | [`PORTAL`](Self::PORTAL) | half-even | 0.01 | total | the Django portal |
/// | [`BSS`](Self::BSS) | down | 0.01 | line, remainder reported | the public cloud |
/// | [`BSS_INTL`](Self::BSS_INTL) | half-up | 0.01 | the month's total | the public cloud, international |
/// | [`USAGE`](Self::USAGE) | down | 0.0001 | total | the plan-usage service |
/// | [`USAGE_REMAINING`](Self::USAGE_REMAINING) | floor | 0.01 | total | its remaining value |
/// | [`RESELLER`](Self::RESELLER) | half-up | 0.01 | line | the reseller portal |
///
/// Text is `mode step at`, as `half_even 0.01 total`, or the name of a preset.
///
/// # Rule
/// R-M2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rounding {
    mode: RoundingMode,
    /// Above zero.
    step: Decimal,
    at: RoundAt,
}

/// What is rounded: each line, each span, or a total.
///
/// # Rule
/// R-M2, R-M3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoundAt {
    /// Each line by itself; the total is the sum of rounded lines.
    Line,
    /// Each line, with what was lost so far carried into the next: the lines add up to the rounded
    /// total.
    LineCarry,
    /// Each span of a history by itself.
    Segment,
    /// The total of one reading or one quote.
    Total,
    /// Not before the month's total: readings stay exact, [`Rounding::round_sum`] rounds their sum.
    Month,
}

impl Rounding {
    /// Half-even, 0.01, at the total.
    pub const PORTAL: Self = Self { mode: RoundingMode::HalfEven, step: CENT, at: RoundAt::Total };
    /// Truncated, 0.01, at each line; the remainder is reported.
    pub const BSS: Self = Self { mode: RoundingMode::Down, step: CENT, at: RoundAt::Line };
    /// Half-up, 0.01, at the month's total; lines stay exact.
    pub const BSS_INTL: Self = Self { mode: RoundingMode::HalfUp, step: CENT, at: RoundAt::Month };
    /// Truncated, 0.0001, at the total.
    pub const USAGE: Self =
        Self { mode: RoundingMode::Down, step: Decimal::from_parts(1, 0, 0, false, 4), at: RoundAt::Total };
    /// Floor, 0.01: what is left of a plan.
    pub const USAGE_REMAINING: Self = Self { mode: RoundingMode::Floor, step: CENT, at: RoundAt::Total };
    /// Half-up, 0.01, at each line.
    pub const RESELLER: Self = Self { mode: RoundingMode::HalfUp, step: CENT, at: RoundAt::Line };

    const PRESETS: [(&'static str, Self); 6] = [
        ("portal", Self::PORTAL),
        ("bss", Self::BSS),
        ("bss_intl", Self::BSS_INTL),
        ("usage", Self::USAGE),
        ("usage_remaining", Self::USAGE_REMAINING),
        ("reseller", Self::RESELLER),
    ];

    /// Rounding to multiples of `step`, which may be any decimal above zero: 0.01, 0.05 for Swiss
    /// cash, 1 for yen.
    ///
    /// # Errors
    /// `money.bad_step`.
    pub fn new(mode: RoundingMode, step: Decimal, at: RoundAt) -> Result<Self, MoneyError> {
        if step <= Decimal::ZERO {
            return Err(MoneyError::BadStep { step });
        }
        Ok(Self { mode, step, at })
    }

    /// Which neighbour.
    pub const fn mode(self) -> RoundingMode {
        self.mode
    }

    /// Multiples of what.
    pub const fn step(self) -> Decimal {
        self.step
    }

    /// What is rounded.
    pub const fn at(self) -> RoundAt {
        self.at
    }

    /// The same rounding of something else.
    pub const fn rounding_at(self, at: RoundAt) -> Self {
        Self { at, ..self }
    }

    /// Rounds one exact amount, keeping what was lost readable.
    ///
    /// # Errors
    /// `money.overflow` where the result has more than 28 digits.
    ///
    /// # Rule
    /// R-M2, R-M3
    #[inline]
    pub fn round(self, exact: Exact) -> Result<Rounded, MoneyError> {
        let amount = exact.round_to(self.step, self.mode)?;
        Ok(Rounded { exact, amount })
    }

    /// Rounds the sum of exact amounts, once: for [`RoundAt::Month`], and wherever lines must not be
    /// rounded by themselves.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn round_sum<'a>(self, exact: impl IntoIterator<Item = &'a Exact>) -> Result<Rounded, MoneyError> {
        self.round(Exact::sum(exact)?)
    }

    /// Rounds each of several lines; with [`RoundAt::LineCarry`] they add up to the rounded sum.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::money::{RoundAt, Rounding};
    ///
    /// let lines = ["0.004".parse()?, "0.004".parse()?, "0.004".parse()?];
    /// let plain = Rounding::RESELLER.round_lines(&lines)?;
    /// let carried = Rounding::RESELLER.rounding_at(RoundAt::LineCarry).round_lines(&lines)?;
    /// let text = |lines: Vec<rust_decimal::Decimal>| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    /// assert_eq!(text(plain), ["0.00", "0.00", "0.00"]);
    /// assert_eq!(text(carried), ["0.00", "0.01", "0.00"]); // 0.012 in all: one cent
    /// # Ok::<(), counterfoil::error::MoneyError>(())
    /// ```
    ///
    /// # Rule
    /// R-M3
    pub fn round_lines<'a>(self, lines: impl IntoIterator<Item = &'a Exact>) -> Result<Vec<Decimal>, MoneyError> {
        let lines = lines.into_iter();
        if self.at != RoundAt::LineCarry {
            return lines.map(|line| line.round_to(self.step, self.mode)).collect();
        }
        let mut sum = Exact::ZERO;
        let mut charged = Decimal::ZERO;
        let mut rounded = Vec::with_capacity(lines.size_hint().0);
        for line in lines {
            sum.add(line)?;
            let until_here = sum.round_to(self.step, self.mode)?;
            rounded.push(decimal::subtract(until_here, charged)?);
            charged = until_here;
        }
        Ok(rounded)
    }

    /// The error, unless the amount is a multiple of the step.
    ///
    /// # Errors
    /// `money.not_a_multiple`.
    pub fn check(self, amount: Decimal) -> Result<(), MoneyError> {
        if self.step.mantissa() == 1 && amount.scale() <= self.step.scale() {
            return Ok(()); // no digit is finer than the step, as nearly always
        }
        let steps = Exact::from(amount).divided_by(&Exact::from(self.step))?;
        match steps.numerator().divide_exactly(steps.denominator())? {
            Some(_) => Ok(()),
            None => Err(MoneyError::NotAMultiple { amount, step: self.step }),
        }
    }
}

/// The step of most presets.
const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

impl RoundAt {
    const ALL: [Self; 5] = [Self::Line, Self::LineCarry, Self::Segment, Self::Total, Self::Month];

    /// The name, as `line_carry`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::LineCarry => "line_carry",
            Self::Segment => "segment",
            Self::Total => "total",
            Self::Month => "month",
        }
    }
}

impl FromStr for RoundAt {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let named = Self::ALL.into_iter().find(|at| at.name() == text);
        named.ok_or_else(|| MoneyError::UnknownRounding { text: text.to_owned() })
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.mode, self.step, self.at.name())
    }
}

impl FromStr for Rounding {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        if let Some((_, preset)) = Self::PRESETS.into_iter().find(|(name, _)| *name == text) {
            return Ok(preset);
        }
        let words: Vec<&str> = text.split(' ').collect();
        let [mode, step, at] = words.as_slice() else {
            return Err(MoneyError::UnknownRounding { text: crate::error::excerpt(text) });
        };
        Self::new(mode.parse()?, decimal::parse(step)?, at.parse()?)
    }
}

/// An exact amount and what it was rounded to.
///
/// # Rule
/// R-M3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounded {
    exact: Exact,
    amount: Decimal,
}

impl Rounded {
    /// What parts were rounded to one by one, and the exact sum of those parts.
    pub(crate) fn settled(exact: Exact, amount: Decimal, rounding: Rounding) -> Self {
        Self { exact, amount: decimal::with_scale(amount, rounding.step.scale()) }
    }

    /// An exact amount, and what it was rounded to.
    #[inline]
    pub(crate) const fn settled_to(exact: Exact, amount: Decimal) -> Self {
        Self { exact, amount }
    }

    /// What is charged, with the digits of the step.
    pub const fn amount(&self) -> Decimal {
        self.amount
    }

    /// What it came from.
    pub const fn exact(&self) -> &Exact {
        &self.exact
    }

    /// What was lost: exact − amount; negative where the amount was rounded up.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn remainder(&self) -> Result<Exact, MoneyError> {
        self.exact.minus(&Exact::from(self.amount))
    }
}

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.amount, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_names_presets_and_parts() {
        for (name, preset) in Rounding::PRESETS {
            assert_eq!(name.parse::<Rounding>().unwrap(), preset);
            assert_eq!(preset.to_string().parse::<Rounding>().unwrap(), preset);
        }
        for (bad, code) in [
            ("", "money.unknown_rounding"),
            ("half_odd 0.01 total", "money.unknown_rounding"),
            ("down 0 line", "money.bad_step"),
            ("down -0.01 line", "money.bad_step"),
            ("down 1e-2 line", "money.not_a_decimal"),
            ("down 0.01 everywhere", "money.unknown_rounding"),
        ] {
            assert_eq!(bad.parse::<Rounding>().unwrap_err().code(), code, "{bad}");
        }
    }

    #[test]
    fn what_is_lost_can_be_read() {
        // R-M3: bss charges 0.04 and reports 0.00599822.
        let rounded = Rounding::BSS.round("0.04599822".parse().unwrap()).unwrap();
        assert_eq!(rounded.to_string(), "0.04");
        assert_eq!(rounded.remainder().unwrap().to_string(), "0.00599822");
        let up = Rounding::RESELLER.round("0.045".parse().unwrap()).unwrap();
        assert_eq!(up.remainder().unwrap().to_string(), "-0.005");
    }

    #[test]
    fn swiss_cash_and_yen() {
        // R-M2: any positive step.
        let round = |step: &str, exact: &str| {
            let step = decimal::parse(step).unwrap();
            let rounding = Rounding::new(RoundingMode::HalfUp, step, RoundAt::Total).unwrap();
            rounding.round(exact.parse().unwrap()).unwrap().to_string()
        };
        assert_eq!(round("0.05", "7.475"), "7.50");
        assert_eq!(round("0.05", "7.4749"), "7.45");
        assert_eq!(round("1", "1234.5"), "1235");
        assert_eq!(round("25", "62.5"), "75");
    }

    #[test]
    fn a_multiple_is_checked() {
        let cents = |text: &str| Rounding::PORTAL.check(decimal::parse(text).unwrap());
        assert!(cents("12.30").is_ok() && cents("-12.3").is_ok() && cents("12.300").is_ok());
        assert_eq!(cents("12.301").unwrap_err().code(), "money.not_a_multiple");
        assert!(cents("79228162514264337593543950335").is_ok()); // though it has no room for two more digits
    }
}
