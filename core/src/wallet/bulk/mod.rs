//! Many payments at once, as columns: what the charges of many payers take, in order (R-W3 … R-W10).
//!
//! ```text
//! CouponColumns, grouped by payer ─┐
//! PayerColumns: balance, debt ─────┴→ Wallets ─┐
//! ChargeColumns: payer, unit, amount ──────────┴→ Wallets::deduct ─→ DeductedColumns: legs, what is left of each
//! DeductionTerms: who is paid, by what, when                         source, and the faults, as (row, code)
//! ```
//!
//! Charges are deducted one after another: a payer's second draws on what the first left. One that has a fault takes
//! nothing and costs none of the others; [`Wallets::row`] deducts one by the single call and says what is wrong with
//! it. Nothing is allocated for a charge that has no fault, and no thread is started: whoever has several cuts the
//! payers into chunks.
//!
//! ```text
//! PaymentColumns: sources of each, paid, returned ─→ Payments ─┐
//! RefundColumns: payment, amount, fee ─────────────────────────┴→ Payments::refund ─→ RefundedColumns: parts, and the
//! RefundTerms: step, order, policy                                                    faults, as (row, code)
//! ```

mod columns;
mod deduct;
mod refunds;
mod wallets;

pub use columns::{
    ChargeColumns, CouponColumns, DeductedColumns, DeductionTerms, NO_COUPON, NO_UNIT, NamedCoupons, PayerColumns,
    PaymentState,
};
pub use refunds::{PaymentColumns, Payments, RefundColumns, RefundTerms, RefundedColumns};
pub use wallets::Wallets;
