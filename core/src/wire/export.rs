//! Bills and their identities, the export in the FOCUS format, and settlement with a provider.

use super::text::{
    DerivationOut, Object, PeriodIn, RoundedOut, Show, Shown, Text, Word, all_of, money, null_as_default, optional,
};
use crate::{
    error::{Error, Language, StatementError, WireError},
    exact::Exact,
    money::{Currency, Money, Ratio, Rounding},
    pricing::discount::RowMode,
    statement::{
        BillFacts, BillSign, BillSource, BillSources, BillSums, BillType, LeftOut, ProviderBill, SettledKind,
        SettledTerms, SettlementBooks, SettlementOrder, check_bills as check_rows,
        focus::{
            self, BillingPeriodState, Corrected, FocusAccount, FocusBilling, FocusCharge, FocusColumn, FocusFact,
            FocusFault, FocusFile, FocusInvoice, FocusResource, FocusRow, FocusRule, KeyValues, MeteredLine,
            PurchaseCovers, PurchaseFrequency, Purchased, RefundOf, Refunded, ServiceSubcategory,
        },
        settle as settle_bills,
    },
    units::{Name, TimeUnit, Unit},
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BillTypesCall {
    /// Only the type of this number.
    number: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct BillTypesOut {
    types: Vec<BillTypeOut>,
}

#[derive(Serialize)]
#[serde(rename = "BillTypeRow")]
struct BillTypeOut {
    number: u32,
    name: Word<BillType>,
    sign: Word<BillSign>,
}

impl From<BillType> for BillTypeOut {
    fn from(bill_type: BillType) -> Self {
        Self { number: bill_type.number(), name: Word(bill_type), sign: Word(bill_type.sign()) }
    }
}

pub(super) fn bill_types(input: BillTypesCall) -> Result<BillTypesOut, Error> {
    let types = match input.number {
        Some(number) => vec![BillType::from_number(number)?.into()],
        None => BillType::all().map(BillTypeOut::from).collect(),
    };
    Ok(BillTypesOut { types })
}

/// A row of a bill; what is left out of its sources is zero.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BillIn {
    id: String,
    #[serde(rename = "type")]
    type_number: u32,
    currency: Text<Currency>,
    official: Text<Decimal>,
    discount: Text<Decimal>,
    truncated: Text<Decimal>,
    consumed: Text<Decimal>,
    amount: Text<Decimal>,
    sources: Object<SourcesIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourcesIn {
    cash: Option<Text<Decimal>>,
    credit: Option<Text<Decimal>>,
    voucher: Option<Text<Decimal>>,
    cash_coupon: Option<Text<Decimal>>,
    stored_card: Option<Text<Decimal>>,
    bonus: Option<Text<Decimal>>,
    debt: Option<Text<Decimal>>,
    adjustment: Option<Text<Decimal>>,
}

impl Object<BillIn> {
    fn read(&self) -> Result<BillFacts, Error> {
        let Self(row) = self;
        let or_zero = |text: &Option<Text<Decimal>>| Ok::<_, Error>(optional(text)?.unwrap_or_default());
        let Object(sources) = &row.sources;
        Ok(BillFacts {
            id: row.id.clone(),
            type_number: row.type_number,
            currency: row.currency.read()?,
            official: row.official.read()?,
            discount: row.discount.read()?,
            truncated: row.truncated.read()?,
            consumed: row.consumed.read()?,
            amount: row.amount.read()?,
            sources: BillSources {
                cash: or_zero(&sources.cash)?,
                credit: or_zero(&sources.credit)?,
                voucher: or_zero(&sources.voucher)?,
                cash_coupon: or_zero(&sources.cash_coupon)?,
                stored_card: or_zero(&sources.stored_card)?,
                bonus: or_zero(&sources.bonus)?,
                debt: or_zero(&sources.debt)?,
                adjustment: or_zero(&sources.adjustment)?,
            },
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckBillsCall {
    rows: Vec<Object<BillIn>>,
}

#[derive(Serialize)]
pub(super) struct CheckedBillsOut {
    good: Vec<GoodBillOut>,
    faulty: Vec<FaultyBillOut>,
    sums: Vec<BillSumsOut>,
}

#[derive(Serialize)]
struct GoodBillOut {
    id: String,
    #[serde(rename = "type")]
    bill_type: Word<BillType>,
    amount_less_vouchers: Shown<Decimal>,
}

#[derive(Serialize)]
struct FaultyBillOut {
    index: usize,
    id: String,
    faults: Vec<FaultOut>,
}

#[derive(Serialize)]
struct FaultOut {
    error: ErrorOut,
}

#[derive(Serialize)]
struct ErrorOut {
    code: &'static str,
    message: String,
    message_zh: String,
    details: BTreeMap<&'static str, String>,
}

impl From<&StatementError> for FaultOut {
    fn from(error: &StatementError) -> Self {
        Self {
            error: ErrorOut {
                code: error.code(),
                message: error.message(Language::English),
                message_zh: error.message(Language::Chinese),
                details: error.details().into_iter().collect(),
            },
        }
    }
}

#[derive(Serialize)]
struct BillSumsOut {
    #[serde(rename = "type")]
    bill_type: Word<BillType>,
    currency: String,
    rows: usize,
    official: Shown<Decimal>,
    discount: Shown<Decimal>,
    truncated: Shown<Decimal>,
    consumed: Shown<Decimal>,
    amount: Shown<Decimal>,
    sources: BTreeMap<&'static str, Shown<Decimal>>,
}

impl BillSumsOut {
    fn of((bill_type, currency): (BillType, Currency), sums: &BillSums) -> Self {
        let sources = BillSource::ALL.map(|source| (source.name(), sums.sources.get(source).shown()));
        Self {
            bill_type: Word(bill_type),
            currency: currency.to_string(),
            rows: sums.rows,
            official: sums.official.shown(),
            discount: sums.discount.shown(),
            truncated: sums.truncated.shown(),
            consumed: sums.consumed.shown(),
            amount: sums.amount.shown(),
            sources: sources.into_iter().collect(),
        }
    }
}

pub(super) fn check_bills(input: CheckBillsCall) -> Result<CheckedBillsOut, Error> {
    let checked = check_rows(all_of(&input.rows, Object::<BillIn>::read)?)?;
    let good = checked.good.iter().map(|bill| {
        Ok(GoodBillOut {
            id: bill.facts().id.clone(),
            bill_type: Word(bill.bill_type()),
            amount_less_vouchers: bill.amount_less_vouchers()?.shown(),
        })
    });
    Ok(CheckedBillsOut {
        good: good.collect::<Result<_, StatementError>>()?,
        faulty: checked
            .faulty
            .iter()
            .map(|row| FaultyBillOut {
                index: row.index,
                id: row.facts.id.clone(),
                faults: row.faults.iter().map(FaultOut::from).collect(),
            })
            .collect(),
        sums: checked.sums.iter().map(|(of, sums)| BillSumsOut::of(*of, sums)).collect(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountIn {
    id: String,
    name: String,
    kind: String,
}

impl From<&Object<AccountIn>> for FocusAccount {
    fn from(Object(account): &Object<AccountIn>) -> Self {
        Self { id: account.id.clone(), name: account.name.clone(), kind: account.kind.clone() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BillingIn {
    provider: String,
    publisher: String,
    issuer: String,
    account: Object<AccountIn>,
    sub_account: Option<Object<AccountIn>>,
    currency: Text<Currency>,
    period: Object<PeriodIn>,
    invoice: Option<String>,
}

impl Object<BillingIn> {
    fn read(&self) -> Result<FocusBilling, Error> {
        let Self(billing) = self;
        Ok(FocusBilling {
            provider: billing.provider.clone(),
            publisher: billing.publisher.clone(),
            issuer: billing.issuer.clone(),
            account: (&billing.account).into(),
            sub_account: billing.sub_account.as_ref().map(FocusAccount::from),
            currency: billing.currency.read()?,
            period: billing.period.read()?,
            invoice: billing.invoice.clone(),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionIn {
    id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceIn {
    id: String,
    name: Option<String>,
    kind: String,
    region: Option<Object<RegionIn>>,
    zone: Option<String>,
    /// A JSON object, as text.
    tags: Option<String>,
}

impl Object<ResourceIn> {
    fn read(&self) -> Result<FocusResource, Error> {
        let Self(resource) = self;
        Ok(FocusResource {
            id: resource.id.clone(),
            name: resource.name.clone(),
            kind: resource.kind.clone(),
            region: resource.region.as_ref().map(|Object(region)| (region.id.clone(), region.name.clone())),
            zone: resource.zone.clone(),
            tags: resource.tags.as_deref().map(KeyValues::parse).transpose()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChargeIn {
    service: String,
    subcategory: Text<ServiceSubcategory>,
    resource: Option<Object<ResourceIn>>,
    period: Object<PeriodIn>,
    description: String,
    facts: Vec<FactIn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FactIn {
    Usage(Box<Object<LineIn>>),
    Purchase(Object<PurchasedIn>),
    Correction(Object<CorrectedIn>),
    Refund(Object<RefundedIn>),
    Credit(Text<Decimal>),
    Adjustment(Text<Decimal>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineIn {
    sku: String,
    price_id: String,
    meter: String,
    quantity: Text<Exact>,
    payable_quantity: Text<Exact>,
    unit: Text<Unit>,
    every: Text<TimeUnit>,
    unit_price: Option<Text<Decimal>>,
    original: Text<Exact>,
    payable: Text<Exact>,
    billed: Text<Decimal>,
    amortized: Option<Text<Decimal>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PurchasedIn {
    sku: String,
    price_id: String,
    quantity: Text<Decimal>,
    unit: String,
    unit_price: Text<Decimal>,
    payable: Text<Decimal>,
    frequency: FrequencyIn,
    covers: CoversIn,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum FrequencyIn {
    OneTime,
    Recurring,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum CoversIn {
    Itself,
    LaterCharges,
}

impl From<CoversIn> for PurchaseCovers {
    fn from(covers: CoversIn) -> Self {
        match covers {
            CoversIn::Itself => Self::Itself,
            CoversIn::LaterCharges => Self::LaterCharges,
        }
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum PeriodStateIn {
    Open,
    Invoiced,
}

impl From<PeriodStateIn> for BillingPeriodState {
    fn from(state: PeriodStateIn) -> Self {
        match state {
            PeriodStateIn::Open => Self::Open,
            PeriodStateIn::Invoiced => Self::Invoiced,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectedIn {
    original: Text<Decimal>,
    payable: Text<Decimal>,
    of: PeriodStateIn,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundedIn {
    amount: Text<Decimal>,
    of: RefundOfIn,
    period: PeriodStateIn,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum RefundOfIn {
    Usage,
    Purchase(CoversIn),
}

impl FactIn {
    fn read(&self) -> Result<FocusFact, Error> {
        Ok(match self {
            Self::Usage(line) => FocusFact::Usage(Box::new(line.read()?)),
            Self::Purchase(Object(bought)) => FocusFact::Purchase(Purchased {
                sku: bought.sku.clone(),
                price_id: bought.price_id.clone(),
                quantity: bought.quantity.read()?,
                unit: bought.unit.clone(),
                unit_price: bought.unit_price.read()?,
                payable: bought.payable.read()?,
                frequency: match bought.frequency {
                    FrequencyIn::OneTime => PurchaseFrequency::OneTime,
                    FrequencyIn::Recurring => PurchaseFrequency::Recurring,
                },
                covers: bought.covers.into(),
            }),
            Self::Correction(Object(corrected)) => FocusFact::Correction(Corrected {
                original: corrected.original.read()?,
                payable: corrected.payable.read()?,
                of: corrected.of.into(),
            }),
            Self::Refund(Object(refunded)) => FocusFact::Refund(Refunded {
                amount: refunded.amount.read()?,
                of: match refunded.of {
                    RefundOfIn::Usage => RefundOf::Usage,
                    RefundOfIn::Purchase(covers) => RefundOf::Purchase(covers.into()),
                },
                period: refunded.period.into(),
            }),
            Self::Credit(amount) => FocusFact::Credit(amount.read()?),
            Self::Adjustment(amount) => FocusFact::Adjustment(amount.read()?),
        })
    }
}

impl Object<LineIn> {
    fn read(&self) -> Result<MeteredLine, Error> {
        let Self(line) = self;
        Ok(MeteredLine {
            sku: line.sku.clone(),
            price_id: line.price_id.clone(),
            meter: line.meter.clone(),
            quantity: line.quantity.read()?,
            payable_quantity: line.payable_quantity.read()?,
            unit: line.unit.read()?,
            every: line.every.read()?,
            unit_price: optional(&line.unit_price)?,
            original: line.original.read()?,
            payable: line.payable.read()?,
            billed: line.billed.read()?,
            amortized: optional(&line.amortized)?.unwrap_or_default(),
        })
    }
}

/// What somebody is billed: each charge with its facts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BilledIn {
    billing: Object<BillingIn>,
    charges: Vec<Object<ChargeIn>>,
}

fn rows_of(billed: &[Object<BilledIn>]) -> Result<Vec<FocusRow>, Error> {
    let mut rows = Vec::new();
    for Object(billed) in billed {
        let billing = billed.billing.read()?;
        for Object(charge) in &billed.charges {
            let about = FocusCharge {
                service: charge.service.clone(),
                subcategory: charge.subcategory.read()?,
                resource: charge.resource.as_ref().map(Object::<ResourceIn>::read).transpose()?,
                period: charge.period.read()?,
                description: charge.description.clone(),
            };
            for fact in &charge.facts {
                rows.extend(billing.rows(&about, &fact.read()?)?);
            }
        }
    }
    Ok(rows)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InvoiceIn {
    id: String,
    payable: Text<Money>,
    credited: Option<Text<Decimal>>,
    prepaid: Option<Text<Decimal>>,
    amortized: Option<Text<Decimal>>,
}

impl Object<InvoiceIn> {
    fn read(&self) -> Result<FocusInvoice, Error> {
        let Self(invoice) = self;
        Ok(FocusInvoice {
            id: invoice.id.clone(),
            payable: invoice.payable.read()?,
            credited: optional(&invoice.credited)?.unwrap_or_default(),
            prepaid: optional(&invoice.prepaid)?.unwrap_or_default(),
            amortized: optional(&invoice.amortized)?.unwrap_or_default(),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowsCall {
    billed: Vec<Object<BilledIn>>,
}

#[derive(Serialize)]
pub(super) struct RowsOut {
    /// Each row by its columns; what is null is left out.
    rows: Vec<BTreeMap<&'static str, String>>,
}

pub(super) fn focus_rows(input: RowsCall) -> Result<RowsOut, Error> {
    let shown = |row: &FocusRow| {
        let cells = FocusColumn::ALL.iter().filter_map(|column| Some((column.name(), row.cell(*column)?)));
        cells.collect()
    };
    Ok(RowsOut { rows: rows_of(&input.billed)?.iter().map(shown).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CsvCall {
    billed: Vec<Object<BilledIn>>,
    invoices: Vec<Object<InvoiceIn>>,
}

#[derive(Serialize)]
pub(super) struct CsvOut {
    csv: String,
}

pub(super) fn focus_csv(input: CsvCall) -> Result<CsvOut, Error> {
    let invoices = all_of(&input.invoices, Object::<InvoiceIn>::read)?;
    Ok(CsvOut { csv: FocusFile::new(rows_of(&input.billed)?, &invoices)?.csv() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckCall {
    csv: String,
    invoices: Vec<Object<InvoiceIn>>,
}

#[derive(Serialize)]
pub(super) struct CheckOut {
    faults: Vec<FocusFaultOut>,
}

#[derive(Serialize)]
struct FocusFaultOut {
    row: usize,
    column: String,
    rule: Word<FocusRule>,
    value: String,
    expected: String,
}

impl From<FocusFault> for FocusFaultOut {
    fn from(fault: FocusFault) -> Self {
        let FocusFault { row, column, rule, value, expected } = fault;
        Self { row, column, rule: Word(rule), value, expected }
    }
}

pub(super) fn focus_check(input: CheckCall) -> Result<CheckOut, Error> {
    let invoices = all_of(&input.invoices, Object::<InvoiceIn>::read)?;
    let faults = focus::check(&input.csv, &invoices)?;
    Ok(CheckOut { faults: faults.into_iter().map(FocusFaultOut::from).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderBillIn {
    id: String,
    provider: Text<Name>,
    date: Text<NaiveDate>,
    kind: Text<SettledKind>,
    terms: SettledTermsIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SettledTermsIn {
    Discount(Object<DiscountTermsIn>),
    FloorPrice(Object<FloorTermsIn>),
    Commission(Object<CommissionTermsIn>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DiscountTermsIn {
    list: Text<Decimal>,
    ratio: Text<Ratio>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FloorTermsIn {
    floor: Text<Decimal>,
    quantity: Text<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommissionTermsIn {
    amount: Text<Decimal>,
    commission: Text<Decimal>,
}

impl Object<ProviderBillIn> {
    fn read(&self) -> Result<ProviderBill, Error> {
        let Self(bill) = self;
        Ok(ProviderBill {
            id: bill.id.clone(),
            provider: bill.provider.read()?,
            date: bill.date.read()?,
            kind: bill.kind.read()?,
            terms: match &bill.terms {
                SettledTermsIn::Discount(Object(terms)) => {
                    SettledTerms::Discount { list: terms.list.read()?, ratio: terms.ratio.read()? }
                }
                SettledTermsIn::FloorPrice(Object(terms)) => {
                    SettledTerms::FloorPrice { floor: terms.floor.read()?, quantity: terms.quantity.read()? }
                }
                SettledTermsIn::Commission(Object(terms)) => {
                    SettledTerms::Commission { amount: terms.amount.read()?, commission: terms.commission.read()? }
                }
            },
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderIn {
    id: String,
    provider: Text<Name>,
    from: Text<NaiveDate>,
    to: Text<NaiveDate>,
    currency: Text<Currency>,
    rounding: Text<Rounding>,
}

impl Object<OrderIn> {
    fn read(&self) -> Result<SettlementOrder, Error> {
        let Self(order) = self;
        Ok(SettlementOrder {
            id: order.id.clone(),
            provider: order.provider.read()?,
            from: order.from.read()?,
            to: order.to.read()?,
            currency: order.currency.read()?,
            rounding: order.rounding.read()?,
        })
    }
}

/// A bill that is settled already.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettledIn {
    bill: String,
    by: String,
}

/// A settlement as it was made: it is made again from its order and its bills.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierIn {
    order: Object<OrderIn>,
    bills: Vec<Object<ProviderBillIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettleCall {
    order: Object<OrderIn>,
    bills: Vec<Object<ProviderBillIn>>,
    #[serde(default, deserialize_with = "null_as_default")]
    settled: Vec<Object<SettledIn>>,
    earlier: Option<Object<EarlierIn>>,
}

#[derive(Serialize)]
pub(super) struct SettleOut {
    id: String,
    provider: String,
    repeated: bool,
    bills: Vec<String>,
    modes: Vec<ModeOut>,
    total: RoundedOut,
    settled: Shown<Money>,
    left_out: Vec<LeftOutOut>,
    derivation: DerivationOut,
}

#[derive(Serialize)]
struct ModeOut {
    mode: Word<RowMode>,
    charges: usize,
    refunds: usize,
    exact: Shown<Exact>,
    amount: Shown<Decimal>,
}

#[derive(Serialize)]
struct LeftOutOut {
    bill: String,
    why: LeftOutReasonOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum LeftOutReasonOut {
    OtherProvider,
    TooEarly,
    TooLate,
    Settled,
}

impl From<&LeftOut> for LeftOutReasonOut {
    fn from(why: &LeftOut) -> Self {
        match why {
            LeftOut::OtherProvider => Self::OtherProvider,
            LeftOut::TooEarly => Self::TooEarly,
            LeftOut::TooLate => Self::TooLate,
            LeftOut::Settled { .. } => Self::Settled,
        }
    }
}

pub(super) fn settle(input: SettleCall) -> Result<SettleOut, Error> {
    let order = input.order.read()?;
    let bills = all_of(&input.bills, Object::<ProviderBillIn>::read)?;
    let mut settled = BTreeMap::new();
    for Object(SettledIn { bill, by }) in &input.settled {
        if settled.insert(bill.clone(), by.clone()).is_some() {
            let at = "settled".to_owned();
            return Err(WireError::BadInput { at, fault: format!("bill `{bill}` is settled twice") }.into());
        }
    }
    let none = BTreeMap::new();
    let earlier = match &input.earlier {
        Some(Object(EarlierIn { order, bills })) => {
            let bills = all_of(bills, Object::<ProviderBillIn>::read)?;
            let books = SettlementBooks { bills: &bills, settled: &none, earlier: None };
            Some(settle_bills(&order.read()?, books)?.settlement)
        }
        None => None,
    };
    let books = SettlementBooks { bills: &bills, settled: &settled, earlier: earlier.as_ref() };
    let answer = settle_bills(&order, books)?;
    let settlement = &answer.settlement;
    Ok(SettleOut {
        id: settlement.order().id.clone(),
        provider: settlement.order().provider.to_string(),
        repeated: answer.repeated,
        bills: settlement.bills().iter().map(|bill| bill.id.clone()).collect(),
        modes: settlement
            .modes()
            .iter()
            .map(|mode| ModeOut {
                mode: Word(mode.mode),
                charges: mode.charges,
                refunds: mode.refunds,
                exact: mode.exact.shown(),
                amount: mode.amount.shown(),
            })
            .collect(),
        total: RoundedOut::of(settlement.total())?,
        settled: money(settlement.money()),
        left_out: answer
            .left_out
            .iter()
            .map(|(bill, why)| LeftOutOut {
                bill: bill.clone(),
                why: why.into(),
                by: match why {
                    LeftOut::Settled { by } => Some(by.clone()),
                    _ => None,
                },
            })
            .collect(),
        derivation: settlement.derivation().into(),
    })
}
