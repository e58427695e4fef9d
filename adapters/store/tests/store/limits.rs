//! A text that is too long, or that not every engine keeps, is refused in every field, before anything is written.

use super::support::*;
use counterfoil::{
    ipam::{Ipv4, NewRow},
    metering::Kind,
    order::{AutoRenew, CycleLength, DeliveryEvent, OrderType},
    time::{Instant, Zone},
    wallet::{Charge, Coupon, CouponTerms, Coupons, Funding, GiveBack, Owner, RefundRequest, ReturnOrder, Scope},
};
use counterfoil_store::{
    Account, Act, ChargeTerms, DayRecord, Days, Locks, OrderTerms, OrderedItem, Orders, Payments, PlanTerms, Plans,
    Ranges, RateCards, Redemptions, Refunding, Resource, Resources, SqlStore, StatementFilter, Statements, StoreError,
    TopUp, TopUps, UndeliveredTerms, Wallets,
};
use std::{collections::BTreeSet, ops::ControlFlow};

fn act() -> Act {
    Act { by: "operator".into(), reason: String::new(), now: terms().now }
}

fn charge() -> Charge {
    Charge {
        application: APPLICATION.into(),
        order: "o1".into(),
        unit: UNIT.into(),
        payer: user("ada"),
        amount: cny("1.00"),
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    }
}

fn refund() -> RefundRequest {
    RefundRequest {
        id: "r1".into(),
        application: APPLICATION.into(),
        order: "o1".into(),
        amount: cny("1.00"),
        fee: cny("0"),
        step: cny("0.01").amount(),
        returned: ReturnOrder::Proportional,
        give_back: GiveBack::SameCoupon,
    }
}

fn order() -> OrderTerms {
    OrderTerms {
        application: APPLICATION.into(),
        order: "o9".into(),
        order_type: OrderType::New,
        owner: user("ada"),
        unit: UNIT.into(),
        amount: cny("6.00"),
        items: vec![OrderedItem { id: "i1".into(), weight: cny("1").amount() }],
        step: cny("0.01").amount(),
        pay_within_s: None,
    }
}

fn plan() -> PlanTerms {
    PlanTerms {
        application: APPLICATION.into(),
        plan: "p1".into(),
        owner: user("ada"),
        unit: UNIT.into(),
        price: cny("1.00"),
        cycle: CycleLength::Monthly,
        zone: Zone::UTC,
        start: terms().now,
        auto_renew: AutoRenew::On,
    }
}

fn terms_of(change: impl FnOnce(&mut CouponTerms)) -> Coupon {
    let mut terms = coupon("C9", "ada", "1.00").terms().clone();
    change(&mut terms);
    Coupon::new(terms).unwrap()
}

/// Puts a text into every field that keeps one, and gives what each call says.
async fn everywhere(store: &SqlStore, text: &str) -> Vec<(&'static str, Result<(), StoreError>)> {
    let now = terms().now;
    let text = || text.to_owned();
    let owner = || Owner::User(text());
    let named = || Coupons::Named(vec![text()]);
    let wrong_act = || Act { by: text(), ..act() };
    let mut said = Vec::new();
    macro_rules! say {
        ($what:literal, $call:expr) => {
            said.push(($what, $call.await.map(drop)))
        };
    }
    say!("unit", store.put_unit(&text(), "portal"));
    say!("application of a unit", store.put_unit("u9", &text()));
    say!("owner of an account", store.put_accounts(&[Account::new(owner(), cny("1"))]));
    say!("coupon", store.put_coupons(&[terms_of(|terms| terms.id = text())]));
    say!("owner of a coupon", store.put_coupons(&[terms_of(|terms| terms.owner = Some(owner()))]));
    say!("unit of a coupon", store.put_coupons(&[terms_of(|terms| terms.unit = Some(text()))]));
    say!("order of a coupon", store.put_coupons(&[terms_of(|terms| terms.scope = Scope::Order(text()))]));
    say!("issued coupon", store.issue_coupon(&terms_of(|terms| terms.id = text()), "code"));
    say!("who redeems", store.redeem("C1", "code", &owner(), now));
    say!("top-up", store.top_up(&TopUp { id: text(), owner: user("ada"), amount: cny("1") }, now));
    say!("owner of a top-up", store.top_up(&TopUp { id: "T9".into(), owner: owner(), amount: cny("1") }, now));
    let day = day("2024-02-20");
    say!("owner of a day", store.record_day(&DayRecord { day, owners: BTreeSet::from([owner()]), readings: vec![] }));
    let resource = Resource { id: name("s"), kind: Kind::Server, owner: owner(), unit: name("vm"), spans: vec![] };
    say!("owner of a resource", store.put_resources(&[resource]));
    say!("rate card", store.put_rate_card(&text()));
    for (what, wrong) in [
        ("application of a charge", Charge { application: text(), ..charge() }),
        ("order of a charge", Charge { order: text(), ..charge() }),
        ("unit of a charge", Charge { unit: text(), ..charge() }),
        ("payer of a charge", Charge { payer: owner(), ..charge() }),
        ("coupons of a charge", Charge { coupons: named(), ..charge() }),
    ] {
        said.push((what, store.charge(&wrong, now).await.map(drop)));
        said.push((what, store.authorise(&wrong, Instant::MAX, now).await.map(drop)));
    }
    for (what, wrong) in [
        ("refund", RefundRequest { id: text(), ..refund() }),
        ("application of a refund", RefundRequest { application: text(), ..refund() }),
        ("order of a refund", RefundRequest { order: text(), ..refund() }),
    ] {
        said.push((what, store.refund(&wrong, now).await.map(drop)));
        said.push((what, store.plan_refund(&wrong, now).await.map(drop)));
    }
    for (what, wrong) in [
        ("application of an order", OrderTerms { application: text(), ..order() }),
        ("order", OrderTerms { order: text(), ..order() }),
        ("owner of an order", OrderTerms { owner: owner(), ..order() }),
        ("unit of an order", OrderTerms { unit: text(), ..order() }),
        ("item", OrderTerms { items: vec![OrderedItem { id: text(), weight: cny("1").amount() }], ..order() }),
    ] {
        said.push((what, store.create_order(&wrong, &act()).await.map(drop)));
    }
    say!("actor of an order", store.create_order(&order(), &wrong_act()));
    say!("actor of a delivery", store.deliver(APPLICATION, "o1", "i1", DeliveryEvent::Deliver, &wrong_act()));
    say!("coupons of an order", store.pay_order(APPLICATION, "o1", named(), Funding::EnoughFunds, &act()));
    let undelivered =
        UndeliveredTerms { refund: text(), returned: ReturnOrder::Proportional, give_back: GiveBack::SameCoupon };
    say!("refund of an order", store.refund_undelivered(APPLICATION, "o1", &undelivered, &act()));
    for (what, wrong) in [
        ("application of a plan", PlanTerms { application: text(), ..plan() }),
        ("plan", PlanTerms { plan: text(), ..plan() }),
        ("owner of a plan", PlanTerms { owner: owner(), ..plan() }),
        ("unit of a plan", PlanTerms { unit: text(), ..plan() }),
    ] {
        said.push((what, store.create_plan(&wrong, &act()).await.map(drop)));
    }
    say!("actor of a plan", store.create_plan(&plan(), &wrong_act()));
    say!("coupons of a plan", store.start_plan(APPLICATION, "p1", named(), Funding::EnoughFunds, &act()));
    let wrong_terms = ChargeTerms { application: text(), ..terms() };
    say!("application of a settlement", store.settle_statement("s", &wrong_terms));
    let filter = StatementFilter::dated(date("2024-02-20")..=date("2024-02-20"));
    let mut watch = |_| ControlFlow::Continue(());
    say!("application of a batch", store.settle_statements(&filter, &wrong_terms, &mut watch));
    let new = |id: String| NewRow::<Ipv4> { id, range: "10.0.0.0/24".parse().unwrap() };
    say!("request for a range", store.add_range(&text(), &new("n1".into()), None, &act()));
    say!("range", store.add_range("q1", &new(text()), None, &act()));
    say!("who asks for a range", store.add_range("q1", &new("n1".into()), None, &wrong_act()));
    say!("owner of a range", Ranges::<Ipv4>::assign_range(store, "q1", "n1", &text(), &act()));
    say!("merged range", Ranges::<Ipv4>::merge_ranges(store, "q1", &[&text()], "24".parse().unwrap(), &act()));
    said
}

#[tokio::test]
async fn ten_megabytes_and_nul_are_refused_in_every_field() {
    let (_database, store) = store().await;
    open_accounts(&store, &[("ada", "10.00")]).await;
    for text in ["x".repeat(10 << 20), "é".repeat(5 << 20), "a\0b".to_owned()] {
        for (what, said) in everywhere(&store, &text).await {
            // A card is read before it is kept, and says what is wrong with it.
            let code = said.err().map_or("", |error| error.code());
            assert!(code == "store.bad_text" || what == "rate card" && code.starts_with("pricing."), "{what}: {code}");
        }
    }
    assert_eq!(store.accounts().await.unwrap().len(), 1);
    sound(&store).await;
}
