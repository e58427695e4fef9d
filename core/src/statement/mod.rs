//! Statements: what an owner is asked to pay for a day, and corrections of it (R-S1, R-S2); months, figures and
//! invoices (R-S3, R-S7, R-S8); the identities of bills (R-S4); the export in the FOCUS format (R-S5); settlement
//! with a provider (R-S6).
//! What an owner is asked to pay for a day, and corrections of it (R-S1, R-S2); what months came to
//! (R-S3), figures and forecasts (R-S7), and invoices (R-S8).
//!
//! ```
//! use counterfoil::metering::{Kind, ReadingId};
//! use counterfoil::money::{CNY, Money};
//! use counterfoil::statement::{ChargedReading, StatementStatus, daily};
//! use counterfoil::time::{BillingDay, Zone, parse_date};
//! use counterfoil::wallet::{Owner, OwnerKind};
//!
//! let day = BillingDay::new(parse_date("2024-02-20")?, Zone::UTC)?;
//! let charged = |resource: &str, payable: &str| {
//!     Ok::<_, counterfoil::error::Error>(ChargedReading {
//!         reading: ReadingId { resource: resource.parse()?, window: day.period() },
//!         owner: Owner::new(OwnerKind::User, "ada"),
//!         unit: "vm".parse()?,
//!         kind: Kind::Server,
//!         original: Money::parse("2.06", CNY)?,
//!         payable: Money::parse(payable, CNY)?,
//!     })
//! };
//! let statements = daily(day, [charged("s-1", "2.06")?, charged("s-2", "0.00")?])?;
//! assert_eq!(statements.len(), 1);
//! let statement = &statements[0];
//! assert_eq!((statement.original().to_string(), statement.payable().to_string()), ("4.12".into(), "2.06".into()));
//! assert_eq!(statement.status(), StatementStatus::Unpaid);
//! assert_eq!(statement.id(), "2024-02-20/UTC/user/ada/vm/server/0");
//! # Ok::<(), counterfoil::error::Error>(())
//! ```

mod bill_type;
pub mod bulk;
mod business;
mod correction;
mod daily;
pub mod focus;
mod forecast;
mod groups;
mod identity;
mod invoice;
mod key;
mod month;
mod report;
mod settlement;
mod totals;
mod trend;

pub use bill_type::{BillSign, BillType};
pub use business::{Comparison, FigureChange, Profit, Turnover, compare_months};
pub use correction::{Correction, CorrectionAction, GroupStatement, OpenStatement, correct};
pub use daily::{ChargedReading, Restated, Stated, Statement, StatementLine, StatementStatus, daily, restate};
pub use forecast::{ExpectedCost, Forecast, ForecastTerms};
pub use identity::{Bill, BillFacts, BillSource, BillSources, BillSums, CheckedBills, FaultyBill, check_bills};
pub use invoice::{
    Invoice, InvoiceEvent, InvoiceFrom, InvoiceLine, InvoiceOutcome, InvoiceRequest, InvoiceSource, InvoiceState,
};
pub use key::StatementKey;
pub use month::{BillingDays, Month};
pub use report::{
    KindReport, MonthlyReport, OwnerReport, PaidLeg, PaymentRow, RefundReason, RefundRow, Report, ReportFigures,
    ReportRow, ReportTerms, StatementRow, TopItem, UnitReport,
};
pub use settlement::{
    LeftOut, ProviderBill, ProviderSettlement, SettledKind, SettledMode, SettledTerms, SettlementAnswer,
    SettlementBooks, SettlementOrder, settle,
};
pub use trend::{TrendChange, TrendPoint, TrendRow, trend};
