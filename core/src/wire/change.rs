use super::text::{
    DerivationOut, Object, PeriodIn, PeriodOut, RoundedOut, Show, Shown, Text, Word, all, all_of, optional,
};
use crate::{
    error::Error,
    exact::Exact,
    money::{Ratio, Rounding},
    pricing::change::{
        Basis, Change, ChangeCost, ChangeTerms, Counts, CountsBy, Downgrade, Due, Fee, FeeTable, Legs, Months,
        OrderTerm, Paid, PaidPlan, PartOfMonth, PlanCycle, PlanValue, Refund, RefundPolicy, Remaining, Subscription,
        to_month_end,
    },
    time::{Instant, Zone},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What remains, from days that are known or from the calendar.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RemainingIn {
    Days(Vec<Object<PartIn>>),
    Period(Object<OfPeriod>),
    Order(Object<OfOrder>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartIn {
    days: Text<Exact>,
    of: Text<Exact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfPeriod {
    period: Object<PeriodIn>,
    months: MonthsIn,
    zone: Text<Zone>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfOrder {
    order: Object<PeriodIn>,
    at: Text<Instant>,
    months: MonthsIn,
    zone: Text<Zone>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum MonthsIn {
    Natural,
    Anchored(Text<Instant>),
    #[serde(rename = "fixed_30")]
    Fixed30,
    ThirtyDays,
}

impl MonthsIn {
    fn read(&self) -> Result<Months, Error> {
        Ok(match self {
            Self::Natural => Months::Natural,
            Self::Anchored(anchor) => Months::Anchored { anchor: anchor.read()? },
            Self::Fixed30 => Months::Fixed30,
            Self::ThirtyDays => Months::ThirtyDays,
        })
    }
}

impl RemainingIn {
    fn read(&self) -> Result<Remaining, Error> {
        Ok(match self {
            Self::Days(parts) => {
                let part =
                    |Object(part): &Object<PartIn>| Ok(PartOfMonth { days: part.days.read()?, of: part.of.read()? });
                Remaining::of_days(all_of(parts, part)?)?
            }
            Self::Period(Object(OfPeriod { period, months, zone })) => {
                Remaining::of_period(period.read()?, months.read()?, zone.read()?)?
            }
            Self::Order(Object(OfOrder { order, at, months, zone })) => {
                Remaining::of_order(order.read()?, at.read()?, months.read()?, zone.read()?)?
            }
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemainingCall {
    remaining: RemainingIn,
}

#[derive(Serialize)]
pub(super) struct RemainingOut {
    months: Shown<Exact>,
    /// From when to when it counts; none of days that were given.
    counted: Option<PeriodOut>,
}

impl From<&Remaining> for RemainingOut {
    fn from(remaining: &Remaining) -> Self {
        Self { months: remaining.months().shown(), counted: remaining.counted().map(PeriodOut::from) }
    }
}

pub(super) fn remaining_months(input: RemainingCall) -> Result<RemainingOut, Error> {
    Ok(RemainingOut::from(&input.remaining.read()?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeCall {
    change: ChangeIn,
    remaining: RemainingIn,
    /// No discount where it is left out.
    discount: Option<Text<Decimal>>,
    downgrade: DowngradeIn,
    legs: LegsIn,
    rounding: Text<Rounding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChangeIn {
    Price(Object<Prices>),
    Amount(Object<Amounts>),
    Expansion(Object<Expansion>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prices {
    old: Text<Decimal>,
    new: Text<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amounts {
    old: Text<Decimal>,
    new: Text<Decimal>,
    price: Text<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expansion {
    by: Text<Decimal>,
    price: Text<Decimal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum DowngradeIn {
    Refund,
    Refuse,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum LegsIn {
    Net,
    Each,
}

impl ChangeIn {
    fn read(&self) -> Result<Change, Error> {
        Ok(match self {
            Self::Price(Object(Prices { old, new })) => Change::Price { old: old.read()?, new: new.read()? },
            Self::Amount(Object(Amounts { old, new, price })) => {
                Change::Amount { old: old.read()?, new: new.read()?, price: price.read()? }
            }
            Self::Expansion(Object(Expansion { by, price })) => Change::expansion(by.read()?, price.read()?),
        })
    }
}

/// A ratio that may be left out: all of it.
fn ratio(text: &Option<Text<Decimal>>) -> Result<Ratio, Error> {
    Ok(optional(text)?.map(Ratio::new).transpose()?.unwrap_or(Ratio::ONE))
}

#[derive(Serialize)]
pub(super) struct ChangeOut {
    /// Below zero where money is given back.
    payable: RoundedOut,
    due: DueOut,
    /// Only where each leg is rounded.
    credit: Option<RoundedOut>,
    charge: Option<RoundedOut>,
    remaining: RemainingOut,
    derivation: DerivationOut,
}

/// Which way the money goes.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum DueOut {
    Pay,
    Refund,
    Nothing,
}

pub(super) fn change_specification(input: ChangeCall) -> Result<ChangeOut, Error> {
    let remaining = input.remaining.read()?;
    let terms = ChangeTerms {
        discount: ratio(&input.discount)?,
        downgrade: match input.downgrade {
            DowngradeIn::Refund => Downgrade::Refund,
            DowngradeIn::Refuse => Downgrade::Refuse,
        },
        legs: match input.legs {
            LegsIn::Net => Legs::Net,
            LegsIn::Each => Legs::Each,
        },
        rounding: input.rounding.read()?,
    };
    let cost: ChangeCost = input.change.read()?.cost(&remaining, terms)?;
    Ok(ChangeOut {
        payable: RoundedOut::of(cost.rounded())?,
        due: match cost.due() {
            Due::Pay(_) => DueOut::Pay,
            Due::Refund(_) => DueOut::Refund,
            Due::Nothing => DueOut::Nothing,
        },
        credit: cost.credit().map(RoundedOut::of).transpose()?,
        charge: cost.charge().map(RoundedOut::of).transpose()?,
        remaining: RemainingOut::from(&remaining),
        derivation: cost.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanIn {
    cycles: Vec<Object<CycleIn>>,
    zone: Text<Zone>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CycleIn {
    period: Object<PeriodIn>,
    price: Text<Decimal>,
}

impl Object<PlanIn> {
    fn read(&self) -> Result<PaidPlan, Error> {
        let cycle = |Object(cycle): &Object<CycleIn>| {
            Ok(PlanCycle { period: cycle.period.read()?, price: cycle.price.read()? })
        };
        Ok(PaidPlan::new(all_of(&self.0.cycles, cycle)?, self.0.zone.read()?)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanCall {
    plan: Object<PlanIn>,
    now: Text<Instant>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct PlanOut {
    remaining: RoundedOut,
    derivation: DerivationOut,
}

pub(super) fn plan_remaining(input: PlanCall) -> Result<PlanOut, Error> {
    let value: PlanValue = input.plan.read()?.remaining(input.now.read()?, input.rounding.read()?)?;
    Ok(PlanOut { remaining: RoundedOut::of(value.rounded())?, derivation: value.derivation().into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SwitchCall {
    plan: Object<PlanIn>,
    price: Text<Decimal>,
    now: Text<Instant>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct SwitchOut {
    payment: Shown<Decimal>,
    remaining: RoundedOut,
    derivation: DerivationOut,
}

pub(super) fn switch_plan(input: SwitchCall) -> Result<SwitchOut, Error> {
    let switch = input.plan.read()?.switch(input.price.read()?, input.now.read()?, input.rounding.read()?)?;
    Ok(SwitchOut {
        payment: switch.payment().shown(),
        remaining: RoundedOut::of(switch.remaining())?,
        derivation: switch.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CancelCall {
    plan: Object<PlanIn>,
    /// The share of what is left that is given back.
    given_back: Text<Decimal>,
    now: Text<Instant>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct CancelOut {
    refund: RoundedOut,
    derivation: DerivationOut,
}

pub(super) fn cancel_plan(input: CancelCall) -> Result<CancelOut, Error> {
    let given_back = Ratio::new(input.given_back.read()?)?;
    let value = input.plan.read()?.cancel(given_back, input.now.read()?, input.rounding.read()?)?;
    Ok(CancelOut { refund: RoundedOut::of(value.rounded())?, derivation: value.derivation().into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubscriptionIn {
    period: Object<PeriodIn>,
    /// When it was bought, where that is before its start.
    purchased: Option<Text<Instant>>,
    zone: Text<Zone>,
}

impl Object<SubscriptionIn> {
    fn read(&self) -> Result<Subscription, Error> {
        let order = Subscription::new(self.0.period.read()?, self.0.zone.read()?);
        Ok(match optional(&self.0.purchased)? {
            Some(at) => order.purchased(at)?,
            None => order,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ByIn {
    Hours,
    Days,
}

impl From<&ByIn> for CountsBy {
    fn from(by: &ByIn) -> Self {
        match by {
            ByIn::Hours => Self::Hours,
            ByIn::Days => Self::Days,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UsedCall {
    order: Object<SubscriptionIn>,
    at: Text<Instant>,
    by: ByIn,
}

#[derive(Serialize)]
pub(super) struct UsedOut {
    used: Shown<Exact>,
    ordered: Shown<Exact>,
    /// The year of use, from 1.
    year: u32,
}

pub(super) fn used_of_order(input: UsedCall) -> Result<UsedOut, Error> {
    let (order, at) = (input.order.read()?, input.at.read()?);
    let counts = order.counts(at, CountsBy::from(&input.by))?;
    Ok(UsedOut { used: counts.used().shown(), ordered: counts.ordered().shown(), year: order.year_of_use(at)? })
}

/// A table of fees: the preset, or rows.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TableIn {
    BssIntl,
    Rows(Vec<Object<RowIn>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowIn {
    term: String,
    ratios: Vec<Text<Decimal>>,
}

impl TableIn {
    fn read(&self) -> Result<FeeTable, Error> {
        let Self::Rows(rows) = self else { return Ok(FeeTable::bss_intl()) };
        let row = |Object(RowIn { term, ratios }): &Object<RowIn>| {
            let ratios: Vec<Ratio> = all(ratios)?.into_iter().map(Ratio::new).collect::<Result<_, _>>()?;
            Ok((term.parse::<OrderTerm>()?, ratios))
        };
        Ok(FeeTable::new(all_of(rows, row)?)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnsubscribeCall {
    paid: Text<Decimal>,
    /// What of it was paid by vouchers.
    vouchers: Option<Text<Decimal>>,
    of: UnsubscribedIn,
    rounding: Text<Rounding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum UnsubscribedIn {
    /// Counts that are known, and the share of the fee.
    Counts(Object<CountsIn>),
    /// An order by its dates, and what it is refunded by.
    Order(Object<OrderIn>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountsIn {
    used: Text<Exact>,
    ordered: Text<Exact>,
    fee: Text<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderIn {
    order: Object<SubscriptionIn>,
    at: Text<Instant>,
    by: ByIn,
    fee: FeeIn,
    in_full_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FeeIn {
    Share(Text<Decimal>),
    Table(Object<FeeOfTable>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeeOfTable {
    table: TableIn,
    term: String,
}

impl FeeIn {
    fn read(&self) -> Result<Fee, Error> {
        Ok(match self {
            Self::Share(share) => Fee::Share(Ratio::new(share.read()?)?),
            Self::Table(Object(FeeOfTable { table, term })) => Fee::Table { table: table.read()?, term: term.parse()? },
        })
    }
}

#[derive(Serialize)]
pub(super) struct RefundOut {
    refund: RoundedOut,
    basis: Word<Basis>,
    /// Without vouchers.
    paid: Shown<Exact>,
    consumed: Shown<Exact>,
    fee: Shown<Exact>,
    /// What consumption and fee come to beyond what was paid.
    uncovered: Shown<Exact>,
    derivation: DerivationOut,
}

pub(super) fn unsubscribe(input: UnsubscribeCall) -> Result<RefundOut, Error> {
    let rounding = input.rounding.read()?;
    let mut paid = Paid::new(input.paid.read()?)?;
    if let Some(vouchers) = optional(&input.vouchers)? {
        paid = paid.by_vouchers(vouchers)?;
    }
    let refund: Refund = match &input.of {
        UnsubscribedIn::Counts(Object(CountsIn { used, ordered, fee })) => {
            let counts = Counts::new(used.read()?, ordered.read()?)?;
            paid.refund(&counts, Ratio::new(fee.read()?)?, rounding)?
        }
        UnsubscribedIn::Order(Object(OrderIn { order, at, by, fee, in_full_days })) => {
            let policy = RefundPolicy { by: by.into(), fee: fee.read()?, in_full_days: *in_full_days, rounding };
            order.read()?.refund(paid, at.read()?, &policy)?
        }
    };
    Ok(RefundOut {
        refund: RoundedOut::of(refund.rounded())?,
        basis: Word(refund.basis()),
        paid: refund.paid().shown(),
        consumed: refund.consumed().shown(),
        fee: refund.fee().shown(),
        uncovered: refund.uncovered().shown(),
        derivation: refund.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeeCall {
    paid: Text<Decimal>,
    table: TableIn,
    term: String,
    year: u32,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct FeeOut {
    fee: RoundedOut,
    ratio: Shown<Exact>,
    derivation: DerivationOut,
}

pub(super) fn handling_fee(input: FeeCall) -> Result<FeeOut, Error> {
    let (table, term) = (input.table.read()?, input.term.parse()?);
    let fee = table.fee(input.paid.read()?, term, input.year, input.rounding.read()?)?;
    Ok(FeeOut { fee: RoundedOut::of(fee.rounded())?, ratio: fee.ratio().shown(), derivation: fee.derivation().into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MonthEndCall {
    price: Text<Decimal>,
    at: Text<Instant>,
    zone: Text<Zone>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct MonthEndOut {
    payable: RoundedOut,
    derivation: DerivationOut,
}

pub(super) fn month_end(input: MonthEndCall) -> Result<MonthEndOut, Error> {
    let (at, zone) = (input.at.read()?, input.zone.read()?);
    let paid = to_month_end(input.price.read()?, at, zone, input.rounding.read()?)?;
    Ok(MonthEndOut { payable: RoundedOut::of(paid.rounded())?, derivation: paid.derivation().into() })
}
