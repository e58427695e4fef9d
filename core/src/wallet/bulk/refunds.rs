use super::{columns::Amounts, wallets::check_offsets};
use crate::{
    error::{BulkError, Error, MoneyError, RowFault, WalletError},
    exact::{Integer, decimal},
    wallet::{
        GiveBack, ReturnOrder, SourceClass,
        refund::{Asked, Share, Shares},
    },
};
use rust_decimal::Decimal;
use std::ops::Range;

/// Payments with what their sources paid, and what came back of it: columns that are known to belong
/// together.
///
/// # Examples
/// ```
/// use counterfoil::wallet::{GiveBack, ReturnOrder, SourceClass};
/// use counterfoil::wallet::bulk::{Amounts, PaymentColumns, Payments, RefundColumns, RefundTerms, RefundedColumns};
///
/// // 333.30 was paid: 10.00 and 20.00 by coupons, 303.30 from the balance.
/// let class = [SourceClass::Free, SourceClass::Free, SourceClass::Held];
/// let payments = PaymentColumns {
///     sources: &[0, 3],
///     class: &class,
///     paid: Amounts::Narrow(&[10_00, 20_00, 303_30]),
///     returned: None,
///     refunded: None,
///     fees: None,
/// };
/// let terms = RefundTerms {
///     scale: 2,
///     step: "0.01".parse()?,
///     order: ReturnOrder::Proportional,
///     give_back: GiveBack::SameCoupon,
/// };
/// let refunds = RefundColumns { payment: &[0, 0, 0], amount: Amounts::Narrow(&[222_20, 111_11, 111_10]), fee: None };
/// let mut out = RefundedColumns::default();
/// Payments::new(payments, terms)?.refund(&refunds, &mut out)?;
///
/// assert_eq!(out.parts, [0, 3, 3, 6]);
/// assert_eq!((&out.part_source[..3], &out.part_amount[..3]), (&[2, 0, 1][..], &[202_20, 6_67, 13_33][..]));
/// assert_eq!((out.faults[0].row, out.faults[0].code), (1, "wallet.refund_above_rest"));
/// assert_eq!(out.returned, [10_00, 20_00, 303_30]); // all of it came back
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rule
/// R-W14, R-W15
#[derive(Debug, Clone, Copy)]
pub struct Payments<'a> {
    columns: PaymentColumns<'a>,
    terms: RefundTerms,
}

/// Payments, one a row, and what their sources paid, those of one payment side by side in the order of
/// deduction.
///
/// # Rule
/// R-W15
#[derive(Debug, Clone, Copy)]
pub struct PaymentColumns<'a> {
    /// Offsets: payment *p* was paid by the sources from `sources[p]` up to `sources[p + 1]`.
    pub sources: &'a [usize],
    /// What kind of money each source is.
    pub class: &'a [SourceClass],
    /// What each source paid.
    pub paid: Amounts<'a>,
    /// What came back of it by refunds before; without the column, nothing.
    pub returned: Option<Amounts<'a>>,
    /// All that was refunded of each payment before, with fees; without the column, what came back.
    pub refunded: Option<Amounts<'a>>,
    /// What was kept of that as fees; without the column, nothing.
    pub fees: Option<Amounts<'a>>,
}

/// Refunds, one a row, in the order in which they are made.
///
/// # Rule
/// R-W14
#[derive(Debug, Clone, Copy)]
pub struct RefundColumns<'a> {
    /// Of which payment, by its place.
    pub payment: &'a [u32],
    /// How much, with the fee.
    pub amount: Amounts<'a>,
    /// What of that is kept; without the column, nothing.
    pub fee: Option<Amounts<'a>>,
}

/// What holds for all refunds of a batch.
#[derive(Debug, Clone, Copy)]
pub struct RefundTerms {
    /// The digits after the point of all amounts.
    pub scale: u32,
    /// What all amounts are multiples of.
    pub step: Decimal,
    /// In which order sources get back.
    pub order: ReturnOrder,
    /// What becomes of what coupons paid. Here it decides whether they take part; where their part goes
    /// is the caller's to carry out.
    pub give_back: GiveBack,
}

/// What came of a batch; made once, and filled again by each.
///
/// # Units
/// Amounts are `value × 10^−scale`.
///
/// # Rule
/// R-W15
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RefundedColumns {
    /// Offsets: refund *r* has the parts from `parts[r]` up to `parts[r + 1]`; none, where it has a fault.
    pub parts: Vec<usize>,
    /// Which source gets each part, by its place among all sources.
    pub part_source: Vec<usize>,
    /// How much, above zero.
    pub part_amount: Vec<i128>,
    /// What came back to each source after the batch.
    pub returned: Vec<i128>,
    /// What was refunded of each payment after the batch, with fees.
    pub refunded: Vec<i128>,
    /// What was kept of that as fees.
    pub fees: Vec<i128>,
    /// What is wrong with the refunds that were not made, in their order.
    pub faults: Vec<RowFault>,
}

/// What a batch is computed with.
#[derive(Debug, Default)]
struct Scratch {
    shares: Vec<Share>,
    parts: Vec<(usize, Decimal)>,
}

impl<'a> Payments<'a> {
    /// Payments, and the terms of their refunds.
    ///
    /// # Errors
    /// `bulk.column_length`; `bulk.bad_offsets` where they do not rise from 0 to the number of sources;
    /// `bulk.bad_scale`.
    pub fn new(columns: PaymentColumns<'a>, terms: RefundTerms) -> Result<Self, BulkError> {
        if terms.scale > Decimal::MAX_SCALE {
            let column = "amount".to_owned();
            return Err(BulkError::BadScale { column, scale: terms.scale, most: Decimal::MAX_SCALE });
        }
        let sources = columns.class.len();
        same_length("paid", Some(columns.paid), sources)?;
        same_length("returned", columns.returned, sources)?;
        let payments = columns.sources.len().saturating_sub(1);
        check_offsets(columns.sources, sources, payments)?;
        same_length("refunded", columns.refunded, payments)?;
        same_length("fees", columns.fees, payments)?;
        Ok(Self { columns, terms })
    }

    /// How many payments there are.
    pub const fn payments(&self) -> usize {
        self.columns.sources.len().saturating_sub(1)
    }

    /// Splits refunds over the sources of their payments, one after another.
    ///
    /// A later refund of a payment starts from what the ones before it returned. One with a fault returns
    /// nothing and costs none of the others.
    ///
    /// # Rounding
    /// As [`Refunds::plan`](crate::wallet::Refunds::plan), by the same routine.
    ///
    /// # Errors
    /// `bulk.column_length`. What is wrong with a row is among `faults`: `bulk.unknown_id` for a payment
    /// that is not there, and what [`row`](Self::row) says.
    ///
    /// # Rule
    /// R-W14, R-W15, R-W16, R-W18
    pub fn refund(&self, refunds: &RefundColumns<'_>, into: &mut RefundedColumns) -> Result<(), BulkError> {
        let rows = refunds.payment.len();
        same_length("amount", Some(refunds.amount), rows)?;
        same_length("fee", refunds.fee, rows)?;
        self.open(into);
        let mut scratch = Scratch::default();
        for (row, payment) in refunds.payment.iter().enumerate() {
            let refund = (refunds.amount.at(row), refunds.fee.map_or(0, |fee| fee.at(row)));
            if let Err(error) = self.refund_one(*payment, refund, into, &mut scratch) {
                into.faults.push(RowFault { row, code: error.code() });
            }
            into.parts.push(into.part_amount.len());
        }
        Ok(())
    }

    /// What is wrong with one refund of a batch, told in full; the refunds before it are made again.
    ///
    /// # Errors
    /// `bulk.unknown_id`; `money.too_many_digits`; and, as of
    /// [`Refunds::plan`](crate::wallet::Refunds::plan), `wallet.negative_amount`,
    /// `wallet.fee_above_refund`, `money.bad_step`, `money.not_a_multiple`, `wallet.refund_above_rest`,
    /// `money.overflow`; `wallet.refund_above_paid` where a source got back more than it paid.
    pub fn row(&self, refunds: &RefundColumns<'_>, row: usize) -> Result<Vec<(usize, Decimal)>, Error> {
        let (mut before, mut scratch) = (RefundedColumns::default(), Scratch::default());
        self.open(&mut before);
        let refund = |row: usize| (refunds.amount.at(row), refunds.fee.map_or(0, |fee| fee.at(row)));
        let Some(payment) = refunds.payment.get(row).copied() else {
            return Err(unknown("refund", row, refunds.payment.len()).into());
        };
        let earlier = refunds.payment.iter().take(row).enumerate().filter(|(_, of)| **of == payment);
        for (row, _) in earlier {
            // A fault returned nothing, here as there.
            let _ = self.refund_one(payment, refund(row), &mut before, &mut scratch);
        }
        let first = before.part_amount.len();
        self.refund_one(payment, refund(row), &mut before, &mut scratch)?;
        let parts = before.part_source.iter().zip(&before.part_amount).skip(first);
        parts.map(|(source, amount)| Ok((*source, self.decimal(*amount)?))).collect()
    }

    /// Empties the columns, and writes what stands before the batch.
    fn open(&self, into: &mut RefundedColumns) {
        let RefundedColumns { parts, part_source, part_amount, returned, refunded, fees, faults } = into;
        [part_amount, &mut *returned, &mut *refunded, &mut *fees].into_iter().for_each(Vec::clear);
        part_source.clear();
        faults.clear();
        parts.clear();
        parts.push(0);
        let (sources, payments) = (self.columns.class.len(), self.payments());
        let of = |column: Option<Amounts<'_>>, row| column.map_or(0, |column| column.at(row));
        returned.extend((0..sources).map(|source| of(self.columns.returned, source)));
        fees.extend((0..payments).map(|payment| of(self.columns.fees, payment)));
        refunded.extend((0..payments).map(|payment| match self.columns.refunded {
            Some(refunded) => refunded.at(payment),
            None => {
                let of_payment = self.sources(payment).filter_map(|source| returned.get(source));
                of_payment.fold(of(self.columns.fees, payment), |sum, part| sum.saturating_add(*part))
            }
        }));
    }

    /// Splits one refund, and counts it; nothing is written where it has a fault.
    fn refund_one(
        &self,
        payment: u32,
        (amount, fee): (i128, i128),
        into: &mut RefundedColumns,
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let place = usize::try_from(payment).ok().filter(|place| *place < self.payments());
        let Some(place) = place else {
            return Err(BulkError::UnknownId { column: "payment", id: payment, known: self.payments() }.into());
        };
        let RefundTerms { step, order, give_back, .. } = self.terms;
        let asked = Asked { amount: self.decimal(amount)?, fee: self.decimal(fee)?, step, order, give_back };
        asked.check()?;
        let sources = self.sources(place);
        let mut paid = decimal::zero(self.terms.scale);
        scratch.shares.clear();
        for source in sources.clone() {
            let class = self.columns.class.get(source).copied().unwrap_or(SourceClass::Held);
            let returned = into.returned.get(source).copied().unwrap_or_default();
            let share =
                Share { class, paid: self.decimal(self.columns.paid.at(source))?, returned: self.decimal(returned)? };
            check_share(source, share)?;
            paid = decimal::add(paid, share.paid)?;
            scratch.shares.push(share);
        }
        let of_payment = |column: &[i128]| column.get(place).copied().unwrap_or_default();
        let (refunded, fees) = (of_payment(&into.refunded), of_payment(&into.fees));
        let shares =
            Shares { of_sources: &scratch.shares, paid, refunded: self.decimal(refunded)?, fees: self.decimal(fees)? };
        shares.split(&asked, &mut scratch.parts)?;
        let net = amount.saturating_sub(fee);
        let parts = scratch.parts.iter().map(|(source, part)| Ok::<_, MoneyError>((*source, self.mantissa(*part)?)));
        // Promise 2: checked at run time too.
        let total = parts.clone().try_fold(0_i128, |sum, part| Ok::<_, MoneyError>(sum.saturating_add(part?.1)))?;
        if total != net {
            let (whole, parts) = (self.decimal(net)?, self.decimal(total)?);
            return Err(MoneyError::NotConserved { whole, parts }.into());
        }
        for part in parts {
            let (source, part) = part?;
            let source = sources.start.saturating_add(source);
            if part != 0 {
                into.part_source.push(source);
                into.part_amount.push(part);
                add(&mut into.returned, source, part);
            }
        }
        add(&mut into.refunded, place, amount);
        add(&mut into.fees, place, fee);
        Ok(())
    }

    /// The places of the sources of a payment.
    fn sources(&self, payment: usize) -> Range<usize> {
        let at = |place: usize| self.columns.sources.get(place).copied().unwrap_or_default();
        at(payment)..at(payment.saturating_add(1))
    }

    fn decimal(&self, value: i128) -> Result<Decimal, MoneyError> {
        let scale = self.terms.scale;
        let amount = decimal::from_parts(value, scale).or_else(|| decimal::fitted(&Integer::from(value), scale));
        amount.ok_or_else(|| MoneyError::TooManyDigits { text: format!("{value} × 10^−{scale}") })
    }

    /// A part at the scale of the batch; it has no more digits than what it is a part of.
    fn mantissa(&self, part: Decimal) -> Result<i128, MoneyError> {
        let overflow = MoneyError::Overflow { operation: "a part of a refund" };
        let part = part.normalize();
        let digits = self.terms.scale.checked_sub(part.scale()).ok_or_else(|| overflow.clone())?;
        Integer::from(part.mantissa()).times(&Integer::power_of_ten(digits)?)?.narrow().ok_or(overflow)
    }
}

/// What was paid and returned is zero or more, and no more came back than was paid.
fn check_share(source: usize, share: Share) -> Result<(), WalletError> {
    let Share { paid, returned, .. } = share;
    if let Some(amount) = [paid, returned].into_iter().find(|amount| *amount < Decimal::ZERO) {
        return Err(WalletError::NegativeAmount { amount });
    }
    if returned > paid {
        return Err(WalletError::RefundAbovePaid { origin: format!("source {source}"), paid, returned });
    }
    Ok(())
}

/// Adds where it is known to fit: no more comes back than was paid.
fn add(column: &mut [i128], place: usize, amount: i128) {
    if let Some(cell) = column.get_mut(place) {
        *cell = cell.saturating_add(amount);
    }
}

fn unknown(column: &'static str, row: usize, known: usize) -> BulkError {
    BulkError::UnknownId { column, id: u32::try_from(row).unwrap_or(u32::MAX), known }
}

fn same_length(column: &str, amounts: Option<Amounts<'_>>, expected: usize) -> Result<(), BulkError> {
    match amounts.map(Amounts::len) {
        Some(rows) if rows != expected => Err(BulkError::ColumnLength { column: column.to_owned(), rows, expected }),
        _ => Ok(()),
    }
}
