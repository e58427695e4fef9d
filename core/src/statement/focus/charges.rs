//! From our facts to rows: what a line, a correction, a refund, a credit and a purchase look like.

use super::{
    ChargeCategory, ChargeClass, ChargeFrequency, FocusColumn, FocusFault, FocusRow, FocusRule, KeyValues,
    PricingCategory, ServiceSubcategory,
};
use crate::{
    error::{MoneyError, StatementError},
    exact::{Exact, RoundingMode, decimal},
    money::Currency,
    pricing::Explanation,
    time::Period,
    units::{TimeUnit, Unit},
};
use rust_decimal::Decimal;

/// Who bills whom for when.
///
/// # Rule
/// R-S5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusBilling {
    /// Who made it available.
    pub provider: String,
    /// Who produced it.
    pub publisher: String,
    /// Who invoices.
    pub issuer: String,
    /// Who is invoiced.
    pub account: FocusAccount,
    /// The group of resources, where there are any.
    pub sub_account: Option<FocusAccount>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The billing period.
    pub period: Period,
    /// The statement or invoice, if there is one.
    pub invoice: Option<String>,
}

/// An account, or a group of resources inside of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusAccount {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is, as `user`.
    pub kind: String,
}

/// What a charge is for.
///
/// # Rule
/// R-S5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusCharge {
    /// The service.
    pub service: String,
    /// What the service is for.
    pub subcategory: ServiceSubcategory,
    /// The resource, if it is for one.
    pub resource: Option<FocusResource>,
    /// The time that it is for.
    pub period: Period,
    /// What it is, in words.
    pub description: String,
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusResource {
    /// Its id.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What it is, as `server`.
    pub kind: String,
    /// The id and name of its region, where it is in one.
    pub region: Option<(String, String)>,
    /// Its zone, where it is in one.
    pub zone: Option<String>,
    /// Its tags.
    pub tags: Option<KeyValues>,
}

/// An amount, and what kind of charge it is.
///
/// # Rule
/// R-S5
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FocusFact {
    /// A line of a rated usage.
    Usage(Box<MeteredLine>),
    /// Something that is bought.
    Purchase(Purchased),
    /// What a corrected reading changes.
    Correction(Corrected),
    /// Money that comes back.
    Refund(Refunded),
    /// What the provider grants, zero or more: a coupon that counts as a credit.
    Credit(Decimal),
    /// What fits nowhere else: what a minimum adds, or a maximum takes off.
    Adjustment(Decimal),
}

/// A line of a rated usage, for all items.
///
/// # Rule
/// R-S5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeteredLine {
    /// What is sold, as `server/cpu`.
    pub sku: String,
    /// Its price, as `2024-01/server/cpu`.
    pub price_id: String,
    /// What of it is metered, as `cpu`.
    pub meter: String,
    /// How many units of the price were used.
    pub quantity: Exact,
    /// How many of them are payable.
    pub payable_quantity: Exact,
    /// Of what one unit is.
    pub unit: Unit,
    /// For how long one unit is.
    pub every: TimeUnit,
    /// The price of each unit; none where it is tiered, or has free units or limits.
    pub unit_price: Option<Decimal>,
    /// What all that was used costs, exactly.
    pub original: Exact,
    /// What is payable of it after discounts, exactly.
    pub payable: Exact,
    /// What is payable of it, rounded so that the lines add up to what is billed.
    pub billed: Decimal,
    /// What of it an earlier purchase covers.
    pub amortized: Decimal,
}

/// Something that is bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchased {
    /// What is sold.
    pub sku: String,
    /// Its price.
    pub price_id: String,
    /// How much of it.
    pub quantity: Decimal,
    /// In which unit, as `Months`.
    pub unit: String,
    /// What the list says for one unit.
    pub unit_price: Decimal,
    /// What is payable.
    pub payable: Decimal,
    /// Whether it is bought once, or again and again.
    pub frequency: PurchaseFrequency,
    /// What it covers.
    pub covers: PurchaseCovers,
}

/// How often something is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseFrequency {
    /// Once.
    OneTime,
    /// Every period.
    Recurring,
}

/// What a purchase covers: its effective cost is its own, or that of later charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseCovers {
    /// Itself.
    Itself,
    /// Charges of later: usage of what is prepaid, which carries its share.
    LaterCharges,
}

/// What a corrected reading changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrected {
    /// The change of the original amount.
    pub original: Decimal,
    /// The change of the payable amount.
    pub payable: Decimal,
    /// The billing period that it corrects.
    pub of: BillingPeriodState,
}

/// Money that comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refunded {
    /// How much, zero or more.
    pub amount: Decimal,
    /// Of what.
    pub of: RefundOf,
    /// The billing period of what is refunded.
    pub period: BillingPeriodState,
}

/// What is refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundOf {
    /// Usage.
    Usage,
    /// A purchase.
    Purchase(PurchaseCovers),
}

/// Whether a billing period was invoiced: what changes it later is a correction, and only then.
///
/// # Rule
/// R-S5, FOCUS 1.2 *Charge Class*
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingPeriodState {
    /// Not yet.
    Open,
    /// It was.
    Invoiced,
}

impl MeteredLine {
    /// The lines of a derivation, and what a minimum adds to their sum or a maximum takes off.
    ///
    /// What is billed of each line adds up to what is payable, to the last digit.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-S5, R-P15
    pub fn all_of(explanation: &Explanation) -> Result<(Vec<Self>, Decimal), StatementError> {
        let subtotals = explanation.subtotals()?;
        let items = Exact::from(i64::from(explanation.count()));
        let lines = explanation.lines().iter().zip(subtotals.lines).map(|(line, billed)| {
            let sku = format!("{}/{}", explanation.kind(), line.part);
            Ok(Self {
                price_id: format!("{}/{sku}", explanation.revision()),
                sku,
                meter: line.part.to_string(),
                quantity: line.used.times(&items)?,
                payable_quantity: line.payable_units.times(&items)?,
                unit: line.rate.per,
                every: line.rate.every.time_unit(),
                unit_price: line.rate.unit_price(),
                original: line.original.clone(),
                payable: line.payable.clone(),
                billed,
                amortized: Decimal::ZERO,
            })
        });
        Ok((lines.collect::<Result<_, StatementError>>()?, subtotals.limit))
    }
}

impl FocusBilling {
    /// The rows of a rated usage: its lines, and what a limit of the card adds or takes off.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    ///
    /// # Rule
    /// R-S5
    pub fn usage(&self, charge: &FocusCharge, explanation: &Explanation) -> Result<Vec<FocusRow>, StatementError> {
        let (lines, limit) = MeteredLine::all_of(explanation)?;
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            rows.extend(self.rows(charge, &FocusFact::Usage(Box::new(line)))?);
        }
        if !limit.is_zero() {
            rows.extend(self.rows(charge, &FocusFact::Adjustment(limit))?);
        }
        Ok(rows)
    }

    /// The rows of one fact.
    ///
    /// A line of usage is one row, or two where only a part of it is payable. It has none where nothing was
    /// used and nothing is charged.
    ///
    /// # Rounding
    /// What is billed comes rounded. A quantity or a contracted price that is no decimal, as 1/3 hour, is rounded
    /// half-even to 12 digits, to 9 or to 6 where the product has no room for more; list and contracted cost are
    /// exactly unit price × that quantity.
    ///
    /// # Errors
    /// `statement.focus_fault` where a line's unit price × quantity is not its original amount;
    /// `statement.below_zero` for a refund or a credit; `money.overflow`.
    ///
    /// # Rule
    /// R-S5
    pub fn rows(&self, charge: &FocusCharge, fact: &FocusFact) -> Result<Vec<FocusRow>, StatementError> {
        Ok(match fact {
            FocusFact::Usage(line) => self.metered(charge, line)?,
            FocusFact::Purchase(purchased) => vec![self.purchased(charge, purchased)?],
            FocusFact::Correction(corrected) => vec![self.corrected(charge, *corrected)],
            FocusFact::Refund(refunded) => vec![self.refunded(charge, *refunded)?],
            FocusFact::Credit(amount) => {
                let amount = self.above_zero(charge, "credit", *amount)?;
                vec![self.plain(charge, ChargeCategory::Credit, decimal::negate(amount))]
            }
            FocusFact::Adjustment(amount) => vec![self.plain(charge, ChargeCategory::Adjustment, *amount)],
        })
    }

    fn metered(&self, charge: &FocusCharge, line: &MeteredLine) -> Result<Vec<FocusRow>, StatementError> {
        let nothing = line.quantity.is_zero() && line.original.is_zero() && line.payable.is_zero();
        if nothing && line.billed.is_zero() && line.amortized.is_zero() {
            return Ok(Vec::new());
        }
        let Some(price) = line.unit_price else { return Ok(vec![self.lump(charge, line)?]) };
        let list = line.quantity.times(&Exact::from(price))?;
        if list != line.original {
            return Err(FocusFault {
                row: 0,
                column: FocusColumn::ListCost.name().to_owned(),
                rule: FocusRule::Product,
                value: line.original.to_string(),
                expected: format!("{list} = {price} × {}", line.quantity),
            }
            .error(1));
        }
        let free = line.quantity.minus(&line.payable_quantity)?;
        let mut rows = Vec::with_capacity(2);
        // What is payable, at what is left of the list price.
        if free.is_zero() || !line.payable_quantity.is_zero() || !line.billed.is_zero() {
            let contracted = if line.payable == line.payable_quantity.times(&Exact::from(price))? {
                Exact::from(price)
            } else if line.payable_quantity.is_zero() {
                Exact::ZERO
            } else {
                line.payable.divided_by(&line.payable_quantity)?
            };
            let part = Part { price, contracted, billed: line.billed, amortized: Decimal::ZERO };
            rows.push(self.part(charge, line, &line.payable_quantity, part)?);
        }
        // What is not: prepaid, or free.
        if !free.is_zero() {
            let part = Part { price, contracted: Exact::ZERO, billed: Decimal::ZERO, amortized: line.amortized };
            rows.push(self.part(charge, line, &free, part)?);
        } else if let Some(row) = rows.first_mut() {
            row.effective_cost = decimal::add(row.effective_cost, line.amortized)?;
        }
        Ok(rows)
    }

    /// A quantity at one list price and one contracted price.
    fn part(
        &self,
        charge: &FocusCharge,
        line: &MeteredLine,
        quantity: &Exact,
        part: Part,
    ) -> Result<FocusRow, StatementError> {
        let (contracted, quantity_of_rate) = fitting(part.price, &part.contracted, quantity)?;
        let contracted = if contracted == part.price { part.price } else { contracted }; // with its digits
        let unit = unit_text(line.unit, line.every);
        let text = format!("{}: {}, {quantity_of_rate} {unit} at {}", charge.description, line.meter, part.price);
        let (consumed, consumed_unit) = consumed(line, quantity)?;
        Ok(FocusRow {
            charge_category: ChargeCategory::Usage,
            charge_frequency: ChargeFrequency::UsageBased,
            charge_description: Some(text),
            consumed_quantity: Some(consumed),
            consumed_unit: Some(consumed_unit),
            list_unit_price: Some(part.price),
            list_cost: decimal::multiply(part.price, quantity_of_rate)?,
            contracted_unit_price: Some(contracted),
            contracted_cost: decimal::multiply(contracted, quantity_of_rate)?,
            billed_cost: part.billed,
            effective_cost: decimal::add(part.billed, part.amortized)?,
            pricing_quantity: Some(quantity_of_rate),
            pricing_unit: Some(unit),
            ..self.sku(charge, line)
        })
    }

    /// A line without one price for each unit: the whole of it is one unit.
    fn lump(&self, charge: &FocusCharge, line: &MeteredLine) -> Result<FocusRow, StatementError> {
        let takes_back = line.original.is_negative() || line.payable.is_negative();
        let sign = if takes_back { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
        let (list, contracted) = (finite(&line.original)?, finite(&line.payable)?);
        let (consumed, consumed_unit) = consumed(line, &line.quantity)?;
        Ok(FocusRow {
            charge_category: ChargeCategory::Usage,
            charge_frequency: ChargeFrequency::UsageBased,
            charge_description: Some(format!("{}: {}, tiered or limited", charge.description, line.meter)),
            consumed_quantity: Some(consumed),
            consumed_unit: Some(consumed_unit),
            list_unit_price: Some(decimal::multiply(list, sign)?),
            list_cost: list,
            contracted_unit_price: Some(decimal::multiply(contracted, sign)?),
            contracted_cost: contracted,
            billed_cost: line.billed,
            effective_cost: decimal::add(line.billed, line.amortized)?,
            pricing_quantity: Some(sign),
            pricing_unit: Some("Units".to_owned()),
            ..self.sku(charge, line)
        })
    }

    fn sku(&self, charge: &FocusCharge, line: &MeteredLine) -> FocusRow {
        FocusRow {
            pricing_category: Some(PricingCategory::Standard),
            sku_id: Some(line.sku.clone()),
            sku_meter: Some(line.meter.clone()),
            sku_price_id: Some(line.price_id.clone()),
            ..self.plain(charge, ChargeCategory::Usage, Decimal::ZERO)
        }
    }

    fn purchased(&self, charge: &FocusCharge, purchased: &Purchased) -> Result<FocusRow, StatementError> {
        let Purchased { sku, price_id, quantity, unit, unit_price, payable, frequency, covers } = purchased;
        let list_cost = decimal::multiply(*unit_price, *quantity)?;
        let contracted = match (list_cost == *payable, quantity.is_zero()) {
            (true, _) => *unit_price,
            (false, true) => Decimal::ZERO,
            (false, false) => finite(&Exact::from(*payable).divided_by(&Exact::from(*quantity))?)?,
        };
        Ok(FocusRow {
            charge_frequency: match frequency {
                PurchaseFrequency::OneTime => ChargeFrequency::OneTime,
                PurchaseFrequency::Recurring => ChargeFrequency::Recurring,
            },
            charge_description: Some(format!("{}: {quantity} {unit} at {unit_price}", charge.description)),
            list_unit_price: Some(*unit_price),
            list_cost,
            contracted_unit_price: Some(contracted),
            contracted_cost: decimal::multiply(contracted, *quantity)?,
            effective_cost: covers.effective(*payable),
            pricing_category: Some(PricingCategory::Standard),
            pricing_quantity: Some(*quantity),
            pricing_unit: Some(unit.clone()),
            sku_id: Some(sku.clone()),
            sku_price_id: Some(price_id.clone()),
            ..self.plain(charge, ChargeCategory::Purchase, *payable)
        })
    }

    fn corrected(&self, charge: &FocusCharge, corrected: Corrected) -> FocusRow {
        match corrected.of {
            // Of a period that was invoiced: quantities and prices may be left out, and costs may differ.
            BillingPeriodState::Invoiced => FocusRow {
                charge_class: Some(ChargeClass::Correction),
                charge_frequency: ChargeFrequency::UsageBased,
                list_cost: corrected.original,
                ..self.plain(charge, ChargeCategory::Usage, corrected.payable)
            },
            // Usage of an open period would need a quantity, which a difference of money has not.
            BillingPeriodState::Open => self.plain(charge, ChargeCategory::Adjustment, corrected.payable),
        }
    }

    fn refunded(&self, charge: &FocusCharge, refunded: Refunded) -> Result<FocusRow, StatementError> {
        let amount = decimal::negate(self.above_zero(charge, "refund", refunded.amount)?);
        let (category, covers) = match refunded.of {
            RefundOf::Usage => (ChargeCategory::Usage, PurchaseCovers::Itself),
            RefundOf::Purchase(covers) => (ChargeCategory::Purchase, covers),
        };
        Ok(match refunded.period {
            BillingPeriodState::Invoiced => FocusRow {
                charge_class: Some(ChargeClass::Correction),
                effective_cost: covers.effective(amount),
                ..self.plain(charge, category, amount)
            },
            BillingPeriodState::Open => self.plain(charge, ChargeCategory::Credit, amount),
        })
    }

    /// A row of an amount, and of nothing that it could be made of.
    fn plain(&self, charge: &FocusCharge, category: ChargeCategory, amount: Decimal) -> FocusRow {
        let resource = charge.resource.as_ref();
        let region = resource.and_then(|resource| resource.region.as_ref());
        let sub_account = self.sub_account.as_ref();
        FocusRow {
            availability_zone: resource.and_then(|resource| resource.zone.clone()),
            billed_cost: amount,
            billing_account_id: self.account.id.clone(),
            billing_account_name: Some(self.account.name.clone()),
            billing_account_type: Some(self.account.kind.clone()),
            billing_currency: self.currency,
            billing_period_end: self.period.end(),
            billing_period_start: self.period.start(),
            charge_category: category,
            charge_class: None,
            charge_description: Some(charge.description.clone()),
            charge_frequency: ChargeFrequency::OneTime,
            charge_period_end: charge.period.end(),
            charge_period_start: charge.period.start(),
            consumed_quantity: None,
            consumed_unit: None,
            contracted_cost: amount,
            contracted_unit_price: None,
            effective_cost: amount,
            invoice_id: self.invoice.clone(),
            invoice_issuer_name: self.issuer.clone(),
            list_cost: amount,
            list_unit_price: None,
            pricing_category: None,
            pricing_quantity: None,
            pricing_unit: None,
            provider_name: self.provider.clone(),
            publisher_name: self.publisher.clone(),
            region_id: region.map(|(id, _)| id.clone()),
            region_name: region.map(|(_, name)| name.clone()),
            resource_id: resource.map(|resource| resource.id.clone()),
            resource_name: resource.and_then(|resource| resource.name.clone()),
            resource_type: resource.map(|resource| resource.kind.clone()),
            service_category: charge.subcategory.category(),
            service_name: charge.service.clone(),
            service_subcategory: charge.subcategory,
            sku_id: None,
            sku_meter: None,
            sku_price_details: None,
            sku_price_id: None,
            sub_account_id: sub_account.map(|account| account.id.clone()),
            sub_account_name: sub_account.map(|account| account.name.clone()),
            sub_account_type: sub_account.map(|account| account.kind.clone()),
            tags: resource.and_then(|resource| resource.tags.clone()),
        }
    }

    fn above_zero(&self, charge: &FocusCharge, what: &'static str, amount: Decimal) -> Result<Decimal, StatementError> {
        if amount < Decimal::ZERO {
            return Err(StatementError::BelowZero { of: charge.description.clone(), what, amount });
        }
        Ok(amount)
    }
}

/// How many digits a number keeps that is no decimal.
const DIGITS: u32 = 12;

/// What one row of a line is made of.
struct Part {
    price: Decimal,
    contracted: Exact,
    billed: Decimal,
    amortized: Decimal,
}

impl PurchaseCovers {
    const fn effective(self, billed: Decimal) -> Decimal {
        match self {
            Self::Itself => billed,
            Self::LaterCharges => Decimal::ZERO,
        }
    }
}

/// A contracted price and a quantity whose products have room: exactly where both are decimals, else as little of
/// them rounded as it takes.
fn fitting(list: Decimal, contracted: &Exact, quantity: &Exact) -> Result<(Decimal, Decimal), MoneyError> {
    let fits = |contracted: Decimal, quantity: Decimal| {
        [list, contracted].iter().all(|price| decimal::multiply(*price, quantity).is_ok())
    };
    for digits in [DIGITS, 9, 6] {
        let rounded = |exact: &Exact| exact.round_digits(digits, RoundingMode::HalfEven);
        for contracted in [contracted.to_decimal().map(|price| price.normalize()), Some(rounded(contracted)?)] {
            for quantity in [quantity.to_decimal().map(|quantity| quantity.normalize()), Some(rounded(quantity)?)] {
                if let (Some(contracted), Some(quantity)) = (contracted, quantity)
                    && fits(contracted, quantity)
                {
                    return Ok((contracted, quantity));
                }
            }
        }
    }
    Err(MoneyError::Overflow { operation: "a price × a quantity" })
}

/// The number as a decimal: exactly where it is one, else half-even to 12 digits.
fn finite(exact: &Exact) -> Result<Decimal, MoneyError> {
    match exact.to_decimal() {
        Some(decimal) => Ok(decimal.normalize()),
        None => exact.round_digits(DIGITS, RoundingMode::HalfEven),
    }
}

/// How much was used, in seconds of its unit where the price is by a time of one length: that ends in any case.
fn consumed(line: &MeteredLine, quantity: &Exact) -> Result<(Decimal, String), StatementError> {
    let (every, quantity) = match line.every.micros() {
        Some(micros) => {
            let seconds = Exact::ratio(micros, crate::time::MICROS_PER_SECOND)?;
            (TimeUnit::Second, quantity.times(&seconds)?)
        }
        None => (line.every, quantity.clone()),
    };
    Ok((finite(&quantity)?, unit_text(line.unit, every)))
}

/// A unit as the specification writes it: `Cores`, or `Core-Hours`.
fn unit_text(unit: Unit, every: TimeUnit) -> String {
    let (one, many) = match unit {
        Unit::Count => ("Count", "Counts"),
        Unit::Core => ("Core", "Cores"),
        Unit::MilliCore => ("Millicore", "Millicores"),
        Unit::Card => ("Card", "Cards"),
        Unit::MilliCard => ("Millicard", "Millicards"),
        Unit::Byte => ("B", "B"),
        Unit::KB => ("KB", "KB"),
        Unit::Amount => ("Unit", "Units"),
        other => (other.name(), other.name()),
    };
    let time = match every {
        TimeUnit::Second => "Seconds",
        TimeUnit::Minute => "Minutes",
        TimeUnit::Hour => "Hours",
        TimeUnit::Day => "Days",
        TimeUnit::Month => "Months",
        TimeUnit::Once => return many.to_owned(),
    };
    format!("{one}-{time}")
}
