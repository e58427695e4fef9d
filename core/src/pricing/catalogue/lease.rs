use crate::{
    error::PricingError,
    exact::Exact,
    money::{Derivation, Term},
};

/// Units that are leased out, and units that are locked for somebody.
///
/// # Examples
/// ```
/// use counterfoil::exact::RoundingMode;
/// use counterfoil::pricing::{Lease, Locked};
///
/// let rates = Lease::new(15)?.leased(6)?.locked(2)?.rates(Locked::IsNotIdle)?;
/// let shown = |rate: &counterfoil::exact::Exact| rate.round_digits(6, RoundingMode::HalfUp).map(|rate| rate.to_string());
/// assert_eq!(shown(rates.idle())?, "0.466667"); // (15 − 6 − 2) ÷ 15
/// assert_eq!(shown(rates.leased())?, "0.400000");
/// # Ok::<(), counterfoil::error::PricingError>(())
/// ```
///
/// # Rule
/// R-P17
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    total: u32,
    leased: u32,
    locked: u32,
}

/// Whether a locked unit counts as idle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locked {
    /// Nobody pays for it: it is idle.
    IsIdle,
    /// Nobody else can have it: it is not.
    IsNotIdle,
}

/// The shares of units that are idle and that are leased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRates {
    idle: Exact,
    leased: Exact,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("lease_rates", "lease rates", "租用率");
const TOTAL: Term = Term::new("total", "all units", "总数");
const LEASED: Term = Term::new("leased", "leased units", "已租");
const LOCKED: Term = Term::new("locked", "locked units", "已锁定");
const IDLE: Term = Term::new("idle", "idle units", "空闲");
const IDLE_RATE: Term = Term::new("idle_rate", "idle rate", "空闲率");
const LEASED_RATE: Term = Term::new("leased_rate", "leased rate", "出租率");

impl Lease {
    /// So many units, all of them idle.
    ///
    /// # Errors
    /// `pricing.no_units` of none: no share of them is any.
    pub fn new(total: u32) -> Result<Self, PricingError> {
        if total == 0 {
            return Err(PricingError::NoUnits {});
        }
        Ok(Self { total, leased: 0, locked: 0 })
    }

    /// The same where so many are leased out.
    ///
    /// # Errors
    /// `pricing.over_leased` where more are leased and locked than there are.
    pub fn leased(self, leased: u32) -> Result<Self, PricingError> {
        Self { leased, ..self }.checked()
    }

    /// The same where so many others are locked.
    ///
    /// # Errors
    /// As [`leased`](Self::leased).
    pub fn locked(self, locked: u32) -> Result<Self, PricingError> {
        Self { locked, ..self }.checked()
    }

    /// The shares, exactly.
    ///
    /// # Rounding
    /// None.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P17
    pub fn rates(self, locked: Locked) -> Result<LeaseRates, PricingError> {
        let mut derivation = Derivation::new("R-P17", ABOUT);
        let mut given = |term, count: u32| derivation.given(term, Exact::from(i64::from(count)));
        let total = given(TOTAL, self.total);
        let leased = given(LEASED, self.leased);
        let others = given(LOCKED, self.locked);
        let idle = match locked {
            Locked::IsIdle => derivation.difference(IDLE, &total, &[&leased])?,
            Locked::IsNotIdle => derivation.difference(IDLE, &total, &[&leased, &others])?,
        };
        let idle_rate = derivation.share(IDLE_RATE, &[&idle], &total)?;
        let leased_rate = derivation.share(LEASED_RATE, &[&leased], &total)?;
        Ok(LeaseRates { idle: idle_rate.value().clone(), leased: leased_rate.value().clone(), derivation })
    }

    fn checked(self) -> Result<Self, PricingError> {
        match self.leased.checked_add(self.locked) {
            Some(taken) if taken <= self.total => Ok(self),
            _ => Err(PricingError::OverLeased { leased: self.leased, locked: self.locked, total: self.total }),
        }
    }
}

impl LeaseRates {
    /// The share that is idle.
    pub const fn idle(&self) -> &Exact {
        &self.idle
    }

    /// The share that is leased.
    pub const fn leased(&self) -> &Exact {
        &self.leased
    }

    /// How they came about.
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_rule() {
        let lease = Lease::new(15).and_then(|lease| lease.leased(6)).and_then(|lease| lease.locked(2)).unwrap();
        let rates = |locked| {
            let rates = lease.rates(locked).unwrap();
            assert_eq!(rates.derivation().recompute().unwrap().last(), Some(rates.leased()));
            (rates.idle().to_string(), rates.leased().to_string())
        };
        assert_eq!(rates(Locked::IsNotIdle), ("7/15".to_owned(), "0.4".to_owned()));
        assert_eq!(rates(Locked::IsIdle), ("0.6".to_owned(), "0.4".to_owned()));
        assert_eq!(Lease::new(0).unwrap_err().code(), "pricing.no_units");
        assert_eq!(lease.locked(9).unwrap().rates(Locked::IsNotIdle).unwrap().idle(), &Exact::ZERO);
        assert_eq!(lease.locked(10).unwrap_err().code(), "pricing.over_leased");
        assert_eq!(lease.leased(u32::MAX).unwrap_err().code(), "pricing.over_leased");
    }
}
