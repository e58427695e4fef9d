//! Books with something in every table but those of ranges.

use super::support::*;
use counterfoil::{
    metering::{Kind, Span, Spec},
    order::{AutoRenew, CycleLength, DeliveryEvent, OrderType},
    time::{Instant, Zone},
    wallet::{Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, GiveBack, RefundRequest, ReturnOrder},
};
use counterfoil_store::{
    Act, Days, Locks, OrderTerms, OrderedItem, Orders, Payments, PlanTerms, Plans, Redemptions, Refunding, Resource,
    Resources, SqlStore, Statements, TopUp, TopUps, UndeliveredTerms, Wallets,
};

/// Two days: one corrected and paid from coupon and balance, one unpaid. A top-up, a coupon that was redeemed, refunds.
pub(crate) async fn keep_books(store: &SqlStore) {
    furnish(store).await;
    open_accounts(store, &[("ada", "10.00"), ("bob", "1.00")]).await;
    store.put_coupons(&[coupon("C1", "ada", "1.00")]).await.unwrap();
    let [first, second] = [day("2024-02-20"), day("2024-02-21")];
    let one = || server("s-1", "ada", first, "1");
    store.record_day(&record(first, vec![one(), server("s-2", "bob", first, "1")])).await.unwrap();
    store.record_day(&record(first, vec![at_price(one(), "2.00"), server("s-2", "bob", first, "1")])).await.unwrap();
    store.record_day(&record(second, vec![server("s-1", "ada", second, "1")])).await.unwrap();
    let spans = vec![Span::post_paid(Instant::MIN, None, Spec::size_gib("5").unwrap())];
    let (id, kind, owner, unit) = (name("s-1"), Kind::Disk, user("ada"), name(UNIT));
    store.put_resources(&[Resource { id, kind, owner, unit, spans }]).await.unwrap();
    for id in [
        "2024-02-20/UTC/user/ada/vm/server/0",
        "2024-02-20/UTC/user/ada/vm/server/1",
        "2024-02-20/UTC/user/bob/vm/server/0",
    ] {
        store.settle_statement(id, &terms()).await.unwrap();
    }
    let top_up = TopUp { id: "T1".into(), owner: user("ada"), amount: cny("5.00") };
    store.top_up(&top_up, terms().now).await.unwrap();
    let waiting =
        CouponTerms { status: CouponStatus::Wait, owner: None, ..coupon("C2", "ada", "2.00").terms().clone() };
    store.issue_coupon(&Coupon::new(waiting).unwrap(), "7GX2").await.unwrap();
    store.redeem("C2", "7GX2", &user("ada"), terms().now).await.unwrap();
    // A correction of the second day that is refunded; a refund of an order by the coupon, which it extends.
    store.record_day(&record(second, vec![at_price(server("s-1", "ada", second, "1"), "1.00")])).await.unwrap();
    store.settle_statement("2024-02-21/UTC/user/ada/vm/server/0", &terms()).await.unwrap();
    store.record_day(&record(second, vec![at_price(server("s-1", "ada", second, "1"), "0.70")])).await.unwrap();
    store.settle_statement("2024-02-21/UTC/user/ada/vm/server/2", &terms()).await.unwrap();
    let charge = Charge {
        application: APPLICATION.into(),
        order: "o1".into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny("3.00"),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    store.charge(&charge, terms().now).await.unwrap();
    let refund = RefundRequest {
        id: "R1".into(),
        application: APPLICATION.into(),
        order: "o1".into(),
        amount: cny("1.50"),
        fee: cny("0.30"),
        step: cny("0.01").amount(),
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCouponUntil(at("2024-12-01T00:00:00Z")),
    };
    store.refund(&refund, terms().now).await.unwrap();
    store.plan_refund(&RefundRequest { id: "R2".into(), fee: cny("0"), ..refund }, terms().now).await.unwrap();
    locks_orders_and_plans(store).await;
}

/// A lock that was captured in part, an order of which an item failed and was given back, a plan that was renewed. All
/// of it of bob.
async fn locks_orders_and_plans(store: &SqlStore) {
    let now = terms().now;
    let act = Act { by: "operator".into(), reason: String::new(), now };
    store.top_up(&TopUp { id: "T2".into(), owner: user("bob"), amount: cny("50.00") }, now).await.unwrap();
    let charge = |order: &str, amount: &str| Charge {
        application: APPLICATION.into(),
        order: order.into(),
        unit: UNIT.into(),
        payer: user("bob"),
        amount: cny(amount),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    };
    for order in ["L1", "L2"] {
        store.authorise(&charge(order, "5.00"), Instant::MAX, now).await.unwrap();
    }
    store.capture(APPLICATION, "L1", cny("4.00"), now).await.unwrap();
    let item = |id: &str| OrderedItem { id: id.into(), weight: cny("1").amount() };
    let order = OrderTerms {
        application: APPLICATION.into(),
        order: "O1".into(),
        order_type: OrderType::New,
        owner: user("bob"),
        unit: UNIT.into(),
        amount: cny("6.00"),
        items: vec![item("i1"), item("i2"), item("i3")],
        step: cny("0.01").amount(),
        pay_within_s: None,
    };
    store.create_order(&order, &act).await.unwrap();
    store.create_order(&OrderTerms { order: "O2".into(), ..order }, &act).await.unwrap();
    store.pay_order(APPLICATION, "O1", Coupons::Automatic, Funding::EnoughFunds, &act).await.unwrap();
    store.deliver(APPLICATION, "O1", "i1", DeliveryEvent::Fail, &act).await.unwrap();
    store.deliver(APPLICATION, "O1", "i2", DeliveryEvent::Deliver, &act).await.unwrap();
    let back =
        UndeliveredTerms { refund: "R3".into(), returned: ReturnOrder::Proportional, give_back: GiveBack::SameCoupon };
    store.refund_undelivered(APPLICATION, "O1", &back, &act).await.unwrap();
    let plan = PlanTerms {
        application: APPLICATION.into(),
        plan: "P1".into(),
        owner: user("bob"),
        unit: UNIT.into(),
        price: cny("10.00"),
        cycle: CycleLength::Monthly,
        zone: Zone::UTC,
        start: now,
        auto_renew: AutoRenew::On,
    };
    store.create_plan(&plan, &act).await.unwrap();
    store.start_plan(APPLICATION, "P1", Coupons::Automatic, Funding::EnoughFunds, &act).await.unwrap();
    store.renew_plan(APPLICATION, "P1", 0, Coupons::Automatic, Funding::EnoughFunds, &act).await.unwrap();
    store.renew_plan(APPLICATION, "P1", 1, Coupons::Named(vec![]), Funding::CouponsOnly, &act).await.unwrap();
    store.warn_plan(APPLICATION, "P1", &act).await.unwrap();
}
