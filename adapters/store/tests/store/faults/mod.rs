//! What goes wrong outside: a connection that is lost, a disk that is full, a deadlock, a clock that jumps. Each is a
//! typed error or no error at all, nothing is lost, and sending the same call again is safe.

mod clock;
mod deadlock;
mod full;
mod lost;
mod proxy;

use super::support::*;
use counterfoil::wallet::{Charge, Coupons, Funding};
use counterfoil_store::{Payments, SqlStore, Wallets};

/// A charge of 1.00.
fn order(order: &str) -> Charge {
    Charge {
        application: APPLICATION.into(),
        order: order.into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny("1.00"),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    }
}

/// That the books add up, and so many of the charges of 1.00 are in them.
async fn balanced(store: &SqlStore, opening: i64, charges: i64) {
    sound(store).await;
    let account = store.account(&user("ada")).await.unwrap().unwrap();
    assert_eq!(account.balance, cny(&format!("{}.00", opening - charges)));
}

async fn is_paid(store: &SqlStore, order: &str) -> bool {
    store.payment(APPLICATION, order).await.unwrap().is_some()
}
