use crate::{
    metering::{Kind, Usage},
    money::Money,
    statement::StatementStatus,
    time::Period,
    units::Name,
    wallet::{Owner, SourceKind},
};

/// What a report reads: a reading, or what a line of a statement says of one.
///
/// It borrows all names, so that a million rows need not copy them. A correction is a row of its own,
/// with differences that may be negative.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, Copy)]
pub struct ReportRow<'a> {
    /// Who pays.
    pub owner: &'a Owner,
    /// The service unit that is paid.
    pub unit: &'a Name,
    /// The kind of resource.
    pub kind: &'a Kind,
    /// The resource.
    pub resource: &'a Name,
    /// The window of the reading; it lies within the days of the report.
    pub window: Period,
    /// What was used, where the hours of parts are asked for.
    pub usage: Option<&'a Usage>,
    /// How long the resource was there within the window, in microseconds, where that is known.
    pub lifetime_micros: Option<i64>,
    /// What all that was used costs.
    pub original: Money,
    /// What is to be paid of it.
    pub payable: Money,
}

/// A statement of the days of a report, without its lines.
///
/// # Rule
/// R-S1, R-S3
#[derive(Debug, Clone, Copy)]
pub struct StatementRow<'a> {
    /// Who pays.
    pub owner: &'a Owner,
    /// The service unit that is paid.
    pub unit: &'a Name,
    /// The period of its day.
    pub window: Period,
    /// What it asks for.
    pub payable: Money,
    /// Whether that is paid.
    pub status: StatementStatus,
}

/// A payment of statements of the days of a report.
///
/// It counts for the day of the statement, whenever it was made.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, Copy)]
pub struct PaymentRow<'a> {
    /// Who paid.
    pub owner: &'a Owner,
    /// The service unit that was paid.
    pub unit: &'a Name,
    /// The period of the day of the statement.
    pub window: Period,
    /// What each source paid.
    pub legs: &'a [PaidLeg],
}

/// What one source paid of a payment.
///
/// # Rule
/// R-S3, R-W8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidLeg {
    /// The kind of source.
    pub by: SourceKind,
    /// How much: zero or more.
    pub amount: Money,
}

/// What was given back of payments of statements of the days of a report.
///
/// It counts for the day of the statement, whenever it was given back.
///
/// # Rule
/// R-S3
#[derive(Debug, Clone, Copy)]
pub struct RefundRow<'a> {
    /// To whom.
    pub owner: &'a Owner,
    /// The service unit that had been paid.
    pub unit: &'a Name,
    /// The period of the day of the statement.
    pub window: Period,
    /// How much: zero or more.
    pub amount: Money,
    /// Why.
    pub because: RefundReason,
}

/// Why something was given back.
///
/// # Rule
/// R-S2, R-S3
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefundReason {
    /// A negative correction asked for it.
    Correction,
    /// Anything else: goodwill, an order that was not delivered.
    Other,
}

impl RefundReason {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Correction, Self::Other];

    /// The name, as `correction`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Other => "other",
        }
    }
}
