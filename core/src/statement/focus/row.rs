//! A row as types: one field for each column, in the order of a file.

use super::{
    ChargeCategory, ChargeClass, ChargeFrequency, KeyValues, PricingCategory, ServiceCategory, ServiceSubcategory,
};
use crate::{exact::decimal, money::Currency, time::Instant};
use rust_decimal::Decimal;
use std::{fmt, str::FromStr};

/// Whether the specification wants a column in every file.
///
/// # Rule
/// R-S5, FOCUS 1.2
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeatureLevel {
    /// In every file.
    Mandatory,
    /// Where the provider has what it tells of.
    Conditional,
    /// Better with it.
    Recommended,
}

/// Writes the columns as a table: field, type, name, level.
macro_rules! columns {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $column:ident, $level:ident;)*) => {
        /// A column of the export, by the name that the specification gives it.
        ///
        /// # Rule
        /// R-S5, FOCUS 1.2
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FocusColumn {
            $($(#[$doc])* $column,)*
        }

        /// A row of the export, FOCUS 1.2. Nothing is checked: [`validate`](super::validate) does.
        ///
        /// # Units
        /// All costs and unit prices are in the billing currency; a unit price is for one pricing unit.
        ///
        /// # Rule
        /// R-S5
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct FocusRow {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl FocusColumn {
            /// Every column, in the order of a file.
            pub const ALL: &'static [Self] = &[$(Self::$column),*];

            /// The name in the header of a file.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$column => stringify!($column),)* }
            }

            /// Whether the specification wants it.
            pub const fn level(self) -> FeatureLevel {
                match self { $(Self::$column => FeatureLevel::$level,)* }
            }
        }

        impl FocusRow {
            /// The text of a column; none where it is null.
            pub fn cell(&self, column: FocusColumn) -> Option<String> {
                match column { $(FocusColumn::$column => self.$field.write(),)* }
            }

            /// Reads a row, given the text of each column; what can not be read is told to `fault`, with
            /// what may stand there.
            pub(super) fn read<'a>(
                cell: impl Fn(FocusColumn) -> Option<&'a str>,
                mut fault: impl FnMut(FocusColumn, Option<&'a str>, Unread),
            ) -> Option<Self> {
                $(let $field = {
                    let text = cell(FocusColumn::$column);
                    <$type as Cell>::read(text).map_err(|unread| fault(FocusColumn::$column, text, unread)).ok()
                };)*
                Some(Self { $($field: $field?,)* })
            }
        }
    };
}

columns! {
    /// The zone, where the charge is of one.
    availability_zone: Option<String> = AvailabilityZone, Recommended;
    /// What is invoiced.
    billed_cost: Decimal = BilledCost, Mandatory;
    /// Who is invoiced.
    billing_account_id: String = BillingAccountId, Mandatory;
    /// Its name.
    billing_account_name: Option<String> = BillingAccountName, Mandatory;
    /// What it is.
    billing_account_type: Option<String> = BillingAccountType, Conditional;
    /// The currency of the invoice.
    billing_currency: Currency = BillingCurrency, Mandatory;
    /// The end of the billing period, which is not in it.
    billing_period_end: Instant = BillingPeriodEnd, Mandatory;
    /// The start of the billing period.
    billing_period_start: Instant = BillingPeriodStart, Mandatory;
    /// What the charge is.
    charge_category: ChargeCategory = ChargeCategory, Mandatory;
    /// Whether it corrects a period that was invoiced.
    charge_class: Option<ChargeClass> = ChargeClass, Mandatory;
    /// What it is for, and its price, in words.
    charge_description: Option<String> = ChargeDescription, Mandatory;
    /// How often it occurs.
    charge_frequency: ChargeFrequency = ChargeFrequency, Recommended;
    /// The end of the time that it is for, which is not in it.
    charge_period_end: Instant = ChargePeriodEnd, Mandatory;
    /// The start of the time that it is for.
    charge_period_start: Instant = ChargePeriodStart, Mandatory;
    /// How much was used.
    consumed_quantity: Option<Decimal> = ConsumedQuantity, Conditional;
    /// In which unit.
    consumed_unit: Option<String> = ConsumedUnit, Conditional;
    /// The contracted price of the quantity.
    contracted_cost: Decimal = ContractedCost, Mandatory;
    /// What is agreed for one unit.
    contracted_unit_price: Option<Decimal> = ContractedUnitPrice, Conditional;
    /// The cost with prepaid purchases spread over what they cover.
    effective_cost: Decimal = EffectiveCost, Mandatory;
    /// The statement or invoice.
    invoice_id: Option<String> = InvoiceId, Recommended;
    /// Who invoices.
    invoice_issuer_name: String = InvoiceIssuerName, Mandatory;
    /// The list price of the quantity.
    list_cost: Decimal = ListCost, Mandatory;
    /// What the list says for one unit.
    list_unit_price: Option<Decimal> = ListUnitPrice, Conditional;
    /// How it is priced.
    pricing_category: Option<PricingCategory> = PricingCategory, Conditional;
    /// How much is priced.
    pricing_quantity: Option<Decimal> = PricingQuantity, Mandatory;
    /// In which unit.
    pricing_unit: Option<String> = PricingUnit, Mandatory;
    /// Who made it available.
    provider_name: String = ProviderName, Mandatory;
    /// Who produced it.
    publisher_name: String = PublisherName, Mandatory;
    /// The region, where the charge is of one.
    region_id: Option<String> = RegionId, Conditional;
    /// Its name.
    region_name: Option<String> = RegionName, Conditional;
    /// The resource.
    resource_id: Option<String> = ResourceId, Conditional;
    /// Its name, where it has one.
    resource_name: Option<String> = ResourceName, Conditional;
    /// What it is.
    resource_type: Option<String> = ResourceType, Conditional;
    /// What the service is for.
    service_category: ServiceCategory = ServiceCategory, Mandatory;
    /// The service.
    service_name: String = ServiceName, Mandatory;
    /// What the service is for, closer.
    service_subcategory: ServiceSubcategory = ServiceSubcategory, Recommended;
    /// What is sold.
    sku_id: Option<String> = SkuId, Conditional;
    /// What of it is metered.
    sku_meter: Option<String> = SkuMeter, Conditional;
    /// Properties of its price.
    sku_price_details: Option<KeyValues> = SkuPriceDetails, Conditional;
    /// Its price in a list.
    sku_price_id: Option<String> = SkuPriceId, Conditional;
    /// The group of resources, where there are any.
    sub_account_id: Option<String> = SubAccountId, Conditional;
    /// Its name.
    sub_account_name: Option<String> = SubAccountName, Conditional;
    /// What it is.
    sub_account_type: Option<String> = SubAccountType, Conditional;
    /// Tags.
    tags: Option<KeyValues> = Tags, Conditional;
}

impl fmt::Display for FocusColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why a text is no value of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// Nothing stands where something must.
    Null,
    /// Something else stands there than may; what may.
    Form(&'static str),
}

/// A type that stands in a column.
trait Cell: Sized {
    fn write(&self) -> Option<String>;
    fn read(text: Option<&str>) -> Result<Self, Unread>;
}

impl<T: Cell> Cell for Option<T> {
    fn write(&self) -> Option<String> {
        self.as_ref().and_then(T::write)
    }

    fn read(text: Option<&str>) -> Result<Self, Unread> {
        match text {
            None => Ok(None),
            Some(_) => T::read(text).map(Some),
        }
    }
}

fn parsed<T: FromStr>(text: Option<&str>, form: &'static str) -> Result<T, Unread> {
    text.ok_or(Unread::Null)?.parse().map_err(|_| Unread::Form(form))
}

impl Cell for String {
    fn write(&self) -> Option<String> {
        Some(self.clone())
    }

    fn read(text: Option<&str>) -> Result<Self, Unread> {
        Ok(text.ok_or(Unread::Null)?.to_owned())
    }
}

impl Cell for Decimal {
    fn write(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn read(text: Option<&str>) -> Result<Self, Unread> {
        decimal::parse(text.ok_or(Unread::Null)?).map_err(|_| Unread::Form("a plain decimal of at most 28 digits"))
    }
}

impl Cell for Instant {
    fn write(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn read(text: Option<&str>) -> Result<Self, Unread> {
        const FORM: &str = "an instant like 2024-02-20T00:00:00Z";
        let text = text.ok_or(Unread::Null)?;
        let instant: Self = text.parse().map_err(|_| Unread::Form(FORM))?;
        // UTC, to the second, with a `Z`: what it prints is what may stand there.
        if instant.to_string() == text { Ok(instant) } else { Err(Unread::Form(FORM)) }
    }
}

impl Cell for KeyValues {
    fn write(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn read(text: Option<&str>) -> Result<Self, Unread> {
        Self::parse(text.ok_or(Unread::Null)?).map_err(|_| Unread::Form("a flat JSON object whose keys are unique"))
    }
}

macro_rules! cells {
    ($($type:ty: $form:literal),* $(,)?) => { $(impl Cell for $type {
        fn write(&self) -> Option<String> {
            Some(self.to_string())
        }

        fn read(text: Option<&str>) -> Result<Self, Unread> {
            parsed(text, $form)
        }
    })* };
}
cells! {
    Currency: "a code of three capital letters",
    ChargeCategory: "Usage, Purchase, Tax, Credit or Adjustment",
    ChargeClass: "Correction",
    ChargeFrequency: "One-Time, Recurring or Usage-Based",
    PricingCategory: "Standard, Dynamic, Committed or Other",
    ServiceCategory: "a service category of the specification",
    ServiceSubcategory: "a service subcategory of the specification",
}
