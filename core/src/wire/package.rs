//! Free packages.

use super::{
    pricing::RateIn,
    text::{DerivationOut, Object, PeriodOut, RoundedOut, Show, Shown, Text, Written, all_of, null_as_default},
};
use crate::{
    error::Error,
    exact::Exact,
    metering::{Kind, Part},
    money::{Currency, Rounding},
    pricing::package::{
        Consumed, Covered, ExcessCharge, FreePackage, FreePackageTerms, Measured, PackagePlan, PackageState,
        PackageUse, Packages, Reset, ResetWindow, Taken,
    },
    time::{Instant, Zone},
    units::Name,
};
use serde::{Deserialize, Serialize};

impl Written for Measured {
    const IS_NUMBER: bool = true;

    fn written(text: &str) -> Result<Self, Error> {
        Ok(text.parse::<Self>()?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoveredIn {
    kind: Text<Kind>,
    part: Text<Part>,
}

impl Object<CoveredIn> {
    fn read(&self) -> Result<Covered, Error> {
        Ok(Covered { kind: self.0.kind.read()?, part: self.0.part.read()? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageIn {
    id: Text<Name>,
    covers: Vec<Object<CoveredIn>>,
    quota: Text<Measured>,
    effective: Text<Instant>,
    purchased: Text<Instant>,
    term_months: u32,
    reset: ResetIn,
    zone: Text<Zone>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum ResetIn {
    Never,
    EveryMonths(u32),
}

impl Object<PackageIn> {
    fn read(&self) -> Result<FreePackage, Error> {
        let of = &self.0;
        Ok(FreePackage::new(FreePackageTerms {
            id: of.id.read()?,
            covers: all_of(&of.covers, Object::<CoveredIn>::read)?,
            quota: of.quota.read()?,
            effective: of.effective.read()?,
            purchased: of.purchased.read()?,
            term_months: of.term_months,
            reset: match of.reset {
                ResetIn::Never => Reset::Never,
                ResetIn::EveryMonths(months) => Reset::EveryMonths(months),
            },
            zone: of.zone.read()?,
        })?)
    }
}

fn packages(packages: &[Object<PackageIn>]) -> Result<Packages, Error> {
    Ok(Packages::new(all_of(packages, Object::<PackageIn>::read)?)?)
}

#[derive(Serialize)]
struct WindowOut {
    number: u64,
    period: PeriodOut,
}

impl From<ResetWindow> for WindowOut {
    fn from(window: ResetWindow) -> Self {
        Self { number: window.number, period: window.period.into() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderCall {
    packages: Vec<Object<PackageIn>>,
    of: Object<CoveredIn>,
    at: Text<Instant>,
}

#[derive(Serialize)]
pub(super) struct OrderOut {
    order: Vec<InForceOut>,
}

#[derive(Serialize)]
struct InForceOut {
    package: String,
    window: WindowOut,
}

pub(super) fn order(input: OrderCall) -> Result<OrderOut, Error> {
    let packages = packages(&input.packages)?;
    let order = packages.order(&input.of.read()?, input.at.read()?)?;
    let shown = order.iter().map(|of| InForceOut { package: of.package.id().to_string(), window: of.window.into() });
    Ok(OrderOut { order: shown.collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuotaCall {
    package: Object<PackageIn>,
}

#[derive(Serialize)]
pub(super) struct QuotaOut {
    term: PeriodOut,
    windows: u32,
    quota: String,
    total: String,
}

pub(super) fn quota(input: QuotaCall) -> Result<QuotaOut, Error> {
    let package = input.package.read()?;
    Ok(QuotaOut {
        term: package.term().into(),
        windows: package.windows(),
        quota: package.terms().quota.to_string(),
        total: package.total_quota()?.to_string(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsumeCall {
    packages: Vec<Object<PackageIn>>,
    /// What was consumed so far; nothing where it is left out.
    #[serde(default, deserialize_with = "null_as_default")]
    consumed: Vec<Object<ConsumedIn>>,
    used: Object<UseIn>,
    /// What the excess is rated with.
    rated: Option<Object<RatedIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsumedIn {
    package: Text<Name>,
    window: u64,
    amount: Text<Exact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UseIn {
    kind: Text<Kind>,
    part: Text<Part>,
    at: Text<Instant>,
    amount: Text<Measured>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RatedIn {
    currency: Text<Currency>,
    rate: RateIn,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct ConsumeOut {
    taken: Vec<TakenOut>,
    excess: String,
    consumed: Vec<ConsumedOut>,
    derivation: DerivationOut,
    charge: Option<ChargeOut>,
}

#[derive(Serialize)]
struct TakenOut {
    package: String,
    window: WindowOut,
    amount: String,
    left: String,
}

impl From<&Taken> for TakenOut {
    fn from(taken: &Taken) -> Self {
        Self {
            package: taken.package.to_string(),
            window: taken.window.into(),
            amount: taken.amount.to_string(),
            left: taken.left.to_string(),
        }
    }
}

#[derive(Serialize)]
struct ConsumedOut {
    package: String,
    window: u64,
    amount: Shown<Exact>,
}

#[derive(Serialize)]
struct ChargeOut {
    units: Shown<Exact>,
    amount: RoundedOut,
    derivation: DerivationOut,
}

impl ChargeOut {
    fn of(charge: &ExcessCharge) -> Result<Self, Error> {
        Ok(Self {
            units: charge.units().shown(),
            amount: RoundedOut::of(charge.rounded())?,
            derivation: charge.derivation().into(),
        })
    }
}

impl Object<RatedIn> {
    fn charge(&self, plan: &PackagePlan) -> Result<ChargeOut, Error> {
        let entry = self.0.rate.0.read(self.0.currency.read()?)?;
        ChargeOut::of(&plan.rate_excess(&entry.rate, self.0.rounding.read()?)?)
    }
}

pub(super) fn consume(input: ConsumeCall) -> Result<ConsumeOut, Error> {
    let packages = packages(&input.packages)?;
    let state = PackageState::new(all_of(&input.consumed, |Object(row)| {
        Ok(Consumed { package: row.package.read()?, window: row.window, amount: row.amount.read()? })
    })?)?;
    let Object(used) = input.used;
    let used = PackageUse {
        of: Covered { kind: used.kind.read()?, part: used.part.read()? },
        at: used.at.read()?,
        amount: used.amount.read()?,
    };
    let plan = packages.consume(&used, &state)?;
    let consumed = plan.after().rows().map(|row| ConsumedOut {
        package: row.package.to_string(),
        window: row.window,
        amount: row.amount.shown(),
    });
    Ok(ConsumeOut {
        taken: plan.taken().iter().map(TakenOut::from).collect(),
        excess: plan.excess().to_string(),
        consumed: consumed.collect(),
        derivation: plan.derivation().into(),
        charge: input.rated.map(|rated| rated.charge(&plan)).transpose()?,
    })
}
