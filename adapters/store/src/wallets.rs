use crate::{Put, Puts, StoreError};
use async_trait::async_trait;
use counterfoil::{
    money::Money,
    wallet::{Coupon, Owner},
};
use std::fmt;

/// The money of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose it is.
    pub owner: Owner,
    /// What it holds, below zero when it is overdrawn.
    pub balance: Money,
    /// What is owed beside the balance, zero or more.
    ///
    /// # Rule
    /// R-W10
    pub debt: Money,
}

/// A change of an account, which is never edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// Whose account.
    pub owner: Owner,
    /// What of it changed.
    pub book: Book,
    /// What changed it.
    pub cause: Cause,
    /// By how much.
    pub delta: Money,
    /// What it came to.
    pub after: Money,
}

/// What changes an account or a coupon: every change has exactly one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// A payment took it.
    Payment {
        /// The application that was paid.
        application: String,
        /// The order that was paid.
        order: String,
    },
    /// It was put on the account.
    TopUp {
        /// The top-up.
        id: String,
    },
    /// A refund gave it back.
    Refund {
        /// The refund.
        id: String,
        /// The application that was paid.
        application: String,
        /// The order that was paid.
        order: String,
    },
}

/// The two sums of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Book {
    /// What it holds.
    Balance,
    /// What is owed beside that.
    Debt,
}

/// Accounts, coupons, and the settlement units that they pay for.
#[async_trait]
pub trait Wallets: Send + Sync {
    /// Says which application a settlement unit belongs to: a charge for a unit that is not here is refused.
    ///
    /// # Errors
    /// `store.conflict` where it belongs to another application; `wallet.empty_id`.
    ///
    /// # Rule
    /// R-W7a
    async fn put_unit(&self, unit: &str, application: &str) -> Result<Put, StoreError>;

    /// Opens accounts with what they hold at first. All of them, or on an error none.
    ///
    /// Loading the same again changes nothing, whatever was charged since: what an account was opened with
    /// is kept beside what it holds.
    ///
    /// # Errors
    /// `store.conflict` where one was opened otherwise; `wallet.negative_debt`, `money.currency_mismatch`.
    async fn put_accounts(&self, accounts: &[Account]) -> Result<Puts, StoreError>;

    /// Takes coupons in with what they hold at first. All of them, or on an error none.
    ///
    /// As with accounts, what was charged since is no conflict; nor is who redeemed one, or that it was
    /// cancelled.
    ///
    /// # Errors
    /// `store.conflict` where one was taken in with other facts.
    async fn put_coupons(&self, coupons: &[Coupon]) -> Result<Puts, StoreError>;

    /// What an owner's account holds.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn account(&self, owner: &Owner) -> Result<Option<Account>, StoreError>;

    /// Every account, by owner.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// The coupons of an owner as they stand, by id.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn coupons(&self, owner: &Owner) -> Result<Vec<Coupon>, StoreError>;

    /// What changed an owner's account, from the first change on.
    ///
    /// # Errors
    /// `store.corrupt`.
    async fn account_entries(&self, owner: &Owner) -> Result<Vec<AccountEntry>, StoreError>;
}

impl Account {
    /// An account without debt.
    pub const fn new(owner: Owner, balance: Money) -> Self {
        Self { owner, debt: Money::zero(balance.currency()), balance }
    }
}

impl Cause {
    /// The order, where it is about one.
    pub fn order(&self) -> Option<&str> {
        match self {
            Self::Payment { order, .. } | Self::Refund { order, .. } => Some(order),
            Self::TopUp { .. } => None,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payment { application, order } => write!(f, "{order} of {application}"),
            Self::TopUp { id } => write!(f, "top-up {id}"),
            Self::Refund { id, application, .. } => write!(f, "refund {id} of {application}"),
        }
    }
}

impl Book {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Balance, Self::Debt];

    /// The name, as `balance`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Debt => "debt",
        }
    }
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
