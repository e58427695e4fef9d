//! The export in the FOCUS format, FinOps Open Cost and Usage Specification 1.2 (R-S5).

mod charges;
mod check;
mod csv;
mod row;
mod values;

#[cfg(test)]
mod tests;

pub use charges::{
    BillingPeriodState, Corrected, FocusAccount, FocusBilling, FocusCharge, FocusFact, FocusResource, MeteredLine,
    PurchaseCovers, PurchaseFrequency, Purchased, RefundOf, Refunded,
};
pub use check::{FocusFault, FocusFile, FocusInvoice, FocusReading, FocusRule, check, read, validate, write};
pub use row::{FeatureLevel, FocusColumn, FocusRow};
pub use values::{
    ChargeCategory, ChargeClass, ChargeFrequency, KeyValue, KeyValues, Number, PricingCategory, ServiceCategory,
    ServiceSubcategory,
};
