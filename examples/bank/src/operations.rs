//! What can be asked of the store.

use crate::ranges::RangeChange;
use serde::{Deserialize, Serialize};
use std::fmt;

/// More than all wallets can come to hold, in hundredths.
pub(crate) const ABOVE_ALL: i64 = 1_000_000_000_000;

/// A round of a writer of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) client: u32,
    pub(crate) writer: u32,
    pub(crate) round: u32,
}

/// Something that is asked of the store. Its ids are those of the place that it was made for: whoever asks it, it is
/// the same.
///
/// A recorded day says how many hours each server of a wallet ran; a corrected one that it was otherwise. A plan is
/// renewed by what was decided when it had been renewed so often. What is settled is all that is open of a day of a
/// wallet, or of a day of all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operation {
    Charge { order: String, wallet: u32, cents: i64, coupons: Option<Vec<String>>, only_coupons: bool },
    TopUp { id: String, wallet: u32, cents: i64 },
    Refund { id: String, order: String, cents: i64, fee: i64, returned: String, give_back: GiveBack },
    Authorise { order: String, wallet: u32, cents: i64, lasts_ms: u32 },
    Capture { order: String, cents: i64 },
    Void { order: String },
    Release,
    Issue { coupon: String, code: String, cents: i64 },
    Redeem { coupon: String, code: String, wallet: u32 },
    Cancel { coupon: String },
    ChangeRange(RangeChange),
    StartPlan { plan: String, wallet: u32, cents: i64 },
    RenewPlan { plan: String, asked: u32 },
    RecordDay { wallet: u32, day: u32, hours: Vec<u32> },
    CorrectDay { wallet: u32, day: u32, hours: Vec<u32> },
    SettleStatement { wallet: u32, day: u32, sequence: u32 },
    SettleDay { day: u32 },
}

/// Where the part of a refund goes that coupons paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GiveBack {
    SameCoupon,
    BalanceIfExpired,
    Balance,
    RecordedOnly,
}

/// A kind of operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Charge,
    ChargeAboveFunds,
    TopUp,
    Refund,
    Authorise,
    Capture,
    Void,
    Release,
    Issue,
    Redeem,
    RedeemByWrongCode,
    Cancel,
    ChangeRange,
    StartPlan,
    RenewPlan,
    RecordDay,
    CorrectDay,
    SettleStatement,
    SettleDay,
}

impl Operation {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Charge { cents, .. } if *cents == ABOVE_ALL => Kind::ChargeAboveFunds,
            Self::Charge { .. } => Kind::Charge,
            Self::TopUp { .. } => Kind::TopUp,
            Self::Refund { .. } => Kind::Refund,
            Self::Authorise { .. } => Kind::Authorise,
            Self::Capture { .. } => Kind::Capture,
            Self::Void { .. } => Kind::Void,
            Self::Release => Kind::Release,
            Self::Issue { .. } => Kind::Issue,
            Self::Redeem { code, .. } if code == "guessed" => Kind::RedeemByWrongCode,
            Self::Redeem { .. } => Kind::Redeem,
            Self::Cancel { .. } => Kind::Cancel,
            Self::ChangeRange(_) => Kind::ChangeRange,
            Self::StartPlan { .. } => Kind::StartPlan,
            Self::RenewPlan { .. } => Kind::RenewPlan,
            Self::RecordDay { .. } => Kind::RecordDay,
            Self::CorrectDay { .. } => Kind::CorrectDay,
            Self::SettleStatement { .. } => Kind::SettleStatement,
            Self::SettleDay { .. } => Kind::SettleDay,
        }
    }
}

/// The order that a cycle of a plan is paid by.
pub(crate) fn cycle(plan: &str, cycle: u32) -> String {
    format!("{plan}/{cycle}")
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.client, self.writer, self.round)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Charge => "charge",
            Self::ChargeAboveFunds => "charge above all funds",
            Self::TopUp => "top-up",
            Self::Refund => "refund",
            Self::Authorise => "authorise",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Release => "release expired",
            Self::Issue => "issue coupon",
            Self::Redeem => "redeem coupon",
            Self::RedeemByWrongCode => "redeem by wrong code",
            Self::Cancel => "cancel coupon",
            Self::ChangeRange => "change range",
            Self::StartPlan => "start plan",
            Self::RenewPlan => "renew plan",
            Self::RecordDay => "record day",
            Self::CorrectDay => "correct day",
            Self::SettleStatement => "settle statement",
            Self::SettleDay => "settle day",
        })
    }
}
