//! Whatever people write is kept as it is, and apart from what only looks the same.

use super::support::*;
use counterfoil::{
    ipam::{Ipv4, NewRow},
    metering::Kind,
    order::{AutoRenew, CycleLength, OrderType},
    pricing::RateCard,
    time::{Instant, Zone},
    units::Name,
    wallet::{
        Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, GiveBack, Owner, RefundRequest, ReturnOrder, Scope,
    },
};
use counterfoil_store::{
    Account, Act, DayReading, Days, Locks, OrderTerms, OrderedItem, Orders, Payments, PlanTerms, Plans, Ranges,
    RateCards, ReadingFilter, Redemptions, Refunding, Resource, Resources, SqlStore, Statements, Supernet, TopUp,
    TopUps, Wallets,
};
use std::collections::BTreeSet;

/// Each is another text than each other one.
const TEXTS: [&str; 36] = [
    // The same but for case, accents, what joins to a letter, and what nobody sees.
    "a",
    "A",
    "a ",
    " a",
    "a  ",
    "á",
    "a\u{301}",
    "Á",
    "ä",
    "å",
    "ａ",
    "a\u{200b}",
    "\u{feff}a",
    "a\u{202e}",
    "ß",
    "ss",
    "ı",
    "i",
    "I",
    "ﬁ",
    "fi",
    "a\t",
    "a\n",
    "a\r\n",
    "😀",
    "😀\u{fe0f}",
    "张三",
    "張三",
    // What is something to a database.
    "'; drop table accounts; --",
    "\"; delete from legs; --",
    "\\",
    "\\'",
    "100%_",
    "?1 $1 :a",
    "user:a",
    "null",
];

/// Another amount for each text, so that none is taken for another.
fn numbered() -> impl Iterator<Item = (usize, &'static str)> {
    (1..).zip(TEXTS)
}

fn act(text: &str) -> Act {
    Act { by: text.into(), reason: text.into(), now: terms().now }
}

fn charge(order: &str, text: &str, amount: &str) -> Charge {
    Charge {
        application: text.into(),
        order: order.into(),
        unit: text.into(),
        payer: user(text),
        amount: cny(amount),
        coupons: Coupons::Named(vec![text.into()]),
        funding: Funding::EnoughFunds,
    }
}

/// For each text a user, a group, a unit, an application, and a coupon that pays one order.
async fn owners(store: &SqlStore) {
    for (number, text) in numbered() {
        let account = |owner, cents: usize| Account::new(owner, cny(&format!("{number}00.{cents:02}")));
        let accounts = [account(user(text), number), account(Owner::Group(text.into()), 50 + number)];
        assert_eq!(store.put_accounts(&accounts).await.unwrap().inserted, 2, "{text:?}");
        store.put_unit(text, text).await.unwrap();
        let held = CouponTerms {
            unit: Some(text.into()),
            scope: Scope::Order(text.into()),
            ..coupon(text, text, "1.00").terms().clone()
        };
        assert_eq!(store.put_coupons(&[Coupon::new(held).unwrap()]).await.unwrap().inserted, 1, "{text:?}");
    }
}

#[tokio::test]
async fn accounts_coupons_payments_and_refunds_keep_their_texts() {
    let (_database, store) = store().await;
    assert_eq!(BTreeSet::from(TEXTS).len(), TEXTS.len());
    owners(&store).await;
    let now = terms().now;
    let mut paid = Vec::new();
    for (number, text) in numbered() {
        let top_up = TopUp { id: text.into(), owner: user(text), amount: cny(&format!("{number}.00")) };
        assert!(!store.top_up(&top_up, now).await.unwrap().is_replay, "{text:?}");
        let payment = store.charge(&charge(text, text, &format!("{number}.50")), now).await.unwrap();
        let refund = RefundRequest {
            id: text.into(),
            application: text.into(),
            order: text.into(),
            amount: cny("0.50"),
            fee: cny("0"),
            step: cny("0.01").amount(),
            returned: ReturnOrder::PaidFirst,
            give_back: GiveBack::SameCoupon,
        };
        let refunded = store.refund(&refund, now).await.unwrap();
        let lock = Charge { coupons: Coupons::Automatic, ..charge(&format!("lock of {text}"), text, "0.25") };
        let locked = store.authorise(&lock, Instant::MAX, now).await.unwrap();
        assert!(!payment.is_replay && !refunded.is_replay && !locked.is_replay, "{text:?}");
        paid.push((payment.payment, refunded.refund, locked.lock));
    }
    for ((number, text), (payment, refund, lock)) in numbered().zip(&paid) {
        assert_eq!(store.payment(text, text).await.unwrap().as_ref(), Some(payment), "{text:?}");
        assert_eq!(store.refund_of(text, text).await.unwrap().as_ref(), Some(refund), "{text:?}");
        assert_eq!(store.lock(text, &format!("lock of {text}")).await.unwrap().as_ref(), Some(lock), "{text:?}");
        let group = store.account(&Owner::Group(text.into())).await.unwrap().unwrap();
        assert_eq!(group.balance.to_string(), format!("{number}00.{}", 50 + number));
        // What was topped up was spent, but for the coupon's part.
        let ada = store.account(&user(text)).await.unwrap().unwrap();
        assert_eq!((ada.owner, ada.balance), (user(text), cny(&format!("{number}01.{number:02}"))), "{text:?}");
        let [held] = &store.coupons(&user(text)).await.unwrap()[..] else { panic!("{text:?}") };
        assert_eq!((held.id(), held.balance(), &held.terms().scope), (text, cny("0"), &Scope::Order(text.into())));
        assert_eq!(store.top_ups(&user(text)).await.unwrap()[0].top_up.id, text);
        assert_eq!(store.account_entries(&user(text)).await.unwrap().len(), 3);
    }
    sound(&store).await;
}

#[tokio::test]
async fn orders_and_plans_keep_their_texts() {
    let (_database, store) = store().await;
    owners(&store).await;
    let mut kept = Vec::new();
    for (number, text) in numbered() {
        // The items of an order are apart too.
        let item = |id: &str| OrderedItem { id: id.into(), weight: cny("1").amount() };
        let order = OrderTerms {
            application: text.into(),
            order: format!("order of {text}"),
            order_type: OrderType::New,
            owner: user(text),
            unit: text.into(),
            amount: cny(&format!("{number}.00")),
            items: TEXTS.map(item).into(),
            step: cny("0.01").amount(),
            pay_within_s: None,
        };
        let order = store.create_order(&order, &act(text)).await.unwrap();
        let plan = PlanTerms {
            application: text.into(),
            plan: text.into(),
            owner: user(text),
            unit: text.into(),
            price: cny(&format!("{number}.00")),
            cycle: CycleLength::Monthly,
            zone: Zone::UTC,
            start: terms().now,
            auto_renew: AutoRenew::On,
        };
        let plan = store.create_plan(&plan, &act(text)).await.unwrap();
        assert!(!order.is_replay && !plan.is_replay, "{text:?}");
        store.start_plan(text, text, Coupons::Automatic, Funding::EnoughFunds, &act(text)).await.unwrap();
        kept.push((order.order, plan.plan.terms));
    }
    for (text, (order, terms)) in TEXTS.into_iter().zip(kept) {
        let id = &format!("order of {text}");
        assert_eq!(store.order(text, id).await.unwrap(), Some(order.clone()), "{text:?}");
        assert_eq!(store.orders(&user(text)).await.unwrap(), [order], "{text:?}");
        assert_eq!(store.order_history(text, id).await.unwrap()[0].act, act(text));
        assert_eq!(store.plan(text, text).await.unwrap().unwrap().terms, terms);
        let history = store.plan_history(text, text).await.unwrap();
        assert_eq!(history.iter().map(|step| &step.act).collect::<Vec<_>>(), [&act(text), &act(text)]);
    }
    sound(&store).await;
}

#[tokio::test]
async fn resources_readings_statements_and_cards_keep_their_names() {
    let (_database, store) = store().await;
    let day = day("2024-02-20");
    // A name has no blanks at its ends and no control characters.
    let names: Vec<(&str, Name)> = TEXTS.iter().filter_map(|text| Some((*text, text.parse().ok()?))).collect();
    assert!(names.len() > 25, "{}", names.len());
    let (mut resources, mut readings) = (Vec::new(), Vec::new());
    for (text, name) in &names {
        let quoted = text.replace('\\', r"\\").replace('"', "\\\"");
        let source = CARD.replace("2024-02", &quoted) + "# " + text;
        store.put_rate_card(&source).await.unwrap();
        assert_eq!(store.rate_card(name).await.unwrap(), Some(RateCard::from_toml(&source).unwrap()), "{text:?}");
        let kind: Kind = text.parse().unwrap();
        resources.push(Resource { id: name.clone(), kind, owner: user(text), unit: name.clone(), spans: vec![] });
        let reading = DayReading { unit: name.clone(), revision: name.clone(), ..server(text, text, day, "1") };
        readings.push(reading);
    }
    assert_eq!(store.put_resources(&resources).await.unwrap().inserted, names.len());
    let recorded = store.record_day(&record(day, readings.clone())).await.unwrap();
    assert_eq!((recorded.inserted, recorded.statements.len()), (names.len(), names.len()));
    for (((text, name), resource), reading) in names.iter().zip(resources).zip(readings) {
        assert_eq!(store.resource(name).await.unwrap(), Some(resource), "{text:?}");
        let of_name = ReadingFilter {
            owner: Some(user(text)),
            resource: Some(name.clone()),
            ..ReadingFilter::starting_in(day.period())
        };
        let [found] = &store.readings(&of_name).await.unwrap()[..] else { panic!("{text:?}") };
        assert_eq!(found.reading, reading);
        let mut of_owner = recorded.statements.iter().filter(|statement| statement.key().owner == user(text));
        let (Some(statement), None) = (of_owner.next(), of_owner.next()) else { panic!("{text:?}") };
        assert_eq!((&statement.key().unit, statement.key().kind.as_str()), (name, "server"));
        assert_eq!(store.statement(&statement.id()).await.unwrap().unwrap().statement, *statement, "{text:?}");
    }
    sound(&store).await;
}

#[tokio::test]
async fn ranges_keep_their_texts() {
    let (_database, store) = empty_store().await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    for (number, text) in numbered() {
        let new = NewRow { id: text.into(), range: format!("10.0.{number}.0/24").parse().unwrap() };
        assert!(!ranges.add_range(text, &new, None, &act(text)).await.unwrap().is_replay, "{text:?}");
        ranges.assign_range(&format!("again {text}"), text, text, &act(text)).await.unwrap();
        let prefix = format!("10.0.{number}.0/24").parse().unwrap();
        ranges.add_supernet(&Supernet { id: text.into(), prefix }).await.unwrap();
    }
    for (number, text) in numbered() {
        let row = ranges.range(text).await.unwrap().unwrap();
        assert_eq!((row.range.to_string(), row.owner.as_deref()), (format!("10.0.{number}.0/24"), Some(text)));
        let history = ranges.range_history(text).await.unwrap();
        let [added, assigned] = &history[..] else { panic!("{text:?}: {history:?}") };
        assert_eq!((&*added.request, &*assigned.request), (text, &*format!("again {text}")));
        assert_eq!((&*added.by, added.record.remark().as_str()), (text, text));
        assert_eq!(ranges.supernet_usage(text).await.unwrap().assigned().to_string(), "256");
    }
    sound(&store).await;
}

#[tokio::test]
async fn a_code_is_that_code_alone() {
    let (_database, store) = store().await;
    for text in TEXTS {
        let waiting = CouponTerms { status: CouponStatus::Wait, owner: None, ..coupon(text, "-", "1").terms().clone() };
        store.issue_coupon(&Coupon::new(waiting).unwrap(), text).await.unwrap();
    }
    for (place, text) in TEXTS.into_iter().enumerate() {
        let other = TEXTS[(place + 1) % TEXTS.len()];
        let refused = store.redeem(text, other, &user("ada"), terms().now).await.unwrap_err();
        assert_eq!(refused.code(), "wallet.wrong_code", "{text:?}");
        let redeemed = store.redeem(text, text, &user("ada"), terms().now).await.unwrap();
        assert_eq!(redeemed.coupon.id(), text);
    }
    sound(&store).await;
}
