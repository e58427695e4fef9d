use crate::{
    error::RowFault,
    money::{Currency, bulk::Amounts},
    time::Instant,
    wallet::{CouponStatus, Funding, Owner, SourceKind},
};

/// The unit of a coupon without one: it pays for nothing.
pub const NO_UNIT: u32 = u32::MAX;

/// The coupon of a leg of another source: the balance or the debt of the row's payer.
pub const NO_COUPON: u32 = u32::MAX;

/// Coupons, one a row, the coupons of one payer side by side.
///
/// Who holds them is said by [`PayerColumns::coupons`]. What deduction does not look at, as the face value, has no
/// column.
///
/// # Units
/// Instants are microseconds since 1970-01-01T00:00:00Z.
///
/// # Rule
/// R-W1
#[derive(Debug, Clone, Copy)]
pub struct CouponColumns<'a> {
    /// Its id, one among all coupons: equal ones of one payer are an error, of two payers they are not looked for.
    pub id: &'a [&'a str],
    /// What is left of it, zero or more.
    pub balance: Amounts<'a>,
    /// Where it is in its life.
    pub status: &'a [CouponStatus],
    /// From when it pays.
    pub effective: &'a [i64],
    /// Until when it pays.
    pub expiration: &'a [i64],
    /// When it was issued.
    pub created: &'a [i64],
    /// The settlement unit that it pays for, by its place among the units; [`NO_UNIT`] without.
    pub unit: &'a [u32],
    /// The one order that it pays for, if it is for one; without the column, none is.
    pub only_order: Option<&'a [Option<&'a str>]>,
}

/// Payers, one a row, with their accounts.
///
/// # Rule
/// R-W6, R-W10
#[derive(Debug, Clone, Copy)]
pub struct PayerColumns<'a> {
    /// Who it is.
    pub owner: &'a [Owner],
    /// What the account holds, below zero when it is overdrawn.
    pub balance: Amounts<'a>,
    /// What is owed beside it, zero or more; without the column, nothing.
    pub debt: Option<Amounts<'a>>,
    /// Offsets: payer *p* holds the coupons from `coupons[p]` up to `coupons[p + 1]`, as lists of Arrow do.
    pub coupons: &'a [usize],
}

/// Charges, one a row, in the order in which they are paid.
///
/// # Rule
/// R-W6
#[derive(Debug, Clone, Copy)]
pub struct ChargeColumns<'a> {
    /// Who pays, by its place among the payers.
    pub payer: &'a [u32],
    /// The settlement unit that is paid, by its place among the units.
    pub unit: &'a [u32],
    /// The id of the order or statement that is paid.
    pub order: &'a [&'a str],
    /// How much, zero or more.
    pub amount: Amounts<'a>,
    /// The coupons that are named; without, all are chosen automatically.
    pub named: Option<NamedCoupons<'a>>,
}

/// The coupons that charges name, as lists.
///
/// # Rule
/// R-W4
#[derive(Debug, Clone, Copy)]
pub struct NamedCoupons<'a> {
    /// Offsets: charge *r* names those from `offsets[r]` up to `offsets[r + 1]`.
    pub offsets: &'a [usize],
    /// Places among the coupons, in the order in which they are to pay.
    pub coupons: &'a [u32],
    /// Which charges name coupons at all (a list may be empty: then none is used); the others choose automatically.
    /// Without, all name theirs.
    pub present: Option<&'a [bool]>,
}

/// What holds for all charges of a batch.
#[derive(Debug, Clone)]
pub struct DeductionTerms {
    /// The application that is paid.
    pub application: String,
    /// What pays what the coupons do not. Its steps of other kinds than coupons and balance find nothing here.
    pub funding: Funding,
    /// When it is paid.
    pub now: Instant,
}

/// Whether a charge was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentState {
    /// Its legs are there; none, where nothing was to be paid.
    Paid,
    /// It has a fault, and took nothing.
    Failed,
}

/// What came of a batch; made once, and filled again by each.
///
/// # Units
/// Amounts are `value × 10^−scale` of the batch's currency.
///
/// # Rule
/// R-W6, R-W8
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeductedColumns {
    /// The digits after the point of all amounts.
    pub scale: u32,
    /// What became of each charge.
    pub state: Vec<PaymentState>,
    /// What coupons pay of each.
    pub from_coupons: Vec<i128>,
    /// What the account pays of each, as debt too.
    pub from_account: Vec<i128>,
    /// Offsets: charge *r* has the legs from `legs[r]` up to `legs[r + 1]`.
    pub legs: Vec<usize>,
    /// What pays each leg: a coupon, the balance, or debt.
    pub leg_kind: Vec<SourceKind>,
    /// Which coupon, by its place; [`NO_COUPON`] for the account of the charge's payer.
    pub leg_coupon: Vec<u32>,
    /// How much, above zero.
    pub leg_amount: Vec<i128>,
    /// What the source held before; of debt, what was owed.
    pub leg_before: Vec<i128>,
    /// What it holds after.
    pub leg_after: Vec<i128>,
    /// What each coupon holds after the batch.
    pub coupon_left: Vec<i128>,
    /// What the account of each payer holds after the batch.
    pub balance_left: Vec<i128>,
    /// What each payer owes beside it after the batch.
    pub debt_left: Vec<i128>,
    /// What is wrong with the charges that failed, in their order.
    pub faults: Vec<RowFault>,
}

/// The currency of a batch, and the digits after the point of its amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    pub(super) currency: Currency,
    pub(super) scale: u32,
}
