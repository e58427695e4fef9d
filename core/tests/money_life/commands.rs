//! What can happen, and how often.

use crate::world::{COUPONS, OWNERS, at};
use counterfoil::wallet::{GiveBack, RefundEvent, ReturnOrder};
use proptest::{collection::vec, prelude::*, sample::select};

/// What pays the rest, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pays {
    CouponsOnly,
    EnoughFunds,
    Overdraft(Option<i64>),
    Debt,
}

/// A charge, as both sides read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) owner: usize,
    pub(crate) unit: usize,
    pub(crate) cents: i64,
    pub(crate) dollars: bool,
    pub(crate) named: Option<Vec<usize>>,
    pub(crate) pays: Pays,
}

/// How much of what is left.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Amount {
    PerMille(i64),
    /// So many cents more than is left.
    Above(i64),
    /// Half a cent more than some.
    Uneven,
    Dollars,
    Negative,
}

#[derive(Debug, Clone)]
pub(crate) enum Command {
    TopUp {
        owner: usize,
        cents: i64,
    },
    PayDebt {
        owner: usize,
        cents: i64,
    },
    Redeem {
        owner: usize,
        coupon: usize,
        right_code: bool,
    },
    /// A new order, or one that was used before.
    Charge {
        ask: Ask,
        again: Option<usize>,
    },
    /// The last charge or lock, word for word again.
    Repeat,
    Lock {
        ask: Ask,
        again: Option<usize>,
        seconds: i64,
    },
    Capture {
        lock: usize,
        amount: Amount,
    },
    Void {
        lock: usize,
    },
    Refund {
        payment: usize,
        amount: Amount,
        fee: i64,
        order: ReturnOrder,
        give_back: Back,
        again: Option<usize>,
    },
    Happens {
        refund: usize,
        event: RefundEvent,
    },
    Correct {
        owner: usize,
        cents: i64,
    },
    Pass {
        seconds: i64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Back {
    Same,
    Until(i64),
    IfExpired,
    Balance,
    Recorded,
    NotCoupons,
}

impl Back {
    pub(crate) fn policy(self) -> GiveBack {
        match self {
            Self::Same => GiveBack::SameCoupon,
            Self::Until(second) => GiveBack::SameCouponUntil(at(second)),
            Self::IfExpired => GiveBack::BalanceIfExpired,
            Self::Balance => GiveBack::Balance,
            Self::Recorded => GiveBack::RecordedOnly,
            Self::NotCoupons => GiveBack::NotCoupons,
        }
    }
}

pub(crate) fn asks() -> impl Strategy<Value = Ask> {
    let pays = select(vec![
        Pays::EnoughFunds,
        Pays::EnoughFunds,
        Pays::CouponsOnly,
        Pays::Overdraft(None),
        Pays::Overdraft(Some(500)),
        Pays::Debt,
        Pays::Debt,
    ]);
    let amount = prop_oneof![1 => Just(0_i64), 2 => 1_i64..=20, 6 => 1_i64..=4_000, 1 => Just(-1_i64)];
    let named = proptest::option::weighted(0.25, vec(0..COUPONS.len() * 5, 0..=2));
    (0..OWNERS, prop::bool::weighted(0.15), amount, prop::bool::weighted(0.03), named, pays).prop_map(
        |(owner, disk, cents, dollars, named, pays)| Ask {
            owner,
            unit: usize::from(disk),
            cents,
            dollars,
            named,
            pays,
        },
    )
}

pub(crate) fn amounts() -> impl Strategy<Value = Amount> {
    prop_oneof![
        8 => (0_i64..=1_000).prop_map(Amount::PerMille),
        3 => Just(Amount::PerMille(1_000)),
        2 => (1_i64..=3).prop_map(Amount::Above),
        1 => Just(Amount::Uneven),
        1 => Just(Amount::Dollars),
        1 => Just(Amount::Negative),
    ]
}

pub(crate) fn commands(sober: bool) -> impl Strategy<Value = Command> {
    let again = || proptest::option::weighted(0.2, 0..50_usize);
    let fee = if sober { Just(0_i64).boxed() } else { prop_oneof![3 => Just(0_i64), 1 => 0_i64..=1_000].boxed() };
    let back = if sober {
        prop_oneof![Just(Back::Same), (0_i64..2_000).prop_map(Back::Until)].boxed()
    } else {
        let others = select(vec![Back::IfExpired, Back::Balance, Back::Recorded, Back::NotCoupons]);
        prop_oneof![2 => Just(Back::Same), 1 => (0_i64..2_000).prop_map(Back::Until), 3 => others].boxed()
    };
    let refund = (0..50_usize, amounts(), fee, select(ReturnOrder::ALL.to_vec()), back, again());
    prop_oneof![
        4 => (0..OWNERS, 1_i64..=5_000).prop_map(|(owner, cents)| Command::TopUp { owner, cents }),
        1 => (0..OWNERS, 1_i64..=2_000).prop_map(|(owner, cents)| Command::PayDebt { owner, cents }),
        5 => (0..OWNERS, 0..COUPONS.len(), prop::bool::weighted(0.9))
            .prop_map(|(owner, coupon, right_code)| Command::Redeem { owner, coupon, right_code }),
        9 => (asks(), again()).prop_map(|(ask, again)| Command::Charge { ask, again }),
        1 => Just(Command::Repeat),
        4 => (asks(), again(), 0_i64..=150).prop_map(|(ask, again, seconds)| Command::Lock { ask, again, seconds }),
        4 => (0..50_usize, amounts()).prop_map(|(lock, amount)| Command::Capture { lock, amount }),
        2 => (0..50_usize).prop_map(|lock| Command::Void { lock }),
        9 => refund.prop_map(|(payment, amount, fee, order, give_back, again)| {
            Command::Refund { payment, amount, fee, order, give_back, again }
        }),
        8 => (0..50_usize, select(vec![RefundEvent::Succeed, RefundEvent::Succeed, RefundEvent::Fail, RefundEvent::Retry, RefundEvent::Close]))
            .prop_map(|(refund, event)| Command::Happens { refund, event }),
        2 => (0..OWNERS, prop_oneof![-800_i64..=-1, 0_i64..=300]).prop_map(|(owner, cents)| Command::Correct { owner, cents }),
        3 => (1_i64..=120).prop_map(|seconds| Command::Pass { seconds }),
    ]
}

/// A correction that is to be paid.
pub(crate) fn correction(owner: usize, cents: i64) -> Ask {
    Ask { owner, unit: 0, cents, dollars: false, named: None, pays: Pays::Overdraft(None) }
}
