use crate::{
    error::{PricingError, UnitsError},
    exact::Exact,
    metering::{Measure, PartUsage, UsageOf},
    pricing::{Every, Rate},
    time::Instant,
    units::{Quantity, TimeUnit, Unit},
};
use std::{fmt, str::FromStr};

/// How much was used, or may be: so many of a unit, or of a unit times time.
///
/// Text is `40 GB` for what is counted and `750 core·hour` for what is timed; amounts may be
/// fractions, `1/3 GB`.
///
/// # Examples
/// ```
/// use counterfoil::pricing::package::Measured;
///
/// let hours: Measured = "750 core·hour".parse()?;
/// assert_eq!(hours.to_string(), "750 core·hour");
/// assert_eq!("750 core·month".parse::<Measured>().unwrap_err().code(), "pricing.no_fixed_length");
/// assert_eq!("-1 GB".parse::<Measured>().unwrap_err().code(), "pricing.negative_units");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P12, R-U2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Zero or more.
    amount: Exact,
    unit: Unit,
    time: Time,
}

/// The time in a unit, which has one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    Counted,
    /// Never a month, and never once.
    Each(TimeUnit, i64),
}

impl Measured {
    /// So many of a unit, as they are counted.
    ///
    /// # Errors
    /// `pricing.negative_units`.
    pub fn counted(amount: Exact, unit: Unit) -> Result<Self, PricingError> {
        Self::new(amount, unit, Time::Counted)
    }

    /// So many of a unit times time; [`TimeUnit::Once`] is counted.
    ///
    /// # Errors
    /// `pricing.negative_units`; `pricing.no_fixed_length` for a month.
    pub fn timed(amount: Exact, unit: Unit, time: TimeUnit) -> Result<Self, PricingError> {
        let time = match (time, time.micros()) {
            (TimeUnit::Once, _) => Time::Counted,
            (_, Some(micros)) => Time::Each(time, micros),
            (_, None) => return Err(PricingError::NoFixedLength { text: format!("{unit}·{time}") }),
        };
        Self::new(amount, unit, time)
    }

    /// What a usage tells of one part.
    ///
    /// # Errors
    /// `pricing.negative_units` for a difference that takes something back; `money.overflow`.
    pub fn of(usage: &UsageOf) -> Result<Self, PricingError> {
        match usage.measure() {
            Measure::Counted => Self::counted(usage.value().clone(), usage.unit()),
            Measure::Timed => Self::timed(usage.hours(), usage.unit(), TimeUnit::Hour),
        }
    }

    /// How much.
    pub const fn amount(&self) -> &Exact {
        &self.amount
    }

    /// Of what unit.
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// Times which time; `Once` for what is counted.
    pub const fn time(&self) -> TimeUnit {
        match self.time {
            Time::Counted => TimeUnit::Once,
            Time::Each(unit, _) => unit,
        }
    }

    /// How many units of a rate it is.
    ///
    /// # Errors
    /// `units.incompatible`; `pricing.time_mismatch` where what is timed meets a price once, or the
    /// reverse; where a month has no length at that instant, the error of its policy.
    ///
    /// # Rule
    /// R-P1
    pub fn units_of(&self, rate: &Rate, at: Instant) -> Result<Exact, PricingError> {
        let every = match (&rate.every, self.time) {
            (Every::Once, Time::Counted) => 1,
            (Every::Once, _) | (_, Time::Counted) => return Err(self.time_mismatch(rate.every.time_unit())),
            (every, Time::Each(..)) => every.length_at(at)?.0,
        };
        self.in_unit(rate.per, every)
    }

    /// The same in the unit and time of another.
    ///
    /// # Errors
    /// As [`units_of`](Self::units_of).
    pub(super) fn amount_as(&self, other: &Self) -> Result<Exact, PricingError> {
        let every = match (self.time, other.time) {
            (Time::Counted, Time::Counted) => 1,
            (Time::Each(..), Time::Each(_, micros)) => micros,
            _ => return Err(self.time_mismatch(other.time())),
        };
        self.in_unit(other.unit, every)
    }

    /// Another amount of the same unit and time.
    pub(super) fn with_amount(&self, amount: Exact) -> Self {
        Self { amount, ..*self }
    }

    /// What a usage writes down of it: all of it used, all of it payable.
    pub(super) fn part_usage(&self, part: crate::metering::Part) -> Result<PartUsage, PricingError> {
        let (measure, used) = match self.time {
            Time::Counted => (Measure::Counted, self.amount.clone()),
            Time::Each(_, micros) => (Measure::Timed, self.amount.times(&Exact::from(micros))?),
        };
        let used = used.reduced()?;
        Ok(PartUsage { part, unit: self.unit, measure, payable: used.clone(), used })
    }

    /// In another unit, and in times of so many microseconds (1 where it is counted).
    fn in_unit(&self, unit: Unit, every: i64) -> Result<Exact, PricingError> {
        let (numerator, denominator) = self.unit.per(unit)?;
        let micros = match self.time {
            Time::Counted => 1,
            Time::Each(_, micros) => micros,
        };
        let units = self.amount.times(&Exact::ratio(numerator, denominator)?)?;
        Ok(units.times(&Exact::ratio(micros, every)?)?.reduced()?)
    }

    fn time_mismatch(&self, every: TimeUnit) -> PricingError {
        PricingError::TimeMismatch { part: self.unit_text(), every: every.name() }
    }

    /// As `core·hour`.
    pub(super) fn unit_text(&self) -> String {
        match self.time {
            Time::Counted => self.unit.to_string(),
            Time::Each(time, _) => format!("{}·{time}", self.unit),
        }
    }

    fn new(amount: Exact, unit: Unit, time: Time) -> Result<Self, PricingError> {
        if amount.is_negative() {
            return Err(PricingError::NegativeUnits { units: amount.to_string() });
        }
        Ok(Self { amount, unit, time })
    }
}

impl From<Quantity> for Measured {
    fn from(quantity: Quantity) -> Self {
        Self { amount: Exact::from(quantity.amount()), unit: quantity.unit(), time: Time::Counted }
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit_text())
    }
}

impl FromStr for Measured {
    type Err = PricingError;

    fn from_str(text: &str) -> Result<Self, PricingError> {
        let (amount, unit) = text.split_once(' ').unwrap_or((text, ""));
        let amount: Exact = amount.parse()?;
        match unit.split_once('·') {
            None => Self::counted(amount, unit.parse::<Unit>()?),
            Some((unit, time)) => {
                let time: TimeUnit = time.parse::<TimeUnit>()?;
                if time == TimeUnit::Once {
                    let text = crate::error::excerpt(text);
                    return Err(UnitsError::UnknownUnit { text }.into()); // written without the time
                }
                Self::timed(amount, unit.parse::<Unit>()?, time)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn measured(text: &str) -> Measured {
        text.parse().unwrap()
    }

    #[test]
    fn text_is_read_back() {
        for text in ["40 GB", "0 count", "1/3 GiB", "750 core·hour", "0.5 card·second"] {
            assert_eq!(measured(text).to_string(), text);
        }
        for (text, code) in [
            ("40", "units.unknown_unit"),
            ("GB", "money.not_a_decimal"),
            ("40 GB·", "units.unknown_time_unit"),
            ("40 GB·once", "units.unknown_unit"),
            ("40 GB·month", "pricing.no_fixed_length"),
            ("-40 GB", "pricing.negative_units"),
        ] {
            assert_eq!(text.parse::<Measured>().unwrap_err().code(), code, "{text}");
        }
    }

    #[test]
    fn it_is_read_in_units_of_a_rate() {
        let rate = |per, every| Rate::per_unit(Decimal::ONE, per, every);
        let at: Instant = "2024-02-20T00:00:00Z".parse().unwrap();
        let units = |text: &str, rate: &Rate| measured(text).units_of(rate, at).map(|units| units.to_string());
        assert_eq!(units("2 GiB", &rate(Unit::MiB, Every::Once)).unwrap(), "2048");
        assert_eq!(units("90 core·minute", &rate(Unit::Core, Every::Hour)).unwrap(), "1.5");
        let month = Every::Month(crate::time::MonthLength::Fixed30);
        assert_eq!(units("15 core·day", &rate(Unit::Core, month)).unwrap(), "0.5");
        for (text, rate, code) in [
            ("1 GiB", rate(Unit::GB, Every::Once), "units.incompatible"),
            ("1 GiB", rate(Unit::GiB, Every::Hour), "pricing.time_mismatch"),
            ("1 GiB·hour", rate(Unit::GiB, Every::Once), "pricing.time_mismatch"),
        ] {
            assert_eq!(units(text, &rate).unwrap_err().code(), code, "{text}");
        }
    }
}
