//! From lines to what a statement comes to: one routine for a statement with its lines and for columns.

use super::StatementStatus;
use crate::{
    error::MoneyError,
    exact::decimal::{self, Sum},
};
use rust_decimal::Decimal;

/// What the lines of a statement come to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Totals {
    pub(super) original: Sum,
    pub(super) payable: Sum,
}

/// What a statement asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    pub(super) original: Decimal,
    pub(super) payable: Decimal,
    pub(super) status: StatementStatus,
}

impl Totals {
    /// Nothing yet, with so many digits after the point.
    pub(super) fn nothing(scale: u32) -> Self {
        let nothing = Sum::from(decimal::zero(scale));
        Self { original: nothing, payable: nothing }
    }

    /// Adds a line: both amounts of it, or neither.
    ///
    /// # Errors
    /// `money.overflow` beyond 128 bits.
    #[inline]
    pub(super) fn add(&mut self, original: Sum, payable: Sum) -> Result<(), MoneyError> {
        let mut sums = *self;
        sums.original.add_sum(original)?;
        sums.payable.add_sum(payable)?;
        *self = sums;
        Ok(())
    }

    /// What they come to; settled already if there is nothing to pay.
    ///
    /// # Errors
    /// `money.overflow` for a total of more than 28 digits.
    ///
    /// # Rule
    /// R-S1
    pub(super) fn settle(&self) -> Result<Settled, MoneyError> {
        let (original, payable) = (self.original.total()?, self.payable.total()?);
        let status = if payable.is_zero() { StatementStatus::Paid } else { StatementStatus::Unpaid };
        Ok(Settled { original, payable, status })
    }
}
