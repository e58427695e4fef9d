use super::FreePackage;
use crate::{error::PricingError, exact::Exact, units::Name};
use std::collections::BTreeMap;

/// What was consumed of a package in one of its windows, in the unit of its quota.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumed {
    /// The package.
    pub package: Name,
    /// The number of the window, from 1.
    pub window: u64,
    /// How much, in the unit of the package's quota.
    pub amount: Exact,
}

/// What was consumed of all packages so far: an input of a plan and, afterwards, its output.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageState {
    consumed: BTreeMap<(Name, u64), Exact>,
}

impl PackageState {
    /// Nothing was consumed.
    pub const NOTHING_CONSUMED: Self = Self { consumed: BTreeMap::new() };

    /// What was consumed, in any order.
    ///
    /// # Errors
    /// `pricing.package_state_twice`; `pricing.negative_units`.
    pub fn new(rows: impl IntoIterator<Item = Consumed>) -> Result<Self, PricingError> {
        let mut consumed = BTreeMap::new();
        for Consumed { package, window, amount } in rows {
            if amount.is_negative() {
                return Err(PricingError::NegativeUnits { units: amount.to_string() });
            }
            if consumed.insert((package.clone(), window), amount).is_some() {
                return Err(PricingError::PackageStateTwice { package: package.to_string(), window });
            }
        }
        Ok(Self { consumed })
    }

    /// The rows, by package and window.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Consumed> {
        self.consumed.iter().map(|((package, window), amount)| Consumed {
            package: package.clone(),
            window: *window,
            amount: amount.clone(),
        })
    }

    /// How much was consumed of a package in a window.
    pub fn consumed(&self, package: &Name, window: u64) -> Exact {
        self.consumed.get(&(package.clone(), window)).cloned().unwrap_or(Exact::ZERO)
    }

    /// What is left of a package in a window.
    ///
    /// # Errors
    /// `pricing.package_overdrawn` where more was consumed than it holds; `money.overflow`.
    pub fn left(&self, package: &FreePackage, window: u64) -> Result<Exact, PricingError> {
        let (consumed, quota) = (self.consumed(package.id(), window), &package.terms().quota);
        if consumed > *quota.amount() {
            return Err(PricingError::PackageOverdrawn {
                package: package.id().to_string(),
                window,
                consumed: quota.with_amount(consumed).to_string(),
                quota: quota.to_string(),
            });
        }
        Ok(quota.amount().minus(&consumed)?.reduced()?)
    }

    /// The same state after more was consumed.
    pub(super) fn consume(&mut self, package: &FreePackage, window: u64, amount: &Exact) -> Result<(), PricingError> {
        let sum = self.consumed(package.id(), window).plus(amount)?.reduced()?;
        self.consumed.insert((package.id().clone(), window), sum);
        self.left(package, window).map(|_| ()) // what was taken was there
    }
}
