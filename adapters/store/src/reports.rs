use crate::{Act, StatementFilter, StoreError};
use async_trait::async_trait;
use counterfoil::{
    exact::Exact,
    metering::Kind,
    money::{Currency, Money},
    units::Name,
    wallet::Owner,
};
use std::fmt;

/// What an owner's resources of a kind came to, and who paid.
///
/// `payable = by_coupon + by_balance + by_debt − given_back + unpaid + cancelled`, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Whose.
    pub owner: Owner,
    /// The service unit.
    pub unit: Name,
    /// The kind of resource.
    pub kind: Kind,
    /// In what currency.
    pub currency: Currency,
    /// How many statements.
    pub statements: usize,
    /// How many lines they have.
    pub lines: usize,
    /// What all that was used costs.
    pub original: Money,
    /// What is to be paid.
    pub payable: Money,
    /// What coupons paid.
    pub by_coupon: Money,
    /// What the balance paid.
    pub by_balance: Money,
    /// What was put on the debt.
    pub by_debt: Money,
    /// What corrections gave back of that.
    pub given_back: Money,
    /// What is still to be paid; below zero where corrections are to be refunded.
    pub unpaid: Money,
    /// What was asked for and withdrawn.
    pub cancelled: Money,
}

/// Whether the books add up.
///
/// # Rule
/// R-S2, R-W6
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    /// The sums, one for each currency.
    pub sums: Vec<Sums>,
    /// What does not agree; nothing if the books are right.
    pub findings: Vec<Finding>,
    /// How some of it can be mended: where the journal proves what a balance must be. The rest needs a backup, or a
    /// person who knows.
    pub repairs: Vec<Repair>,
}

/// The sums of the whole store in one currency, each from its own table, exact.
///
/// In books that are right
///
/// ```text
/// readings = lines = statements = statements_paid + statements_unpaid + statements_cancelled
/// payments = legs = from_coupons + from_balance + from_debt
/// refunds  = to_coupons + to_balance + to_debt + refund_fees + recorded
/// entries  = accounts = top_ups − from_balance + to_balance
/// coupons  = to_coupons − from_coupons              debts = from_debt − to_debt
/// put_in   = held + payments − (to_coupons + to_balance + to_debt)
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// The currency.
    pub currency: Currency,
    /// The payable amounts of all readings in their latest version, but for those that were taken back.
    pub readings: Exact,
    /// The payable amounts of all statement lines.
    pub lines: Exact,
    /// The payable amounts of all statements.
    pub statements: Exact,
    /// Of these, what is paid.
    pub statements_paid: Exact,
    /// Of these, what is still to be paid; less what corrections are to give back.
    pub statements_unpaid: Exact,
    /// Of these, what was withdrawn.
    pub statements_cancelled: Exact,
    /// The amounts of all payments, of statements and of other orders.
    pub payments: Exact,
    /// The amounts of all legs.
    pub legs: Exact,
    /// What coupons paid, by the legs.
    pub from_coupons: Exact,
    /// What balances paid, by the legs.
    pub from_balance: Exact,
    /// What was put on debts, by the legs.
    pub from_debt: Exact,
    /// What all balances changed by, by the entries of the accounts.
    pub entries: Exact,
    /// What all balances hold less what they were opened with.
    pub accounts: Exact,
    /// What all coupons hold less what they were taken in with.
    pub coupons: Exact,
    /// What is owed on all debts less what was owed at first.
    pub debts: Exact,
    /// What was put on accounts since they were opened.
    pub top_ups: Exact,
    /// What came into the books: what accounts and coupons were opened with, less debts, and the top-ups.
    pub put_in: Exact,
    /// What all accounts and coupons hold, less debts.
    pub held: Exact,
    /// The amounts of all refunds that were carried out, with fees.
    pub refunds: Exact,
    /// What of them was kept.
    pub refund_fees: Exact,
    /// What of them came back to coupons.
    pub to_coupons: Exact,
    /// What of them came back to balances, of coupons too.
    pub to_balance: Exact,
    /// What of them lowered debts.
    pub to_debt: Exact,
    /// What of them was written down only, and nobody got.
    pub recorded: Exact,
}

/// Something in the store that does not agree with the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The table that it was found in.
    pub table: &'static str,
    /// What tells the row from others.
    pub row: String,
    /// What is wrong.
    pub fault: String,
}

/// A value that the journal proves to be wrong, and what it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The table.
    pub table: &'static str,
    /// What tells the row from others: an owner, a coupon.
    pub row: String,
    /// The column.
    pub column: &'static str,
    /// What it says.
    pub from: String,
    /// What it must say.
    pub to: String,
    /// What proves it.
    pub why: String,
}

/// Sums for people, and the proof that the books add up.
#[async_trait]
pub trait Reports: Send + Sync {
    /// What statements came to, by owner, unit, kind and currency.
    ///
    /// # Errors
    /// `store.corrupt`, `money.overflow`.
    async fn totals(&self, filter: &StatementFilter) -> Result<Vec<Total>, StoreError>;

    /// Reads the whole store and checks it against itself, in exact arithmetic: every statement is the sum
    /// of its lines and every line the change of its reading, every payment is the sum of its legs, every
    /// entry has one cause and begins where the one before it on the same source ended, and what accounts
    /// and coupons hold is what they were loaded with and what their entries changed; address ranges share no
    /// address, and stand where their records lead, each of which is what its request asked for.
    ///
    /// What is wrong is a [`Finding`], not an error, and the rest is checked all the same.
    ///
    /// # Errors
    /// `store.io`, `store.busy`.
    async fn verify(&self) -> Result<Audit, StoreError>;

    /// Carries out a repair that [`verify`](Reports::verify) told of, and writes down who did, when and why. One
    /// transaction; what the journal says is never touched.
    ///
    /// # Errors
    /// `store.conflict` where the value is not what it was when it was told of: verify again. `store.bad_text`.
    async fn repair(&self, repair: &Repair, act: &Act) -> Result<(), StoreError>;
}

impl Sums {
    /// Nothing of a currency.
    pub(crate) fn nothing(currency: Currency) -> Self {
        let zero = || Exact::ZERO;
        Self {
            currency,
            readings: zero(),
            lines: zero(),
            statements: zero(),
            statements_paid: zero(),
            statements_unpaid: zero(),
            statements_cancelled: zero(),
            payments: zero(),
            legs: zero(),
            from_coupons: zero(),
            from_balance: zero(),
            from_debt: zero(),
            entries: zero(),
            accounts: zero(),
            coupons: zero(),
            debts: zero(),
            top_ups: zero(),
            put_in: zero(),
            held: zero(),
            refunds: zero(),
            refund_fees: zero(),
            to_coupons: zero(),
            to_balance: zero(),
            to_debt: zero(),
            recorded: zero(),
        }
    }
}

impl Audit {
    /// Whether nothing disagrees.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, row, column, from, to, why } = self;
        write!(f, "{table} `{row}`: `{column}` from {from} to {to}, because {why}")
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`: {}", self.table, self.row, self.fault)
    }
}
