//! `verify` names what somebody else changed, in any table.

use super::support::*;
use counterfoil::{
    metering::{Kind, Span, Spec},
    order::{AutoRenew, CycleLength, DeliveryEvent, OrderType},
    time::{Instant, Zone},
    wallet::{Charge, Coupon, CouponStatus, CouponTerms, Coupons, Funding, GiveBack, RefundRequest, ReturnOrder},
};
use counterfoil_store::{
    Act, Days, Finding, Locks, OrderTerms, OrderedItem, Orders, Payments, PlanTerms, Plans, Redemptions, Refunding,
    Reports, Resource, Resources, SqlStore, Statements, TopUp, TopUps, UndeliveredTerms, Wallets,
};

/// A store with two days: one corrected and paid from coupon and balance, one unpaid.
async fn books(path: &str) -> SqlStore {
    let store = furnished(SqlStore::open(path).await.unwrap()).await;
    open_accounts(&store, &[("ada", "10.00"), ("bob", "1.00")]).await;
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
    locks_orders_and_plans(&store).await;
    store
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

/// What is found after a change, of books that are copied, that the triggers would not let through.
pub(crate) async fn found(books: &str, change: &'static str) -> Vec<Finding> {
    let (_folder, path) = folder();
    std::fs::copy(books, &path).unwrap();
    let mut beside = beside(&path).await;
    let triggers: Vec<String> = sqlx::query_scalar("select name from sqlite_master where type = 'trigger'")
        .fetch_all(&mut beside)
        .await
        .unwrap();
    for trigger in triggers {
        sqlx::query(sqlx::AssertSqlSafe(format!("drop trigger {trigger}"))).execute(&mut beside).await.unwrap();
    }
    let changed = sqlx::query(change).execute(&mut beside).await.unwrap_or_else(|error| panic!("{change}: {error}"));
    assert!(changed.rows_affected() > 0, "{change}");
    SqlStore::open(&path).await.unwrap().verify().await.unwrap().findings
}

#[tokio::test]
async fn whatever_is_changed_is_named() {
    const ADA: &str = "2024-02-20/UTC/user/ada/vm/server/0";
    const FOLLOWER: &str = "2024-02-21/UTC/user/ada/vm/server/1";
    const SECOND: &str = "2024-02-21/UTC/user/ada/vm/server/2";
    // The change, the table that does not agree any more, and the row.
    let changes = [
        ("update service_units set application = 'other'", "payments", ADA),
        ("delete from service_units", "payments", ADA),
        ("update rate_cards set source = replace(source, '0.066', '0.067')", "rate_cards", "2024-02"),
        ("update rate_cards set currency = 'USD'", "rate_cards", "2024-02"),
        ("update rate_cards set format = 'json'", "rate_cards", "2024-02"),
        ("update rate_cards set from_us = 0", "rate_cards", "2024-02"),
        ("update rate_cards set to_us = 9223372036854775807", "rate_cards", "2024-02"),
        ("update resources set kind = ''", "resources", "s-1"),
        ("update resources set owner = 'user:'||owner||'x', unit = ' '", "resources", "s-1"),
        ("update spans set end_us = start_us, spec = '[[\"cpu\",\"STANDARD\",\"-1\",\"core\"]]'", "spans", "s-1"),
        ("update spans set start_us = 9223372036854775807", "spans", "s-1"),
        ("update readings set payable = '1.57' where version = 0 and resource = 's-2'", "readings", "s-2@"),
        ("update readings set original = '0.00' where version = 1", "readings", "s-1@"),
        (
            "update readings set usage = '[[\"cpu\",\"STANDARD\",\"core\",\"timed\",\"1/3\",\"0\"]]' where version = 1",
            "readings",
            "s-1",
        ),
        (
            "update readings set owner = 'user:eve' where resource = 's-2'",
            "statements",
            "2024-02-20/UTC/user/bob/vm/server/0",
        ),
        (
            "update readings set start_us = start_us + 1 where resource = 's-2'",
            "statements",
            "2024-02-20/UTC/user/bob/vm/server/0",
        ),
        ("update readings set version = 7 where version = 1", "readings", "s-1@"),
        ("update readings set revision = 'gone' where resource = 's-2'", "sqlite", "readings"),
        ("update statements set payable = '1.59' where id = 1", "statements", ADA),
        ("update statements set original = '-1.58' where id = 1", "statements", ADA),
        ("update statements set owner = 'user:eve' where id = 1", "statements", ADA),
        ("update statements set statement = 'x' where id = 1", "statements", "x"),
        ("update statements set zone = 'Mars/Olympus' where id = 1", "statements", ADA),
        ("update statements set payment = null where id = 1", "statements", ADA),
        ("update statements set payment = null, status = 'unpaid' where id = 1", "statements", ADA),
        ("update statements set payment = 99 where id = 1", "statements", ADA),
        ("delete from statements where id = 1", "statements", "2024-02-20/UTC/user/ada/vm/server/1"),
        (
            "update statement_lines set payable = '9.99' where statement = 2",
            "statements",
            "2024-02-20/UTC/user/bob/vm/server/0",
        ),
        ("delete from statement_lines where statement = 2", "statements", "2024-02-20/UTC/user/bob/vm/server/0"),
        ("delete from statement_lines where statement = 2", "readings", "s-2@"),
        (
            "update statement_lines set position = 5 where statement = 2",
            "statements",
            "2024-02-20/UTC/user/bob/vm/server/0",
        ),
        ("update accounts set balance = '10.00' where owner = 'user:ada'", "accounts", "user:ada"),
        ("update accounts set opening = '11.00' where owner = 'user:ada'", "entries", ADA),
        ("update accounts set debt = '0.01' where owner = 'user:bob'", "accounts", "user:bob"),
        ("delete from accounts where owner = 'user:ada'", "entries", ADA),
        ("update coupons set balance = '0.01'", "coupons", "C1"),
        ("update coupons set opening = '0.99'", "entries", ADA),
        ("update coupons set face_value = '0.00', balance = '0.01'", "coupons", "C1"),
        ("update coupons set owner = 'user:bob'", "entries", ADA),
        ("update payments set amount = '1.59' where id = 1", "payments", ADA),
        ("update payments set method = 'coupon' where id = 1", "payments", ADA),
        ("update payments set application = 'other' where id = 1", "payments", ADA),
        ("update payments set payer = 'user:bob' where id = 1", "statements", ADA),
        ("update payments set coupons = '[1]' where id = 1", "payments", ADA),
        ("update payments set funding = 'debt', paid_us = 9223372036854775807 where id = 1", "payments", ADA),
        ("update legs set amount = '0.57' where payment = 1 and position = 1", "legs", "1"),
        ("update legs set amount = '0.99', held_after = '0.01' where coupon = 'C1'", "payments", ADA),
        (
            "update legs set held_before = '9.00', held_after = '8.42' where payment = 1 and position = 1",
            "entries",
            ADA,
        ),
        ("delete from legs where payment = 1 and position = 1", "payments", ADA),
        ("update entries set delta = '-0.57' where payment = 1 and position = 1", "entries", ADA),
        ("update entries set held_after = '9.43' where payment = 1 and position = 1", "entries", ADA),
        ("update entries set account = 'user:bob' where payment = 1 and position = 1", "entries", ADA),
        ("update entries set source = 'debt' where payment = 1 and position = 1", "entries", ADA),
        ("update entries set position = 7 where payment = 1 and position = 1", "entries", ADA),
        ("update entries set payment = 2, position = 9 where payment = 1 and position = 1", "legs", ADA),
        ("update entries set id = 99 where payment = 1 and position = 1", "entries", ADA),
        ("delete from entries where payment = 1 and coupon is null", "legs", ADA),
        ("delete from entries where payment = 1 and coupon is not null", "coupons", "C1"),
        ("update top_ups set amount = '5.01'", "entries", "top-up T1"),
        ("update top_ups set account = 'user:bob'", "entries", "top-up T1"),
        ("delete from top_ups", "sqlite", "entries"),
        ("delete from entries where top_up = 1", "top_ups", "T1"),
        ("update entries set delta = '5.01' where top_up = 1", "entries", "top-up T1"),
        ("update coupons set owner = 'user:bob' where coupon = 'C2'", "coupons", "C2"),
        ("update coupons set status = 'wait' where coupon = 'C2'", "coupons", "C2"),
        ("update coupons set expiration_us = expiration_us + 1 where coupon = 'C2'", "coupons", "C2"),
        ("update coupon_changes set owner_after = 'user:bob'", "coupons", "C2"),
        ("update coupon_changes set status_before = 'cancelled'", "coupon_changes", "C2"),
        ("insert into withdrawals values (1)", "readings", "s-1@"),
        ("update refunds set amount = '1.51' where refund = 'R1'", "refunds", "R1"),
        ("update refunds set amount = '3.01', fee = '1.81' where refund = 'R1'", "refunds", "o1"),
        ("update refunds set fee = '0.31' where refund = 'R1'", "refunds", "R1"),
        ("update refunds set state = 'closed' where refund = 'R1'", "refunds", "R1"),
        ("update refunds set state = 'error' where refund = 'R2'", "refunds", "R2"),
        ("update refunds set payment = 1 where refund = 'R1'", "refunds", ADA),
        ("update refunds set application = 'other' where refund = 'R1'", "refunds", "R1"),
        ("update refunds set give_back = 'balance', give_until_us = null where refund = 'R1'", "refunds", "R1"),
        ("update refunds set correction = null", "statements", SECOND),
        ("update refunds set correction = 1 where refund = 'R1'", "statements", ADA),
        ("delete from refunds where refund = 'R1'", "sqlite", "entries"),
        ("update refund_legs set amount = '0.61' where refund = 2 and position = 0", "refunds", "R1"),
        ("update refund_legs set destination = 'recorded' where refund = 2 and source = 'coupon'", "refunds", "R1"),
        ("update refund_legs set position = 5 where refund = 2 and position = 1", "refunds", "R1"),
        ("delete from refund_legs where refund = 2", "refunds", "R1"),
        ("delete from entries where refund = 2", "refunds", "R1"),
        ("update entries set delta = '0.01' where refund = 2 and coupon is null", "entries", "refund R1"),
        ("update refund_steps set state_after = 'error' where refund = 2 and position = 1", "refund_steps", "R1"),
        ("update refund_steps set event = 'fail' where refund = 2 and position = 1", "refund_steps", "R1"),
        ("delete from refund_steps where refund = 3", "refunds", "R2"),
        ("delete from coupon_changes where change = 'extend'", "coupons", "C2"),
        ("update locks set amount = '5.01' where order_id = 'L2'", "locks", "L2"),
        ("update locks set amount = '3.99' where order_id = 'L1'", "locks", "L1"),
        ("update locks set payer = 'user:ada' where order_id = 'L1'", "locks", "L1"),
        ("update locks set payment = 1 where order_id = 'L1'", "locks", "L1"),
        ("update lock_legs set amount = '3.99', held_after = '46.01' where lock = 1", "locks", "L1"),
        ("update lock_legs set held_after = '1.00' where lock = 2", "legs", "2"),
        ("delete from lock_legs where lock = 2", "locks", "L2"),
        ("update orders set status = 'unpaid' where order_id = 'O1'", "orders", "O1"),
        ("update orders set status = 'paid' where order_id = 'O1'", "orders", "O1"),
        ("update orders set status = 'cancelled' where order_id = 'O2'", "orders", "O2"),
        ("update orders set status = 'paid' where order_id = 'O2'", "orders", "O2"),
        ("update orders set amount = '6.01' where order_id = 'O1'", "orders", "O1"),
        ("update orders set owner = 'user:ada' where order_id = 'O1'", "orders", "O1"),
        ("update order_items set status = 'delivered' where item = 'i3' and order_number = 1", "orders", "O1"),
        ("update order_items set weight = '9' where item = 'i1' and order_number = 1", "orders", "O1"),
        ("update order_items set refund = 1 where refund is not null", "orders", "O1"),
        ("delete from order_items where order_number = 2", "orders", "O2"),
        ("update order_steps set state_after = 'cancelled' where event = 'pay'", "order_steps", "O1"),
        ("update order_steps set event = 'fail' where event = 'deliver'", "order_steps", "O1"),
        ("delete from order_steps where event = 'refund_part'", "orders", "O1"),
        ("delete from order_steps where order_number = 2", "orders", "O2"),
        ("update plans set renewals = 2", "plans", "P1"),
        ("update plans set state = 'ended'", "plans", "P1"),
        ("update plans set retries = 0", "plans", "P1"),
        ("update plans set warned_us = warned_us + 1", "plans", "P1"),
        ("update plans set price = '10.01'", "plan_steps", "P1"),
        ("update plans set owner = 'user:ada'", "plan_steps", "P1"),
        ("update plan_steps set renewals_after = 2 where event = 'renew'", "plan_steps", "P1"),
        ("update plan_steps set payment = 1 where event = 'renew'", "plan_steps", "P1"),
        ("delete from plan_steps where event = 'refuse'", "plans", "P1"),
        ("delete from plan_steps", "plans", "P1"),
        ("update settled_with set leader = 1", "statements", FOLLOWER),
        ("delete from settled_with", "statements", FOLLOWER),
    ];
    let (_folder, path) = folder();
    let store = books(&path).await;
    assert_eq!(store.verify().await.unwrap().findings, []);
    store.close().await;
    let mut unnamed = Vec::new();
    for (change, table, row) in changes {
        let findings = found(&path, change).await;
        if !findings.iter().any(|finding| finding.table == table && finding.row.starts_with(row)) {
            unnamed.push(format!("{change}: {findings:#?}"));
        }
    }
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
}

#[tokio::test]
async fn what_was_charged_can_not_be_edited_by_accident() {
    let (_folder, path) = folder();
    books(&path).await.close().await;
    let mut beside = beside(&path).await;
    for change in [
        "update rate_cards set source = ''",
        "delete from rate_cards",
        "update readings set payable = '0'",
        "delete from readings",
        "update statements set payable = '0'",
        "update statements set status = 'unpaid' where status = 'paid'",
        "delete from statements",
        "update statement_lines set payable = '0'",
        "delete from statement_lines",
        "update payments set amount = '0'",
        "delete from payments",
        "update legs set amount = '0'",
        "delete from legs",
        "update entries set delta = '0'",
        "delete from entries",
        "update top_ups set amount = '0'",
        "delete from top_ups",
        "update accounts set opening = '0'",
        "delete from accounts",
        "update coupons set face_value = '0'",
        "delete from coupons",
        "update coupon_codes set digest = x''",
        "delete from coupon_codes",
        "update coupon_changes set change = 'cancel'",
        "delete from coupon_changes",
        "update refunds set amount = '0'",
        "update refunds set state = 'wait' where refund = 'R1'",
        "delete from refunds",
        "update refund_legs set amount = '0'",
        "delete from refund_legs",
        "update refund_steps set state_after = 'error'",
        "delete from refund_steps",
        "update locks set amount = '0'",
        "update locks set status = 'voided' where order_id = 'L1'",
        "delete from locks",
        "update lock_legs set amount = '0'",
        "delete from lock_legs",
        "update orders set amount = '0'",
        "delete from orders",
        "update order_items set weight = '0'",
        "update order_items set status = 'delivered' where item = 'i1'",
        "update order_items set refund = null where refund is not null",
        "delete from order_items",
        "update order_steps set actor = ''",
        "delete from order_steps",
        "update plans set price = '0'",
        "update plans set renewals = 0",
        "delete from plans",
        "update plan_steps set actor = ''",
        "delete from plan_steps",
        "update settled_with set leader = 1",
        "delete from settled_with",
    ] {
        let refused = sqlx::query(change).execute(&mut beside).await.unwrap_err().to_string();
        assert!(refused.contains("never") || refused.contains("only an unpaid"), "{change}: {refused}");
    }
    // What is no number is refused by the column.
    for amount in ["", "1e3", "abc", "1,00", "--", "NaN", "+1"] {
        let change = "update accounts set balance = ?";
        assert!(sqlx::query(change).bind(amount.to_owned()).execute(&mut beside).await.is_err(), "{amount}");
    }
}

#[tokio::test]
async fn the_sums_of_right_books_agree() {
    let (_folder, path) = folder();
    let audit = books(&path).await.verify().await.unwrap();
    let [sums] = &audit.sums[..] else { panic!("{:?}", audit.sums) };
    let shown = [&sums.readings, &sums.lines, &sums.statements, &sums.statements_paid, &sums.statements_unpaid];
    assert_eq!(shown.map(ToString::to_string), ["4.28", "4.28", "4.28", "4.28", "0"]);
    // 2.00 and 1.58 of the first day, 1.00 of the second, of which 0.30 came back, and an order of 3.00
    let shown = [&sums.payments, &sums.legs, &sums.from_coupons, &sums.from_balance, &sums.entries, &sums.coupons];
    assert_eq!(shown.map(ToString::to_string), ["37.58", "37.58", "3.3", "34.28", "23.4", "-2.48"]);
    // 10 + 1 of accounts, 1 + 2 of coupons, 5 topped up
    assert_eq!([&sums.top_ups, &sums.put_in, &sums.held].map(ToString::to_string), ["55", "69", "34.92"]);
    let shown = [&sums.refunds, &sums.refund_fees, &sums.to_coupons, &sums.to_balance, &sums.to_debt, &sums.recorded];
    assert_eq!(shown.map(ToString::to_string), ["3.8", "0.3", "0.82", "2.68", "0", "0"]);
}
