use crate::{
    bulk::{check_lengths, check_offsets, check_scale, fitted_decimal, list, no_such, number_at, place_of},
    error::{BulkError, Error, MoneyError, RowFault, WalletError},
    exact::decimal,
    money::bulk::Amounts,
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
/// use counterfoil::money::bulk::Amounts;
/// use counterfoil::wallet::{GiveBack, ReturnOrder, SourceClass};
/// use counterfoil::wallet::bulk::{PaymentColumns, Payments, RefundColumns, RefundTerms, RefundedColumns};
///
/// // 333.30 was paid: 10.00 and 20.00 by coupons, 303.30 from the balance.
/// let class = [SourceClass::Free, SourceClass::Free, SourceClass::Held];
/// let payments = PaymentColumns {
///     sources: &[0, 3],
///     class: &class,
///     paid: Amounts::Narrow(&[10_00, 20_00, 303_30]),
///     returned: None,
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
    /// What was kept of each payment as fees of refunds before; without the column, nothing. All that was refunded of
    /// it is what came back and these.
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
    /// What was kept of each payment as fees after the batch; with what came back, all that was refunded of it.
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
        check_scale("amount", terms.scale)?;
        let length = |column: Option<Amounts<'_>>| column.map(|column| column.len());
        let sources = columns.class.len();
        check_lengths(sources, [("paid", Some(columns.paid.len())), ("returned", length(columns.returned))])?;
        let payments = check_offsets(columns.sources, sources)?;
        check_lengths(payments, [("fees", length(columns.fees))])?;
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
        let fee = refunds.fee.map(|fee| fee.len());
        check_lengths(rows, [("amount", Some(refunds.amount.len())), ("fee", fee)])?;
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
    /// `money.overflow`; and, of how the payment stood before the batch, `wallet.negative_amount`,
    /// `wallet.refund_above_paid` where a source got back more than it paid, and `wallet.refund_above_rest` where all of
    /// it and the fees are more than was paid.
    pub fn row(&self, refunds: &RefundColumns<'_>, row: usize) -> Result<Vec<(usize, Decimal)>, Error> {
        let (mut before, mut scratch) = (RefundedColumns::default(), Scratch::default());
        self.open(&mut before);
        let refund = |row: usize| (refunds.amount.at(row), refunds.fee.map_or(0, |fee| fee.at(row)));
        let Some(payment) = refunds.payment.get(row).copied() else {
            return Err(no_such("refund", row, refunds.payment.len()).into());
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
        let RefundedColumns { parts, part_source, part_amount, returned, fees, faults } = into;
        [part_amount, &mut *returned, &mut *fees].into_iter().for_each(Vec::clear);
        part_source.clear();
        faults.clear();
        parts.clear();
        parts.push(0);
        let (sources, payments) = (self.columns.class.len(), self.payments());
        let of = |column: Option<Amounts<'_>>, row| column.map_or(0, |column| column.at(row));
        returned.extend((0..sources).map(|source| of(self.columns.returned, source)));
        fees.extend((0..payments).map(|payment| of(self.columns.fees, payment)));
    }

    /// Splits one refund, and counts it; nothing is written where it has a fault.
    fn refund_one(
        &self,
        payment: u32,
        (amount, fee): (i128, i128),
        into: &mut RefundedColumns,
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let place = place_of("payment", payment, self.payments())?;
        let RefundTerms { step, order, give_back, scale } = self.terms;
        let asked = Asked { amount: self.decimal(amount)?, fee: self.decimal(fee)?, step, order, give_back };
        asked.check()?;
        let Scratch { shares, parts } = scratch;
        self.standing(place, &asked, into, shares)?.split(&asked, parts)?;

        let net = amount.saturating_sub(fee); // both of zero or more: it always fits
        let fees = into.fees.get(place).copied().unwrap_or_default().checked_add(fee);
        let fees = fees.ok_or(MoneyError::Overflow { operation: "the fees of a payment" })?;
        let parts = parts.iter().map(|(source, part)| Ok::<_, MoneyError>((*source, number_at(*part, scale)?)));
        // Promise 2: checked at run time too.
        let total = parts.clone().try_fold(0_i128, |sum, part| Ok::<_, MoneyError>(sum.saturating_add(part?.1)))?;
        if total != net {
            let (whole, parts) = (self.decimal(net)?, self.decimal(total)?);
            return Err(MoneyError::NotConserved { whole, parts }.into());
        }
        let first = self.sources(place).start;
        for part in parts {
            let (source, part) = part?;
            let source = first.saturating_add(source);
            if part != 0 {
                into.part_source.push(source);
                into.part_amount.push(part);
                if let Some(returned) = into.returned.get_mut(source) {
                    *returned = returned.saturating_add(part); // no more comes back than was paid: it fits
                }
            }
        }
        if let Some(cell) = into.fees.get_mut(place) {
            *cell = fees;
        }
        Ok(())
    }

    /// How a payment stands when a refund is asked for: what its sources paid, and what came back.
    fn standing<'s>(
        &self,
        payment: usize,
        asked: &Asked,
        now: &RefundedColumns,
        of_sources: &'s mut Vec<Share>,
    ) -> Result<Shares<'s>, Error> {
        let at = |column: &[i128], place: usize| self.decimal(column.get(place).copied().unwrap_or_default());
        of_sources.clear();
        let (mut paid, mut returned) = (decimal::zero(self.terms.scale), decimal::zero(self.terms.scale));
        for source in self.sources(payment) {
            let class = self.columns.class.get(source).copied().unwrap_or(SourceClass::Held);
            let share = Share {
                class,
                paid: self.decimal(self.columns.paid.at(source))?,
                returned: at(&now.returned, source)?,
            };
            check_share(source, share)?;
            paid = decimal::add(paid, share.paid)?;
            returned = decimal::add(returned, share.returned)?;
            of_sources.push(share);
        }
        let fees = at(&now.fees, payment)?;
        if fees < Decimal::ZERO {
            return Err(WalletError::NegativeAmount { amount: fees }.into());
        }
        let refunded = decimal::add(returned, fees)?;
        let left = decimal::subtract(paid, refunded)?;
        if left < Decimal::ZERO {
            return Err(WalletError::RefundAboveRest { amount: asked.amount, paid, refunded, left }.into());
        }
        Ok(Shares { of_sources, paid, refunded, fees })
    }

    /// The places of the sources of a payment.
    fn sources(&self, payment: usize) -> Range<usize> {
        list(self.columns.sources, payment).unwrap_or_default()
    }

    fn decimal(&self, value: i128) -> Result<Decimal, MoneyError> {
        fitted_decimal(value, self.terms.scale)
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
