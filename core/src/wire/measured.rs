//! What is measured: guarantees, caps, bandwidth, funds gates, price tables, on demand, measures.

use super::text::{
    DerivationOut, Object, RoundedOut, Show, Shown, Text, all, all_of, money, null_as_default, optional,
};
use crate::{
    error::Error,
    exact::Exact,
    money::{Currency, Money, Ratio, Rounding},
    pricing::{
        BillType, Cap, EachOnce, FundsGate, GatedOrder, Guarantee, MeasuredValue, OnDemand, OnDemandPrice, PriceTable,
        TableRow,
        bandwidth::{BandwidthDay, BandwidthPrice, Classic95, Enhanced95, GuaranteedDays, MonthGuarantee, UsedDays},
    },
    units::{MeasureRow, MeasureTable, Name},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuaranteeCall {
    guaranteed: Text<Decimal>,
    /// Of a whole period; all of it where it is left out.
    share: Option<Text<Exact>>,
    actual: Text<Exact>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct GuaranteeOut {
    bill_type: BillTypeOut,
    bss_bill_type: u32,
    guaranteed: Shown<Exact>,
    charged: RoundedOut,
    derivation: DerivationOut,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum BillTypeOut {
    MinimumGuarantee,
}

impl From<BillType> for BillTypeOut {
    fn from(bill_type: BillType) -> Self {
        match bill_type {
            BillType::MinimumGuarantee => Self::MinimumGuarantee,
        }
    }
}

pub(super) fn guarantee(input: GuaranteeCall) -> Result<GuaranteeOut, Error> {
    let mut guarantee = Guarantee::new(input.guaranteed.read()?)?;
    if let Some(share) = optional(&input.share)? {
        guarantee = guarantee.prorated(share)?;
    }
    let line = guarantee.charge(&input.actual.read()?, input.rounding.read()?)?;
    Ok(GuaranteeOut {
        bill_type: line.bill_type().into(),
        bss_bill_type: line.bill_type().bss_number(),
        guaranteed: line.guaranteed().shown(),
        charged: RoundedOut::of(line.rounded())?,
        derivation: line.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CapCall {
    maximum: Text<Decimal>,
    already_billed: Text<Exact>,
    lines: Vec<Text<Exact>>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct CapOut {
    lines: Vec<CappedLineOut>,
    billed: RoundedOut,
    derivation: DerivationOut,
}

#[derive(Serialize)]
struct CappedLineOut {
    amount: Shown<Exact>,
    discount: Shown<Exact>,
    billed: Shown<Exact>,
}

pub(super) fn cap(input: CapCall) -> Result<CapOut, Error> {
    let cap = Cap::new(input.maximum.read()?)?;
    let capped = cap.apply(&input.already_billed.read()?, &all(&input.lines)?, input.rounding.read()?)?;
    let lines = capped.lines().iter().map(|line| CappedLineOut {
        amount: line.amount().shown(),
        discount: line.discount().shown(),
        billed: line.billed().shown(),
    });
    Ok(CapOut {
        lines: lines.collect(),
        billed: RoundedOut::of(capped.rounded())?,
        derivation: capped.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnhancedCall {
    price: Text<Decimal>,
    days_in_month: u32,
    days: Vec<Object<BandwidthDayIn>>,
    rounding: Text<Rounding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandwidthDayIn {
    day: u32,
    largest_size: Text<Decimal>,
    samples: Vec<Text<Decimal>>,
}

#[derive(Serialize)]
pub(super) struct EnhancedOut {
    peaks: Vec<DayPeakOut>,
    days_used: usize,
    guarantee: Shown<Decimal>,
    mean: Shown<Exact>,
    charged: Shown<Exact>,
    fee: RoundedOut,
    derivation: DerivationOut,
}

#[derive(Serialize)]
struct DayPeakOut {
    day: u32,
    peak: Shown<Decimal>,
    guarantee: Shown<Decimal>,
}

pub(super) fn bandwidth_enhanced(input: EnhancedCall) -> Result<EnhancedOut, Error> {
    let days = all_of(&input.days, |Object(of)| {
        Ok(BandwidthDay { day: of.day, largest_size: of.largest_size.read()?, samples: all(&of.samples)? })
    })?;
    let month = Enhanced95 { days: &days, days_in_month: input.days_in_month, price: input.price.read()? };
    let charge = month.charge(input.rounding.read()?)?;
    let peak = |of: &crate::pricing::bandwidth::DayPeak| DayPeakOut {
        day: of.day,
        peak: of.peak.shown(),
        guarantee: of.guarantee.shown(),
    };
    Ok(EnhancedOut {
        peaks: charge.peaks().iter().map(peak).collect(),
        days_used: charge.days_used(),
        guarantee: charge.guarantee().shown(),
        mean: charge.mean().shown(),
        charged: charge.charged().shown(),
        fee: RoundedOut::of(charge.rounded())?,
        derivation: charge.derivation().into(),
    })
}

/// What one Mbit/s costs, and for which days.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandwidthPriceIn {
    price: Text<Decimal>,
    days_used: u32,
    days_in_month: u32,
}

impl Object<BandwidthPriceIn> {
    fn read(&self) -> Result<BandwidthPrice, Error> {
        let days = UsedDays { used: self.0.days_used, in_month: self.0.days_in_month };
        Ok(BandwidthPrice::new(self.0.price.read()?, days)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassicCall {
    samples: Vec<Text<Decimal>>,
    price: Object<BandwidthPriceIn>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct ClassicOut {
    samples: usize,
    dropped: usize,
    peak: Shown<Decimal>,
    fee: RoundedOut,
    derivation: DerivationOut,
}

pub(super) fn bandwidth_classic(input: ClassicCall) -> Result<ClassicOut, Error> {
    let (samples, price) = (all(&input.samples)?, input.price.read()?);
    let charge = Classic95 { samples: &samples, price }.charge(input.rounding.read()?)?;
    Ok(ClassicOut {
        samples: charge.samples(),
        dropped: charge.dropped(),
        peak: charge.peak().shown(),
        fee: RoundedOut::of(charge.rounded())?,
        derivation: charge.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandwidthFeeCall {
    bandwidth: Text<Exact>,
    price: Object<BandwidthPriceIn>,
    rounding: Text<Rounding>,
}

#[derive(Serialize)]
pub(super) struct BandwidthFeeOut {
    fee: RoundedOut,
    derivation: DerivationOut,
}

pub(super) fn bandwidth_fee(input: BandwidthFeeCall) -> Result<BandwidthFeeOut, Error> {
    let charge = input.price.read()?.charge(&input.bandwidth.read()?, input.rounding.read()?)?;
    Ok(BandwidthFeeOut { fee: RoundedOut::of(charge.rounded())?, derivation: charge.derivation().into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandwidthGuaranteeCall {
    days_in_month: u32,
    days: Vec<Object<GuaranteedDaysIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GuaranteedDaysIn {
    guarantee: Text<Decimal>,
    days: u32,
}

#[derive(Serialize)]
pub(super) struct BandwidthGuaranteeOut {
    guarantee: Shown<Decimal>,
    days_used: u32,
    derivation: DerivationOut,
}

pub(super) fn bandwidth_guarantee(input: BandwidthGuaranteeCall) -> Result<BandwidthGuaranteeOut, Error> {
    let days = all_of(&input.days, |Object(of)| Ok(GuaranteedDays { guarantee: of.guarantee.read()?, days: of.days }))?;
    let month = MonthGuarantee::of(&days, input.days_in_month)?;
    Ok(BandwidthGuaranteeOut {
        guarantee: month.guarantee().shown(),
        days_used: month.days_used(),
        derivation: month.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FundsGateCall {
    gate: GateIn,
    order: OrderIn,
    available: Text<Money>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum GateIn {
    /// A preset.
    Portal,
    Of(Object<GateTermsIn>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GateTermsIn {
    floor: Text<Money>,
    for_each_bucket: Text<Money>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum OrderIn {
    PostPaid(Object<PostPaidIn>),
    Bucket(Object<BucketIn>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostPaidIn {
    day_price: Text<Money>,
    existing: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BucketIn {
    existing: u32,
}

#[derive(Serialize)]
pub(super) struct FundsVerdictOut {
    enough: bool,
    required: Shown<Money>,
    available: Shown<Money>,
    missing: Shown<Money>,
    derivation: DerivationOut,
}

pub(super) fn funds_gate(input: FundsGateCall) -> Result<FundsVerdictOut, Error> {
    let gate = match input.gate {
        GateIn::Portal => FundsGate::PORTAL,
        GateIn::Of(Object(of)) => FundsGate { floor: of.floor.read()?, for_each_bucket: of.for_each_bucket.read()? },
    };
    let order = match input.order {
        OrderIn::PostPaid(Object(of)) => {
            GatedOrder::PostPaid { day_price: of.day_price.read()?, existing: of.existing }
        }
        OrderIn::Bucket(Object(of)) => GatedOrder::Bucket { existing: of.existing },
    };
    let verdict = gate.check(order, input.available.read()?)?;
    Ok(FundsVerdictOut {
        enough: verdict.is_enough(),
        required: money(verdict.required()),
        available: money(verdict.available()),
        missing: money(verdict.missing()),
        derivation: verdict.derivation().into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TablePriceCall {
    table: Object<TableIn>,
    of: EachOnce<String>,
    discount: Option<Text<Ratio>>,
    rounding: Text<Rounding>,
}

/// A table as it stands in a file, in JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableIn {
    currency: Text<Currency>,
    keys: Vec<Text<Name>>,
    rows: Vec<Object<TableRowIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableRowIn {
    of: EachOnce<String>,
    price: Text<Decimal>,
    #[serde(default, deserialize_with = "null_as_default")]
    label: String,
}

impl Object<TableIn> {
    fn read(&self) -> Result<PriceTable, Error> {
        let keys = all(&self.0.keys)?;
        let rows = all_of(&self.0.rows, |Object(row)| {
            Ok(TableRow { of: row.of.in_order(&keys)?, price: row.price.read()?, label: row.label.clone() })
        })?;
        Ok(PriceTable::new(self.0.currency.read()?, keys, rows)?)
    }
}

#[derive(Serialize)]
pub(super) struct TablePriceOut {
    label: String,
    price: Shown<Money>,
    amount: RoundedOut,
    derivation: DerivationOut,
}

pub(super) fn table_price(input: TablePriceCall) -> Result<TablePriceOut, Error> {
    let table = input.table.read()?;
    let price = table.price(&input.of.pairs(), optional(&input.discount)?, input.rounding.read()?)?;
    Ok(TablePriceOut {
        label: price.label().to_owned(),
        price: money(price.price()),
        amount: RoundedOut::of(price.rounded())?,
        derivation: price.derivation().into(),
    })
}

/// A table of measures: a preset, or in full.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum MeasuresIn {
    Bss,
    Of(Object<MeasureTableIn>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureTableIn {
    measures: Vec<Object<MeasureIn>>,
    rows: Vec<Object<MeasureRowIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureIn {
    id: u32,
    name: Text<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureRowIn {
    from: u32,
    to: u32,
    ratio: Text<Decimal>,
}

impl MeasuresIn {
    fn read(&self) -> Result<MeasureTable, Error> {
        let Self::Of(Object(table)) = self else {
            return Ok(MeasureTable::bss()?);
        };
        let measures = all_of(&table.measures, |Object(of)| Ok((of.id, of.name.read()?)))?;
        let rows =
            all_of(&table.rows, |Object(row)| Ok(MeasureRow { from: row.from, to: row.to, ratio: row.ratio.read()? }))?;
        Ok(MeasureTable::new(measures, rows)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConvertMeasureCall {
    measures: MeasuresIn,
    amount: Text<Exact>,
    from: u32,
    to: u32,
}

#[derive(Serialize)]
pub(super) struct ConvertedMeasure {
    amount: Shown<Exact>,
    name: String,
}

pub(super) fn convert_measure(input: ConvertMeasureCall) -> Result<ConvertedMeasure, Error> {
    let measures = input.measures.read()?;
    let amount = measures.convert(&input.amount.read()?, input.from, input.to)?;
    Ok(ConvertedMeasure { amount: amount.shown(), name: measures.name(input.to)?.to_string() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnDemandCall {
    measures: MeasuresIn,
    factor: Text<Name>,
    usage: Object<MeasuredValueIn>,
    size: Option<Object<MeasuredValueIn>>,
    price: Object<OnDemandPriceIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasuredValueIn {
    value: Text<Decimal>,
    measure: u32,
}

impl Object<MeasuredValueIn> {
    fn read(&self) -> Result<MeasuredValue, Error> {
        Ok(MeasuredValue { value: self.0.value.read()?, measure: self.0.measure })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnDemandPriceIn {
    amount: Text<Decimal>,
    usage_measure: u32,
    size_measure: Option<u32>,
}

impl Object<OnDemandPriceIn> {
    fn read(&self) -> Result<OnDemandPrice, Error> {
        let price = OnDemandPrice::new(self.0.amount.read()?, self.0.usage_measure)?;
        Ok(self.0.size_measure.map_or(price, |size| price.for_each(size)))
    }
}

#[derive(Serialize)]
pub(super) struct OnDemandOut {
    factor: String,
    exact: Shown<Exact>,
    shown: Shown<Decimal>,
    charged: Shown<Decimal>,
    truncated: Shown<Decimal>,
    derivation: DerivationOut,
}

pub(super) fn on_demand(input: OnDemandCall) -> Result<OnDemandOut, Error> {
    let asked = OnDemand {
        factor: input.factor.read()?,
        usage: input.usage.read()?,
        size: input.size.map(|size| size.read()).transpose()?,
        price: input.price.read()?,
    };
    let charge = asked.charge(&input.measures.read()?)?;
    Ok(OnDemandOut {
        factor: asked.factor.to_string(),
        exact: charge.exact().shown(),
        shown: charge.shown().shown(),
        charged: charge.charged().shown(),
        truncated: charge.truncated().shown(),
        derivation: charge.derivation().into(),
    })
}
