use super::Measured;
use crate::{
    error::{PricingError, TimeError},
    exact::Exact,
    metering::{Kind, Part},
    time::{Cycle, Instant, Period, Zone},
    units::Name,
};
use std::fmt;

/// A kind of resource and a part of it: what a package is for.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Covered {
    /// The kind of resource.
    pub kind: Kind,
    /// The part of it.
    pub part: Part,
}

/// Whether the quota of a package comes back.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// It is there once, for the whole term.
    Never,
    /// It comes back every so many months from the effective time.
    EveryMonths(u32),
}

/// What a package holds, for what and for how long.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreePackageTerms {
    /// What tells it from others.
    pub id: Name,
    /// What it may be used for.
    pub covers: Vec<Covered>,
    /// What it holds: in each window where it is reset.
    pub quota: Measured,
    /// From when on it holds.
    pub effective: Instant,
    /// When it was bought.
    pub purchased: Instant,
    /// For how many months it holds.
    pub term_months: u32,
    /// Whether its quota comes back.
    pub reset: Reset,
    /// Whose calendar its months are counted in.
    pub zone: Zone,
}

/// A package whose terms make sense.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreePackage {
    terms: FreePackageTerms,
    term: Period,
}

/// The stretch of a package's term in which its quota is there once.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResetWindow {
    /// Its number, from 1.
    pub number: u64,
    /// When it is.
    pub period: Period,
}

impl FreePackage {
    /// A package of these terms.
    ///
    /// # Errors
    /// `pricing.bad_package_terms` where it covers nothing, holds nothing, has no term, or is reset
    /// after 0 months or after its end; `time.not_a_month`, `time.out_of_range` beyond the calendar.
    pub fn new(terms: FreePackageTerms) -> Result<Self, PricingError> {
        let bad = |fault| Err(PricingError::BadPackageTerms { package: terms.id.to_string(), fault });
        if terms.covers.is_empty() {
            return bad("it covers nothing");
        }
        if terms.quota.amount().is_zero() {
            return bad("its quota must be above zero");
        }
        if terms.term_months == 0 {
            return bad("its term must be a month at least");
        }
        match terms.reset {
            Reset::EveryMonths(0) => return bad("it can not be reset every 0 months"),
            Reset::EveryMonths(months) if months > terms.term_months => {
                return bad("its reset is longer than its term");
            }
            Reset::EveryMonths(_) | Reset::Never => {}
        }
        let term = Cycle::new(terms.effective, terms.term_months, terms.zone)?.period(1)?;
        Ok(Self { terms, term })
    }

    /// What tells it from others.
    pub const fn id(&self) -> &Name {
        &self.terms.id
    }

    /// Its terms.
    pub const fn terms(&self) -> &FreePackageTerms {
        &self.terms
    }

    /// When it holds.
    pub const fn term(&self) -> Period {
        self.term
    }

    /// Whether it may be used for a part of a kind.
    pub fn covers(&self, of: &Covered) -> bool {
        self.terms.covers.contains(of)
    }

    /// The window in which an instant lies; none where the package is not in force.
    ///
    /// The last window ends with the term, also where a whole one would be longer.
    ///
    /// # Errors
    /// `time.out_of_range` beyond the year 9999.
    ///
    /// # Rule
    /// R-P12, R-T4
    pub fn window_at(&self, at: Instant) -> Result<Option<ResetWindow>, TimeError> {
        if !self.term.contains(at) {
            return Ok(None);
        }
        Ok(Some(match self.terms.reset {
            Reset::Never => ResetWindow { number: 1, period: self.term },
            Reset::EveryMonths(months) => {
                let (number, period) = Cycle::new(self.terms.effective, months, self.terms.zone)?.containing(at)?;
                ResetWindow { number, period: period.intersection(self.term) }
            }
        }))
    }

    /// How many windows its term has.
    ///
    /// # Rule
    /// R-P12
    pub const fn windows(&self) -> u32 {
        match self.terms.reset {
            Reset::EveryMonths(months) if months > 0 => self.terms.term_months.div_ceil(months),
            Reset::EveryMonths(_) | Reset::Never => 1,
        }
    }

    /// What it holds over its whole term: quota × windows.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P12
    pub fn total_quota(&self) -> Result<Measured, PricingError> {
        let total = self.terms.quota.amount().times(&Exact::from(i64::from(self.windows())))?;
        Ok(self.terms.quota.with_amount(total))
    }
}

impl fmt::Display for Covered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.part)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Traffic of a CDN, from midnight in Shanghai.
    pub(in crate::pricing::package) fn package(
        id: &str,
        quota: &str,
        effective: &str,
        months: u32,
        reset: Reset,
    ) -> FreePackageTerms {
        let effective: Instant = format!("{effective}T00:00:00+08:00").parse().unwrap();
        FreePackageTerms {
            id: id.parse().unwrap(),
            covers: vec![traffic()],
            quota: quota.parse().unwrap(),
            effective,
            purchased: effective,
            term_months: months,
            reset,
            zone: "Asia/Shanghai".parse().unwrap(),
        }
    }

    pub(in crate::pricing::package) fn traffic() -> Covered {
        Covered { kind: "cdn".parse().unwrap(), part: "traffic".parse().unwrap() }
    }

    pub(in crate::pricing::package) fn at(date: &str) -> Instant {
        format!("{date}T00:00:00+08:00").parse().unwrap()
    }

    #[test]
    fn what_is_reset_comes_back_in_each_window() {
        // R-P12; bss-pkg-03
        let total = |months, reset| {
            let package = FreePackage::new(package("p", "40 GB", "2019-10-10", months, reset)).unwrap();
            (package.windows(), package.total_quota().unwrap().to_string())
        };
        assert_eq!(total(12, Reset::EveryMonths(1)), (12, "480 GB".into()));
        assert_eq!(total(12, Reset::Never), (1, "40 GB".into()));
        assert_eq!(total(12, Reset::EveryMonths(3)), (4, "160 GB".into()));
        assert_eq!(total(12, Reset::EveryMonths(12)), (1, "40 GB".into()));
        assert_eq!(total(12, Reset::EveryMonths(5)), (3, "120 GB".into())); // the last is of 2 months
    }

    #[test]
    fn windows_are_anchored_at_the_effective_date() {
        let package = FreePackage::new(package("p", "40 GB", "2024-01-31", 5, Reset::EveryMonths(2))).unwrap();
        let window = |date: &str| package.window_at(at(date)).unwrap().map(|window| (window.number, window.period));
        let period = |start: &str, end: &str| Period::new(at(start), at(end)).unwrap();
        assert_eq!(window("2024-01-30"), None);
        assert_eq!(window("2024-01-31"), Some((1, period("2024-01-31", "2024-03-31"))));
        assert_eq!(window("2024-03-31"), Some((2, period("2024-03-31", "2024-05-31"))));
        assert_eq!(window("2024-06-29"), Some((3, period("2024-05-31", "2024-06-30")))); // ends with the term
        assert_eq!(window("2024-06-30"), None);
    }

    #[test]
    fn terms_that_contradict_themselves_are_refused() {
        let good = package("p", "40 GB", "2019-10-10", 12, Reset::EveryMonths(1));
        let code = |terms: FreePackageTerms| FreePackage::new(terms).map(|_| "").unwrap_or_else(|error| error.code());
        for (terms, code_wanted) in [
            (good.clone(), ""),
            (FreePackageTerms { covers: vec![], ..good.clone() }, "pricing.bad_package_terms"),
            (FreePackageTerms { quota: "0 GB".parse().unwrap(), ..good.clone() }, "pricing.bad_package_terms"),
            (FreePackageTerms { term_months: 0, ..good.clone() }, "pricing.bad_package_terms"),
            (FreePackageTerms { reset: Reset::EveryMonths(0), ..good.clone() }, "pricing.bad_package_terms"),
            (FreePackageTerms { reset: Reset::EveryMonths(13), ..good.clone() }, "pricing.bad_package_terms"),
            (FreePackageTerms { term_months: u32::MAX, ..good.clone() }, "time.not_a_month"),
        ] {
            assert_eq!(code(terms), code_wanted);
        }
    }
}
