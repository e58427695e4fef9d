use crate::error::OrderError;
use crate::money::Money;
use chrono::{Days, NaiveDate};
use std::fmt;

/// Dates from one on, up to another that does not belong to them: half-open, as periods are (R-T1).
///
/// So the date on which one lease ends is free for the next one. At least one date belongs to them.
///
/// # Examples
/// ```
/// use counterfoil::order::Dates;
/// use counterfoil::time::parse_date;
///
/// let june = Dates::new(parse_date("2025-06-01")?, parse_date("2025-07-01")?)?;
/// assert_eq!(june, Dates::inclusive(parse_date("2025-06-01")?, parse_date("2025-06-30")?)?);
/// assert!(!june.contains(june.until()));
/// # Ok::<(), counterfoil::error::OrderError>(())
/// ```
///
/// # Rule
/// R-O6
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dates {
    from: NaiveDate,
    until: NaiveDate,
}

impl Dates {
    /// The dates from one on and before another.
    ///
    /// # Errors
    /// `order.no_dates` unless the second is later.
    pub fn new(from: NaiveDate, until: NaiveDate) -> Result<Self, OrderError> {
        if until <= from {
            return Err(OrderError::NoDates { from, until });
        }
        Ok(Self { from, until })
    }

    /// The dates from one to another, both of them inside.
    ///
    /// # Errors
    /// `order.no_dates` when the last is before the first, or has no date after it.
    pub fn inclusive(first: NaiveDate, last: NaiveDate) -> Result<Self, OrderError> {
        let until = last.succ_opt().ok_or(OrderError::NoDates { from: first, until: last })?;
        Self::new(first, until)
    }

    /// The first date.
    pub const fn from(self) -> NaiveDate {
        self.from
    }

    /// The first date after it.
    pub const fn until(self) -> NaiveDate {
        self.until
    }

    /// Whether a date belongs to them.
    pub fn contains(self, date: NaiveDate) -> bool {
        self.from <= date && date < self.until
    }

    /// Whether some date belongs to both.
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    /// How many they are.
    pub fn days(self) -> i64 {
        self.until.signed_duration_since(self.from).num_days()
    }
}

impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.until)
    }
}

/// The days at the beginning of a lease in which it is only tried.
///
/// # Rule
/// R-O6
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial(Terms);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Terms {
    None,
    Free { days: u32 },
    Paid { price: Money, days: u32 },
}

impl Trial {
    /// No trial.
    pub const NONE: Self = Self(Terms::None);

    /// So many days for nothing.
    ///
    /// # Errors
    /// `order.bad_trial` for 0 days.
    pub const fn free(days: u32) -> Result<Self, OrderError> {
        if days == 0 {
            return Err(OrderError::BadTrial { fault: "it has no days" });
        }
        Ok(Self(Terms::Free { days }))
    }

    /// So many days for a price.
    ///
    /// # Errors
    /// `order.bad_trial` for a price that is not above zero, then for 0 days.
    pub fn paid(price: Money, days: u32) -> Result<Self, OrderError> {
        if price.is_zero() || price.is_negative() {
            return Err(OrderError::BadTrial {
                fault: "its price is not above zero: a trial for nothing is a free one",
            });
        }
        Self::free(days)?;
        Ok(Self(Terms::Paid { price, days }))
    }

    /// What it costs, if something.
    pub const fn price(self) -> Option<Money> {
        match self.0 {
            Terms::Paid { price, .. } => Some(price),
            Terms::None | Terms::Free { .. } => None,
        }
    }

    /// Its days; 0 where there is none.
    pub const fn days(self) -> u32 {
        match self.0 {
            Terms::None => 0,
            Terms::Free { days } | Terms::Paid { days, .. } => days,
        }
    }

    /// Its name: `none`, `free` or `paid`.
    pub const fn name(self) -> &'static str {
        match self.0 {
            Terms::None => "none",
            Terms::Free { .. } => "free",
            Terms::Paid { .. } => "paid",
        }
    }

    /// The dates of it in a lease: its first days, and no more than the lease has.
    ///
    /// None where there is no trial.
    pub fn dates(self, lease: Dates) -> Option<Dates> {
        let over = lease.from.checked_add_days(Days::new(self.days().into())).unwrap_or(lease.until);
        Dates::new(lease.from, over.min(lease.until)).ok()
    }
}

/// A device that is leased out.
///
/// # Rule
/// R-O6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLease {
    /// Its id.
    pub id: String,
    /// The order that it belongs to.
    pub order: String,
    /// The device.
    pub device: String,
    /// For which dates.
    pub dates: Dates,
    /// Whether it is only tried at first.
    pub trial: Trial,
}

/// So many devices that are kept for an order, whichever they will be.
///
/// # Rule
/// R-O6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountLock {
    /// Its id; locks and leases have no id in common.
    pub id: String,
    /// The order that they are kept for.
    pub order: String,
    /// How many.
    pub count: u32,
    /// For which dates.
    pub dates: Dates,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{money::CNY, time::parse_date};

    fn dates(from: &str, until: &str) -> Dates {
        Dates::new(parse_date(from).unwrap(), parse_date(until).unwrap()).unwrap()
    }

    #[test]
    fn dates_are_half_open() {
        let (may, june) = (dates("2025-05-01", "2025-06-01"), dates("2025-06-01", "2025-07-01"));
        assert!(!may.overlaps(june) && !june.overlaps(may) && june.overlaps(june));
        assert!(june.contains(june.from()) && !may.contains(june.from()));
        assert_eq!((may.days(), june.days()), (31, 30));
        let day = parse_date("2025-06-01").unwrap();
        assert_eq!(Dates::new(day, day).unwrap_err().code(), "order.no_dates");
        assert_eq!(Dates::inclusive(day, day).unwrap().days(), 1);
        assert_eq!(Dates::inclusive(day, NaiveDate::MAX).unwrap_err().code(), "order.no_dates");
    }

    /// R-O6
    #[test]
    fn a_trial_is_none_free_or_paid() {
        let cny = |text| Money::parse(text, CNY).unwrap();
        assert_eq!(Trial::free(0).unwrap_err().code(), "order.bad_trial");
        for (price, days) in [("0", 3), ("-0.01", 3), ("9.90", 0)] {
            assert_eq!(Trial::paid(cny(price), days).unwrap_err().code(), "order.bad_trial");
        }
        let lease = dates("2025-06-01", "2025-06-08");
        assert_eq!(Trial::NONE.dates(lease), None);
        assert_eq!(Trial::paid(cny("9.90"), 3).unwrap().dates(lease), Some(dates("2025-06-01", "2025-06-04")));
        assert_eq!(Trial::free(u32::MAX).unwrap().dates(lease), Some(lease));
    }
}
