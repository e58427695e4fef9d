//! What the store answered, as it is written into a diary.

use counterfoil::{
    money::Money,
    wallet::{Leg, RefundLeg},
};
use counterfoil_store::{StoredPayment, StoredRefund};
use serde::{Deserialize, Serialize};

/// What was acknowledged: of a recorded day the statements that were added, of a settlement its statements and what
/// settled them, of a change of ranges the rows that came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    Paid { parts: Parts, is_replay: bool },
    ToppedUp { is_replay: bool },
    Refunded { parts: Parts, state: String, is_replay: bool },
    Locked { parts: Parts, is_replay: bool },
    Captured { parts: Parts, is_replay: bool },
    Voided { is_replay: bool },
    Released { orders: Vec<String> },
    Issued { is_replay: bool },
    Redeemed { is_replay: bool },
    Cancelled { is_replay: bool },
    Recorded { statements: Parts, is_replay: bool },
    Settled { statements: Vec<String>, by: Parts, is_replay: bool },
    SettledDay { settled: usize, of: usize },
    Changed { rows: Vec<String>, is_replay: bool },
    Refused { code: String },
}

/// Sources and how much of each.
pub(crate) type Parts = Vec<(String, String)>;

impl Answer {
    /// Whether it was done before.
    pub(crate) fn is_replay(&self) -> bool {
        match self {
            Self::Paid { is_replay, .. }
            | Self::ToppedUp { is_replay }
            | Self::Refunded { is_replay, .. }
            | Self::Locked { is_replay, .. }
            | Self::Captured { is_replay, .. }
            | Self::Voided { is_replay }
            | Self::Issued { is_replay }
            | Self::Redeemed { is_replay }
            | Self::Cancelled { is_replay }
            | Self::Recorded { is_replay, .. }
            | Self::Settled { is_replay, .. }
            | Self::Changed { is_replay, .. } => *is_replay,
            Self::SettledDay { .. } | Self::Released { .. } | Self::Refused { .. } => false,
        }
    }
}

/// What each source pays.
pub(crate) fn legs(legs: &[Leg<'_>]) -> Parts {
    legs.iter().map(|leg| (leg.source().to_string(), text(leg.amount()))).collect()
}

/// What of each source is given back and where to, and the state of the refund.
pub(crate) fn refund(stored: &StoredRefund) -> (Parts, String) {
    let part = |leg: &RefundLeg| (format!("{} to {}", leg.source(), leg.to().name()), text(leg.amount()));
    (stored.refund.legs().iter().map(part).collect(), stored.refund.state().name().to_owned())
}

/// The payment or the refunds that settled something, by their ids, and how much each is.
pub(crate) fn settled_by(payment: Option<&StoredPayment>, refunds: &[StoredRefund]) -> Parts {
    let payment = payment.map(|stored| (stored.payment.charge().order.clone(), text(stored.payment.charge().amount)));
    let refund = |stored: &StoredRefund| (stored.refund.id().to_owned(), text(stored.refund.request().amount));
    payment.into_iter().chain(refunds.iter().map(refund)).collect()
}

pub(crate) fn text(amount: Money) -> String {
    amount.amount().normalize().to_string()
}
