use super::{Covered, FreePackage, Measured, PackageState, ResetWindow};
use crate::{
    error::{PricingError, TimeError},
    exact::Exact,
    metering::Usage,
    money::{Derivation, Known, Rounded, Rounding, Term},
    pricing::Rate,
    time::{Instant, Period},
    units::Name,
};
use std::collections::BTreeSet;

/// The packages of an owner, each with an id of its own.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packages {
    packages: Vec<FreePackage>,
}

/// A package that may be used at an instant, and its window then.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce<'a> {
    /// The package.
    pub package: &'a FreePackage,
    /// Its current window.
    pub window: ResetWindow,
}

/// What was used, of what and when.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageUse {
    /// Of what.
    pub of: Covered,
    /// When.
    pub at: Instant,
    /// How much.
    pub amount: Measured,
}

/// What to take from which package, what is left over, and what is consumed then.
///
/// Σ taken + excess = usage, checked when the plan is made.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagePlan {
    used: PackageUse,
    taken: Vec<Taken>,
    excess: Measured,
    after: PackageState,
    derivation: Derivation,
}

/// What is taken from one package.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The package.
    pub package: Name,
    /// Its window.
    pub window: ResetWindow,
    /// How much is taken, in the unit of the usage.
    pub amount: Measured,
    /// What is left then, in the unit of the quota.
    pub left: Measured,
}

/// What the excess costs.
///
/// # Rule
/// R-P12
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcessCharge {
    units: Exact,
    amount: Rounded,
    derivation: Derivation,
}

const ABOUT: Term = Term::new("packages", "free packages", "资源包抵扣");
const USED: Term = Term::new("used", "used", "使用量");
const LEFT: Term = Term::new("left", "left of the package", "资源包余量");
const TAKEN: Term = Term::new("taken", "taken", "抵扣量");
const REST: Term = Term::new("rest", "not covered yet", "尚未抵扣");
const EXCESS: Term = Term::new("excess", "excess", "超出量");

const CHARGE: Term = Term::new("excess_charge", "charge of the excess", "超出部分费用");
const UNITS: Term = Term::new("units", "units of the rate", "计价单位数");
const PRICE: Term = Term::new("price", "price", "单价");
const RATED: Term = Term::new("rated", "rated", "计价金额");
const CHARGED: Term = Term::new("charged", "charged", "收取金额");

impl Packages {
    /// Packages in any order.
    ///
    /// # Errors
    /// `pricing.package_twice`.
    pub fn new(packages: impl IntoIterator<Item = FreePackage>) -> Result<Self, PricingError> {
        let packages: Vec<FreePackage> = packages.into_iter().collect();
        let mut seen = BTreeSet::new();
        match packages.iter().find(|package| !seen.insert(package.id())) {
            Some(twice) => Err(PricingError::PackageTwice { package: twice.id().to_string() }),
            None => Ok(Self { packages }),
        }
    }

    /// The packages that are in force at an instant and cover a part, in the order in which they are
    /// consumed: nearest end of the current window, effective time, purchase time, id.
    ///
    /// # Errors
    /// `time.out_of_range` beyond the year 9999.
    ///
    /// # Rule
    /// R-P12
    pub fn order(&self, of: &Covered, at: Instant) -> Result<Vec<InForce<'_>>, TimeError> {
        let mut in_force = Vec::new();
        for package in self.packages.iter().filter(|package| package.covers(of)) {
            if let Some(window) = package.window_at(at)? {
                in_force.push(InForce { package, window });
            }
        }
        in_force.sort_by(|a, b| a.rank().cmp(&b.rank()));
        Ok(in_force)
    }

    /// Takes a usage from the packages that cover it, in their order.
    ///
    /// # Errors
    /// `units.incompatible`, `pricing.time_mismatch` where a package that covers the part counts in
    /// another unit; `pricing.package_overdrawn`; `pricing.units_not_conserved`; `money.overflow`.
    ///
    /// # Rule
    /// R-P12
    pub fn consume(&self, used: &PackageUse, state: &PackageState) -> Result<PackagePlan, PricingError> {
        let mut derivation = Derivation::new("R-P12", ABOUT);
        let usage = derivation.given_of(USED, used.amount.unit_text(), used.amount.amount().clone());
        let (mut rest, mut steps) = (usage.clone(), Vec::new());
        let (mut taken, mut after) = (Vec::new(), state.clone());
        for InForce { package, window } in self.order(&used.of, used.at)? {
            let quota = &package.terms().quota;
            let left = quota.with_amount(state.left(package, window.number)?);
            let left_as_used = left.amount_as(&used.amount)?;
            if rest.value().is_zero() || left_as_used.is_zero() {
                continue;
            }
            let of = package.id().as_str();
            let left_step = derivation.given_of(LEFT, of.to_owned(), left_as_used);
            let step = derivation.smallest(TAKEN, &[&rest, &left_step])?;
            derivation.label(&step, of);
            rest = derivation.difference(REST, &rest, &[&step])?;
            derivation.label(&rest, of);
            let amount = used.amount.with_amount(step.value().reduced()?);
            after.consume(package, window.number, &amount.amount_as(quota)?)?;
            let left = quota.with_amount(after.left(package, window.number)?);
            taken.push(Taken { package: package.id().clone(), window, amount, left });
            steps.push(step);
        }
        let excess = derivation.difference(EXCESS, &usage, &steps.iter().collect::<Vec<_>>())?;
        let excess = used.amount.with_amount(excess.value().reduced()?);
        conserved(&usage, &taken, &rest, &excess)?;
        Ok(PackagePlan { used: used.clone(), taken, excess, after, derivation })
    }
}

impl InForce<'_> {
    /// What is consumed first ranks lowest.
    fn rank(&self) -> (Instant, Instant, Instant, &Name) {
        let terms = self.package.terms();
        (self.window.period.end(), terms.effective, terms.purchased, &terms.id)
    }
}

/// The error, unless Σ taken + excess = usage, and the excess is what no package covered.
fn conserved(usage: &Known, taken: &[Taken], rest: &Known, excess: &Measured) -> Result<(), PricingError> {
    let parts = Exact::sum(taken.iter().map(|of| of.amount.amount()))?.plus(excess.amount())?;
    if parts != *usage.value() || rest.value() != excess.amount() || excess.amount().is_negative() {
        return Err(PricingError::UnitsNotConserved { whole: usage.value().to_string(), parts: parts.to_string() });
    }
    Ok(())
}

impl PackagePlan {
    /// What is taken from each package, in order; nothing of those that have nothing to give.
    pub fn taken(&self) -> &[Taken] {
        &self.taken
    }

    /// What no package covers, in the unit of the usage.
    pub const fn excess(&self) -> &Measured {
        &self.excess
    }

    /// What is consumed once the plan is carried out.
    pub const fn after(&self) -> &PackageState {
        &self.after
    }

    /// How it came about. Values are in the unit of the usage.
    ///
    /// # Rule
    /// R-P15
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }

    /// What the excess costs at a rate.
    ///
    /// # Rounding
    /// Once, at the end.
    ///
    /// # Errors
    /// `units.incompatible`, `pricing.time_mismatch` where the rate counts in another unit;
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P12, R-P3
    pub fn rate_excess(&self, rate: &Rate, rounding: Rounding) -> Result<ExcessCharge, PricingError> {
        let units = self.excess.units_of(rate, self.used.at)?;
        let mut derivation = Derivation::new("R-P12", CHARGE);
        derivation.given_of(EXCESS, self.excess.unit_text(), self.excess.amount().clone());
        let of_rate = derivation.given_of(UNITS, rate.every.unit_text(rate.per), units.clone());
        let rated = match rate.unit_price() {
            Some(price) => {
                let price = derivation.given(PRICE, Exact::from(price));
                derivation.product(RATED, &[&of_rate, &price])?
            }
            None => derivation.given_of(RATED, rate.to_string(), rate.amount(&units)?),
        };
        let (_, amount) = derivation.round(CHARGED, &rated, rounding)?;
        Ok(ExcessCharge { units, amount, derivation })
    }

    /// The excess as a usage of a window, for a [`Tariff`](crate::pricing::Tariff) to rate and explain.
    ///
    /// # Errors
    /// `money.too_many_digits` for an excess that is no multiple of 10⁻²⁸, which no metered usage
    /// leaves; `money.overflow`.
    ///
    /// # Rule
    /// R-P12, R-P15
    pub fn excess_usage(&self, window: Period) -> Result<Usage, PricingError> {
        Ok(Usage::from_parts(window, [self.excess.part_usage(self.used.of.part.clone())?])?)
    }
}

impl ExcessCharge {
    /// How many units of the rate the excess is.
    pub const fn units(&self) -> &Exact {
        &self.units
    }

    /// What it costs.
    pub const fn amount(&self) -> rust_decimal::Decimal {
        self.amount.amount()
    }

    /// What it costs, with its exact value and the remainder.
    pub const fn rounded(&self) -> &Rounded {
        &self.amount
    }

    /// How it came about.
    ///
    /// # Rule
    /// R-P15
    pub const fn derivation(&self) -> &Derivation {
        &self.derivation
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Consumed, Reset,
            terms::tests::{at, package, traffic},
        },
        *,
    };
    use crate::pricing::{Every, RateCard, package::FreePackageTerms};
    use crate::units::Unit;
    use proptest::prelude::*;

    fn packages(terms: &[FreePackageTerms]) -> Packages {
        Packages::new(terms.iter().map(|terms| FreePackage::new(terms.clone()).unwrap())).unwrap()
    }

    fn order(packages: &Packages, date: &str) -> Vec<String> {
        packages.order(&traffic(), at(date)).unwrap().iter().map(|of| of.package.id().to_string()).collect()
    }

    fn used(amount: &str, date: &str) -> PackageUse {
        PackageUse { of: traffic(), at: at(date), amount: amount.parse().unwrap() }
    }

    #[test]
    fn the_nearest_end_of_a_window_goes_first() {
        // R-P12; bss-pkg-01 and -02
        let both = packages(&[
            package("1", "40 GB", "2019-10-10", 12, Reset::EveryMonths(1)),
            package("2", "40 GB", "2019-10-12", 1, Reset::Never),
        ]);
        assert_eq!(order(&both, "2019-10-13"), ["1", "2"]); // 10 November before 12 November
        assert_eq!(order(&both, "2019-11-11"), ["2", "1"]); // 12 November before 10 December
        assert_eq!(order(&both, "2019-10-11"), ["1"]); // the other is not in force yet
        assert_eq!(order(&both, "2019-11-12"), ["1"]); // nor any more
        assert_eq!(order(&both, "2019-10-09"), [""; 0]);
        assert_eq!(order(&both, "2020-10-10"), [""; 0]);
    }

    #[test]
    fn ties_are_broken_by_effective_time_purchase_and_id() {
        // All end on 2020-03-31.
        let early = package("z", "1 GB", "2020-02-29", 1, Reset::Never);
        let late = FreePackageTerms { effective: at("2020-01-29"), term_months: 2, ..early.clone() };
        let first = FreePackageTerms { purchased: at("2020-01-01"), id: "y".parse().unwrap(), ..early.clone() };
        let by_id = FreePackageTerms { id: "a".parse().unwrap(), ..early.clone() };
        let late = FreePackageTerms { id: "longest".parse().unwrap(), ..late };
        let all = packages(&[early, late, first, by_id]);
        assert_eq!(order(&all, "2020-03-01"), ["longest", "y", "a", "z"]);
    }

    #[test]
    fn what_is_taken_and_what_is_left_over_add_up() {
        let both = packages(&[
            package("monthly", "40 GB", "2019-10-10", 12, Reset::EveryMonths(1)),
            package("once", "10 GB", "2019-10-12", 1, Reset::Never),
        ]);
        let state = PackageState::new([Consumed {
            package: "monthly".parse().unwrap(),
            window: 1,
            amount: "35.5".parse().unwrap(),
        }])
        .unwrap();
        let plan = both.consume(&used("20000 MB", "2019-10-13"), &state).unwrap();
        let taken: Vec<_> =
            plan.taken().iter().map(|of| (of.package.as_str(), of.amount.to_string(), of.left.to_string())).collect();
        assert_eq!(taken, [("monthly", "4500 MB".into(), "0 GB".into()), ("once", "10000 MB".into(), "0 GB".into())]);
        assert_eq!(plan.excess().to_string(), "5500 MB");
        let rows: Vec<_> =
            plan.after().rows().map(|row| (row.package.to_string(), row.window, row.amount.to_string())).collect();
        assert_eq!(rows, [("monthly".into(), 1, "40".into()), ("once".into(), 1, "10".into())]);
        assert_eq!(plan.derivation().recompute().unwrap().last().unwrap().to_string(), "5500");
        // In the next window the monthly one is full again; the other is what it was.
        let next = both.consume(&used("50 GB", "2019-11-11"), plan.after()).unwrap();
        assert_eq!((next.taken().len(), next.excess().to_string()), (1, "10 GB".into()));
        assert_eq!(next.after().rows().len(), 3);
    }

    #[test]
    fn over_its_term_a_package_gives_all_that_it_holds() {
        // bss-pkg-03: 40 GB × 12
        for (reset, total) in [(Reset::EveryMonths(1), 480), (Reset::Never, 40)] {
            let one = packages(&[package("p", "40 GB", "2019-10-10", 12, reset)]);
            let (mut state, mut taken) = (PackageState::NOTHING_CONSUMED, Exact::ZERO);
            for month in 0..14 {
                let day = crate::time::plus_months("2019-10-10".parse().unwrap(), month).unwrap();
                let plan = one.consume(&used("1000 GB", &day.to_string()), &state).unwrap();
                taken = plan.taken().iter().fold(taken, |sum, of| sum.plus(of.amount.amount()).unwrap());
                state = plan.after().clone();
            }
            assert_eq!(taken, Exact::from(total));
        }
    }

    #[test]
    fn the_excess_is_rated_by_the_one_engine() {
        let one = packages(&[package("p", "40 GB", "2019-10-10", 12, Reset::Never)]);
        let plan = one.consume(&used("100 GB", "2019-10-13"), &PackageState::NOTHING_CONSUMED).unwrap();
        let rate = Rate::per_unit("0.24".parse().unwrap(), Unit::MB, Every::Once);
        let charge = plan.rate_excess(&rate, Rounding::BSS).unwrap();
        assert_eq!((charge.units().to_string(), charge.amount().to_string()), ("60000".into(), "14400.00".into()));
        let card = RateCard::from_toml(
            "revision = \"1\"\ncurrency = \"CNY\"\nrates = [{ kind = \"cdn\", part = \"traffic\", price = \"0.24\", per = \"MB\", every = \"once\" }]",
        )
        .unwrap();
        let tariff = card.tariff(&traffic().kind, at("2019-10-13")).unwrap();
        let usage = plan.excess_usage(Period::new(at("2019-10-13"), at("2019-10-14")).unwrap()).unwrap();
        assert_eq!(tariff.rate(&usage, Rounding::PORTAL).unwrap().payable(), charge.amount());
        let hourly = Rate::per_unit("1".parse().unwrap(), Unit::GB, Every::Hour);
        assert_eq!(plan.rate_excess(&hourly, Rounding::BSS).unwrap_err().code(), "pricing.time_mismatch");
    }

    #[test]
    fn what_is_timed_is_consumed_by_its_time() {
        let mut terms = package("p", "750 core·hour", "2019-10-10", 1, Reset::Never);
        terms.covers.push(Covered { kind: "server".parse().unwrap(), part: "cpu".parse().unwrap() });
        let of = terms.covers[1].clone();
        let one = packages(&[terms]);
        let used = PackageUse { of, at: at("2019-10-13"), amount: "32 core·day".parse().unwrap() };
        let plan = one.consume(&used, &PackageState::NOTHING_CONSUMED).unwrap();
        assert_eq!(
            (plan.excess().to_string(), plan.taken()[0].amount.to_string()),
            ("0.75 core·day".into(), "31.25 core·day".into())
        );
        let rate = Rate::per_unit("0.066".parse().unwrap(), Unit::Core, Every::Hour);
        assert_eq!(plan.rate_excess(&rate, Rounding::PORTAL).unwrap().amount().to_string(), "1.19"); // 18 × 0.066 = 1.188
    }

    #[test]
    fn faults_are_told() {
        let one = package("p", "40 GB", "2019-10-10", 12, Reset::Never);
        let twice = [one.clone(), one.clone()].map(|terms| FreePackage::new(terms).unwrap());
        assert_eq!(Packages::new(twice).unwrap_err().code(), "pricing.package_twice");
        let packages = packages(&[one]);
        let state = |rows: &[(&str, &str)]| {
            let row = |(package, amount): &(&str, &str)| Consumed {
                package: package.parse().unwrap(),
                window: 1,
                amount: amount.parse().unwrap(),
            };
            PackageState::new(rows.iter().map(row))
        };
        assert_eq!(state(&[("p", "-1")]).unwrap_err().code(), "pricing.negative_units");
        assert_eq!(state(&[("p", "1"), ("p", "1")]).unwrap_err().code(), "pricing.package_state_twice");
        let code = |amount: &str, rows: &[(&str, &str)]| {
            packages
                .consume(&used(amount, "2019-10-13"), &state(rows).unwrap())
                .map(|_| "")
                .unwrap_or_else(|error| error.code())
        };
        assert_eq!(code("1 GB", &[("p", "40")]), "");
        assert_eq!(code("1 GB", &[("p", "40.01")]), "pricing.package_overdrawn");
        assert_eq!(code("1 GB", &[("another", "1000")]), ""); // of a package that is not asked for
        assert_eq!(code("1 GiB", &[]), "units.incompatible");
        assert_eq!(code("1 GB·hour", &[]), "pricing.time_mismatch");
        let other = PackageUse {
            of: Covered { part: "requests".parse().unwrap(), ..traffic() },
            ..used("1 GiB", "2019-10-13")
        };
        let untouched = packages.consume(&other, &PackageState::NOTHING_CONSUMED).unwrap();
        assert_eq!((untouched.taken().len(), untouched.excess().to_string()), (0, "1 GiB".into()));
    }

    /// Walks unit by unit: each one asks all packages anew which of them is next.
    fn unit_by_unit(packages: &[(i64, i64, i64, i64)], usage: i64) -> (Vec<i64>, i64) {
        let (mut left, mut excess) = (packages.iter().map(|of| of.0).collect::<Vec<_>>(), 0);
        for _ in 0..usage {
            let mut next: Option<usize> = None;
            for (candidate, left) in left.iter().enumerate() {
                let key = |place: usize| (packages[place].1, packages[place].2, packages[place].3, place);
                if *left > 0 && next.is_none_or(|best| key(candidate) < key(best)) {
                    next = Some(candidate);
                }
            }
            match next {
                Some(place) => left[place] -= 1,
                None => excess += 1,
            }
        }
        (left, excess)
    }

    proptest! {
        /// Against a model that asks again for each unit, with few months so that ties are many.
        #[test]
        fn as_a_slow_walk_would_consume(
            rows in prop::collection::vec((1..6_i64, 1..4_u32, 0..3_u32, 0..2_i64), 0..5),
            usage in 0..20_i64,
        ) {
            // effective in the first days of January, for months; purchased on the first days of December
            let terms: Vec<FreePackageTerms> = rows.iter().enumerate().map(|(place, (quota, months, day, purchased))| {
                let effective = format!("2024-01-0{}", day + 1);
                let of = package(&format!("p{place}"), &format!("{quota} GB"), &effective, *months, Reset::Never);
                FreePackageTerms { purchased: at(&format!("2023-12-0{}", purchased + 1)), ..of }
            }).collect();
            let model: Vec<(i64, i64, i64, i64)> = rows.iter().map(|(quota, months, day, purchased)| {
                (*quota, i64::from(*months) * 100 + i64::from(*day), i64::from(*day), *purchased)
            }).collect();
            let plan = packages(&terms).consume(&used(&format!("{usage} GB"), "2024-01-10"), &PackageState::NOTHING_CONSUMED).unwrap();
            let (left, excess) = unit_by_unit(&model, usage);
            prop_assert_eq!(plan.excess().amount(), &Exact::from(excess));
            for (place, (left, row)) in left.iter().zip(&rows).enumerate() {
                let consumed = plan.after().consumed(&format!("p{place}").parse().unwrap(), 1);
                prop_assert_eq!(consumed, Exact::from(row.0 - left));
            }
        }
    }
}
