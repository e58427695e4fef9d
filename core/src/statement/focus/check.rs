//! The rules of the columns, and the sums of a file.

use super::{ChargeCategory as Category, ChargeFrequency, FocusColumn, FocusRow, csv, row::Unread};
use crate::{
    error::{MoneyError, StatementError, excerpt},
    exact::decimal,
    money::{Currency, Money},
};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// What the rows of an invoice must add up to.
///
/// # Rule
/// R-S5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusInvoice {
    /// The id of the statement or invoice.
    pub id: String,
    /// What is payable.
    pub payable: Money,
    /// What of it credits take off: coupons that count as credits, not as a means of payment.
    pub credited: Decimal,
    /// What of it is for purchases that cover later charges: it is not in the effective cost.
    pub prepaid: Decimal,
    /// What earlier purchases cover: it is in the effective cost, and not in what is billed.
    pub amortized: Decimal,
}

/// Something that breaks a rule: where, which, what stands there, and what may.
///
/// # Rule
/// R-S5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusFault {
    /// The row, from 1; 0 for the file as a whole.
    pub row: usize,
    /// The column.
    pub column: String,
    /// The rule.
    pub rule: FocusRule,
    /// What stands there; empty for null.
    pub value: String,
    /// What may stand there.
    pub expected: String,
}

/// The rules that are checked.
///
/// # Rule
/// R-S5
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FocusRule {
    /// The header has each column once, and no other than `x_…`.
    Columns,
    /// A value is of the form of its column.
    Form,
    /// A value must be there.
    NotNull,
    /// No value may be there.
    Null,
    /// A text says something.
    NotBlank,
    /// An instant is of a whole second.
    WholeSeconds,
    /// A period starts before it ends.
    Period,
    /// What is bought is not by use.
    PurchaseFrequency,
    /// A unit price is not below zero.
    NotNegative,
    /// Unit price × quantity is the cost.
    Product,
    /// What is granted is what is billed.
    MatchesBilledCost,
    /// A subcategory has one category, a service one category, a price one article, an invoice one account.
    OneParent,
    /// The rows of an invoice add up to it.
    InvoiceSum,
    /// Every invoice is known, and has rows unless nothing is payable.
    InvoiceKnown,
}

/// A file of rows that pass every rule, and whose sums are those of their invoices.
///
/// # Rule
/// R-S5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusFile {
    rows: Vec<FocusRow>,
}

impl FocusFile {
    /// The file, if every rule holds.
    ///
    /// # Errors
    /// `statement.focus_fault` with the first fault and the number of all.
    ///
    /// # Rule
    /// R-S5
    pub fn new(rows: Vec<FocusRow>, invoices: &[FocusInvoice]) -> Result<Self, StatementError> {
        let faults = validate(&rows, invoices);
        match faults.first() {
            None => Ok(Self { rows }),
            Some(first) => Err(first.error(faults.len())),
        }
    }

    /// The rows.
    pub fn rows(&self) -> &[FocusRow] {
        &self.rows
    }

    /// The file as text: a header, and a line for each row; null is nothing between two commas.
    pub fn csv(&self) -> String {
        write(&self.rows)
    }
}

/// Rows as text, whether they pass or not.
///
/// # Rule
/// R-S5
pub fn write(rows: &[FocusRow]) -> String {
    let mut out = String::new();
    csv::write_line(&mut out, FocusColumn::ALL.iter().map(|column| Some(column.name())));
    for row in rows {
        let cells: Vec<Option<String>> = FocusColumn::ALL.iter().map(|column| row.cell(*column)).collect();
        csv::write_line(&mut out, cells.iter().map(Option::as_deref));
    }
    out
}

/// What a file holds: the rows that could be read, and the faults of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusReading {
    /// The rows, each with its number in the file, from 1.
    pub rows: Vec<(usize, FocusRow)>,
    /// What could not be read.
    pub faults: Vec<FocusFault>,
}

/// Reads a file: its columns in any order, those of others that begin with `x_` left aside.
///
/// # Errors
/// `statement.not_csv`. A column or a value that is not of the form is a fault in the answer.
///
/// # Rule
/// R-S5
pub fn read(text: &str) -> Result<FocusReading, StatementError> {
    let mut lines = csv::read_lines(text)?.into_iter();
    let (_, header) = lines.next().unwrap_or_default();
    let mut reading = FocusReading { rows: Vec::new(), faults: Vec::new() };
    let places = columns(&header, &mut reading.faults);
    if !reading.faults.is_empty() {
        return Ok(reading);
    }
    for (index, (line, cells)) in lines.enumerate() {
        if cells.len() != header.len() {
            return Err(StatementError::NotCsv { line, fault: "it has not as many cells as the header" });
        }
        let number = index.saturating_add(1);
        let cell = |column: FocusColumn| places.get(&column).and_then(|place| cells.get(*place)?.as_deref());
        let row = FocusRow::read(cell, |column, text, unread| {
            let (rule, expected) = match unread {
                Unread::Null => (FocusRule::NotNull, "a value"),
                Unread::Form(form) => (FocusRule::Form, form),
            };
            let value = excerpt(text.unwrap_or_default());
            let (column, expected) = (column.name().to_owned(), expected.to_owned());
            reading.faults.push(FocusFault { row: number, column, rule, value, expected });
        });
        reading.rows.extend(row.map(|row| (number, row)));
    }
    Ok(reading)
}

/// Reads a file and tells all that is wrong with it.
///
/// # Errors
/// `statement.not_csv`.
///
/// # Rule
/// R-S5
pub fn check(text: &str, invoices: &[FocusInvoice]) -> Result<Vec<FocusFault>, StatementError> {
    let FocusReading { rows, mut faults } = read(text)?;
    if faults.is_empty() {
        let rows: Vec<FocusRow> = rows.into_iter().map(|(_, row)| row).collect();
        faults = validate(&rows, invoices);
    } else {
        // Sums of what could be read would only blame the rows that could not.
        for (number, row) in &rows {
            Checking { row, number: *number, faults: &mut faults }.all();
        }
        faults.sort_by_key(|fault| fault.row);
    }
    Ok(faults)
}

/// All that is wrong with rows: each by itself, then the file, then its sums.
///
/// # Rule
/// R-S5
pub fn validate(rows: &[FocusRow], invoices: &[FocusInvoice]) -> Vec<FocusFault> {
    let mut faults = Vec::new();
    for (row, number) in rows.iter().zip(1_usize..) {
        Checking { row, number, faults: &mut faults }.all();
    }
    one_parent(rows, &mut faults);
    sums(rows, invoices, &mut faults);
    faults
}

fn columns(header: &[csv::CsvCell], faults: &mut Vec<FocusFault>) -> BTreeMap<FocusColumn, usize> {
    let mut places = BTreeMap::new();
    let fault = |column: &str, expected: &str| FocusFault {
        row: 0,
        column: excerpt(column),
        rule: FocusRule::Columns,
        value: excerpt(column),
        expected: expected.to_owned(),
    };
    for (place, name) in header.iter().enumerate() {
        let name = name.as_deref().unwrap_or_default();
        match FocusColumn::ALL.iter().find(|column| column.name() == name) {
            Some(column) if places.insert(*column, place).is_some() => faults.push(fault(name, "each column once")),
            None if !name.starts_with("x_") => faults.push(fault(name, "a column that is written here, or x_…")),
            _ => {}
        }
    }
    for missing in FocusColumn::ALL.iter().filter(|column| !places.contains_key(column)) {
        faults.push(FocusFault { value: String::new(), ..fault(missing.name(), "this column") });
    }
    places
}

/// The rules of one row.
struct Checking<'a> {
    row: &'a FocusRow,
    number: usize,
    faults: &'a mut Vec<FocusFault>,
}

impl Checking<'_> {
    fn all(&mut self) {
        self.texts();
        self.times();
        self.charge();
        self.prices();
        self.quantities();
        self.pairs();
    }

    fn texts(&mut self) {
        use FocusColumn::*;
        let texts = [
            AvailabilityZone,
            BillingAccountId,
            BillingAccountName,
            BillingAccountType,
            ChargeDescription,
            ConsumedUnit,
            InvoiceId,
            InvoiceIssuerName,
            PricingUnit,
            ProviderName,
            PublisherName,
            RegionId,
            RegionName,
            ResourceId,
            ResourceName,
            ResourceType,
            ServiceName,
            SkuId,
            SkuMeter,
            SkuPriceId,
            SubAccountId,
            SubAccountName,
            SubAccountType,
        ];
        for column in texts {
            if self.row.cell(column).is_some_and(|text| text.trim().is_empty()) {
                self.fault(column, FocusRule::NotBlank, "a text, or null");
            }
        }
    }

    fn times(&mut self) {
        use FocusColumn::*;
        let row = self.row;
        let times = [
            (BillingPeriodStart, row.billing_period_start, BillingPeriodEnd, row.billing_period_end),
            (ChargePeriodStart, row.charge_period_start, ChargePeriodEnd, row.charge_period_end),
        ];
        for (start_column, start, end_column, end) in times {
            for (column, instant) in [(start_column, start), (end_column, end)] {
                if instant.micros().rem_euclid(crate::time::MICROS_PER_SECOND) != 0 {
                    self.fault(column, FocusRule::WholeSeconds, "an instant of a whole second");
                }
            }
            if start >= end {
                self.fault(end_column, FocusRule::Period, &format!("an instant after {start}"));
            }
        }
    }

    fn charge(&mut self) {
        let row = self.row;
        if row.charge_category == Category::Purchase && row.charge_frequency == ChargeFrequency::UsageBased {
            self.fault(FocusColumn::ChargeFrequency, FocusRule::PurchaseFrequency, "One-Time or Recurring");
        }
        if row.service_subcategory.category() != row.service_category {
            let category = row.service_subcategory.category().name();
            self.fault(FocusColumn::ServiceCategory, FocusRule::OneParent, category);
        }
        if row.charge_category == Category::Credit && row.effective_cost != row.billed_cost {
            self.fault(FocusColumn::EffectiveCost, FocusRule::MatchesBilledCost, &row.billed_cost.to_string());
        }
    }

    fn prices(&mut self) {
        use FocusColumn::*;
        let row = self.row;
        let priced = [
            (ListUnitPrice, row.list_unit_price, ListCost, row.list_cost),
            (ContractedUnitPrice, row.contracted_unit_price, ContractedCost, row.contracted_cost),
        ];
        for (price_column, price, cost_column, cost) in priced {
            if price.is_some_and(|price| price < Decimal::ZERO) {
                self.fault(price_column, FocusRule::NotNegative, "zero or more");
            }
            if self.is_correction() {
                continue;
            }
            match (price, row.pricing_quantity) {
                (Some(price), Some(quantity)) => match decimal::multiply(price, quantity) {
                    Ok(product) if product == cost => {}
                    Ok(product) => self.fault(cost_column, FocusRule::Product, &product.to_string()),
                    Err(_) => self.fault(cost_column, FocusRule::Product, "a product of at most 28 digits"),
                },
                (None, _) if self.is_granted() && cost != row.billed_cost => {
                    self.fault(cost_column, FocusRule::MatchesBilledCost, &row.billed_cost.to_string());
                }
                _ => {}
            }
        }
    }

    /// What must be there for what is used or bought, and may not be for taxes.
    fn quantities(&mut self) {
        use FocusColumn::*;
        let row = self.row;
        let priced = [ListUnitPrice, ContractedUnitPrice, PricingCategory, PricingQuantity, SkuId, SkuPriceId];
        for column in priced {
            match row.charge_category {
                Category::Tax => self.null(column, "null for a tax"),
                Category::Usage | Category::Purchase if !self.is_correction() => {
                    self.not_null(column, "a value for what is used or bought");
                }
                _ => {}
            }
        }
        match row.charge_category {
            Category::Usage if self.is_correction() => {}
            Category::Usage => self.not_null(ConsumedQuantity, "a quantity of what is used"),
            _ => self.null(ConsumedQuantity, "null for what is not used"),
        }
    }

    /// What goes together, and what only goes with something else.
    fn pairs(&mut self) {
        use FocusColumn::*;
        let both = [
            (ConsumedQuantity, ConsumedUnit),
            (PricingQuantity, PricingUnit),
            (BillingAccountId, BillingAccountType),
            (RegionId, RegionName),
            (ResourceId, ResourceType),
            (SubAccountId, SubAccountName),
            (SubAccountId, SubAccountType),
        ];
        for (first, second) in both {
            match self.row.cell(first) {
                Some(_) => self.not_null(second, &format!("a value beside {first}")),
                None => self.null(second, &format!("null without {first}")),
            }
        }
        let only_with =
            [(ResourceId, ResourceName), (SkuId, SkuMeter), (SkuId, SkuPriceId), (SkuPriceId, SkuPriceDetails)];
        for (first, second) in only_with {
            if self.row.cell(first).is_none() {
                self.null(second, &format!("null without {first}"));
            }
        }
    }

    /// Not made of other charges, and without a price: what is granted or adjusted.
    const fn is_granted(&self) -> bool {
        matches!(self.row.charge_category, Category::Credit | Category::Adjustment)
    }

    const fn is_correction(&self) -> bool {
        self.row.charge_class.is_some()
    }

    fn null(&mut self, column: FocusColumn, expected: &str) {
        if self.row.cell(column).is_some() {
            self.fault(column, FocusRule::Null, expected);
        }
    }

    fn not_null(&mut self, column: FocusColumn, expected: &str) {
        if self.row.cell(column).is_none() {
            self.fault(column, FocusRule::NotNull, expected);
        }
    }

    fn fault(&mut self, column: FocusColumn, rule: FocusRule, expected: &str) {
        let value = excerpt(&self.row.cell(column).unwrap_or_default());
        let (row, column, expected) = (self.number, column.name().to_owned(), expected.to_owned());
        self.faults.push(FocusFault { row, column, rule, value, expected });
    }
}

/// What has one parent in all rows: a service, a price, an invoice, an account.
fn one_parent(rows: &[FocusRow], faults: &mut Vec<FocusFault>) {
    use FocusColumn::*;
    let children = [
        (ServiceName, ServiceCategory),
        (SkuPriceId, SkuId),
        (InvoiceId, BillingAccountId),
        (InvoiceId, BillingCurrency),
    ];
    for (child, parent) in children {
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for (row, number) in rows.iter().zip(1_usize..) {
            let (Some(of), Some(is)) = (row.cell(child), row.cell(parent)) else { continue };
            let first = known.entry(of.clone()).or_insert_with(|| is.clone());
            if *first != is {
                let expected = format!("{} for {child} `{}`", excerpt(first), excerpt(&of));
                let (column, value) = (parent.name().to_owned(), excerpt(&is));
                faults.push(FocusFault { row: number, column, rule: FocusRule::OneParent, value, expected });
            }
        }
    }
}

/// What the rows of one invoice come to.
#[derive(Clone, Copy, Default)]
struct Sums {
    /// Of the first row.
    currency: Option<Currency>,
    billed: Decimal,
    credits: Decimal,
    effective: Decimal,
}

impl Sums {
    fn add(&mut self, row: &FocusRow) -> Result<(), MoneyError> {
        self.currency.get_or_insert(row.billing_currency);
        let side = match row.charge_category {
            Category::Credit => &mut self.credits,
            _ => &mut self.billed,
        };
        *side = decimal::add(*side, row.billed_cost)?;
        self.effective = decimal::add(self.effective, row.effective_cost)?;
        Ok(())
    }
}

fn sums(rows: &[FocusRow], invoices: &[FocusInvoice], faults: &mut Vec<FocusFault>) {
    let mut of_file = |column: FocusColumn, rule, value: String, expected: String| {
        faults.push(FocusFault { row: 0, column: column.name().to_owned(), rule, value, expected });
    };
    let mut by_invoice: BTreeMap<&str, Sums> = BTreeMap::new();
    for row in rows {
        let Some(id) = &row.invoice_id else { continue };
        if by_invoice.entry(id).or_default().add(row).is_err() {
            let expected = "sums of at most 28 digits".to_owned();
            of_file(FocusColumn::BilledCost, FocusRule::InvoiceSum, row.billed_cost.to_string(), expected);
        }
    }
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for invoice in invoices {
        let FocusInvoice { id, payable, credited, prepaid, amortized } = invoice;
        if !known.insert(id) {
            let expected = "each invoice once".to_owned();
            of_file(FocusColumn::InvoiceId, FocusRule::InvoiceKnown, excerpt(id), expected);
        }
        let sums = by_invoice.get(id.as_str()).copied().unwrap_or_default();
        if let Some(currency) = sums.currency.filter(|currency| *currency != payable.currency()) {
            let expected = format!("{} of invoice `{}`", payable.currency(), excerpt(id));
            of_file(FocusColumn::BillingCurrency, FocusRule::InvoiceSum, currency.to_string(), expected);
        }
        let effective = [payable.amount(), *amortized, decimal::negate(*credited), decimal::negate(*prepaid)];
        let wanted = [
            (FocusColumn::BilledCost, "", sums.billed, Ok(payable.amount())),
            (FocusColumn::BilledCost, " in credits", sums.credits, Ok(decimal::negate(*credited))),
            (FocusColumn::EffectiveCost, "", sums.effective, decimal::sum(effective)),
        ];
        for (column, of, found, expected) in wanted {
            if expected != Ok(found) {
                let expected = expected.map_or_else(|error| error.to_string(), |sum| sum.to_string());
                let expected = format!("{expected}{of} for invoice `{}`", excerpt(id));
                of_file(column, FocusRule::InvoiceSum, found.to_string(), expected);
            }
        }
    }
    for unknown in by_invoice.keys().filter(|id| !known.contains(*id)) {
        let expected = "the id of an invoice that is given".to_owned();
        of_file(FocusColumn::InvoiceId, FocusRule::InvoiceKnown, excerpt(unknown), expected);
    }
}

impl FocusInvoice {
    /// An invoice of which nothing is credited, prepaid or amortized: Σ billed cost is what is payable.
    pub fn payable(id: impl Into<String>, payable: Money) -> Self {
        let zero = Decimal::ZERO;
        Self { id: id.into(), payable, credited: zero, prepaid: zero, amortized: zero }
    }
}

impl FocusFault {
    /// The fault as an error, with the number of all that there are.
    pub fn error(&self, faults: usize) -> StatementError {
        let known = FocusColumn::ALL.iter().find(|column| column.name() == self.column);
        StatementError::FocusFault {
            row: u32::try_from(self.row).unwrap_or(u32::MAX),
            column: known.map_or("header", |column| column.name()),
            rule: self.rule.name(),
            value: self.value.clone(),
            expected: self.expected.clone(),
            faults: u32::try_from(faults).unwrap_or(u32::MAX),
        }
    }
}

impl FocusRule {
    /// The name, as `product`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Form => "form",
            Self::NotNull => "not_null",
            Self::Null => "null",
            Self::NotBlank => "not_blank",
            Self::WholeSeconds => "whole_seconds",
            Self::Period => "period",
            Self::PurchaseFrequency => "purchase_frequency",
            Self::NotNegative => "not_negative",
            Self::Product => "product",
            Self::MatchesBilledCost => "matches_billed_cost",
            Self::OneParent => "one_parent",
            Self::InvoiceSum => "invoice_sum",
            Self::InvoiceKnown => "invoice_known",
        }
    }
}

impl fmt::Display for FocusRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
