//! `verify` of books that are right, and of books that somebody else changed.

use super::{books::keep_books, ranging::campus, support::*};
use counterfoil_store::Reports;

#[tokio::test]
async fn the_sums_of_right_books_agree() {
    let (_database, store) = empty_store().await;
    keep_books(&store).await;
    let audit = store.verify().await.unwrap();
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

/// A few of what `sqlite::auditing` has all of: one database, in which one thing after another is changed.
#[tokio::test]
async fn what_is_changed_is_named() {
    let (database, store) = empty_store().await;
    keep_books(&store).await;
    campus(&store).await;
    sound(&store).await;
    let mut beside = database.beside().await;
    beside.drop_triggers().await;
    let bobs = "2024-02-20/UTC/user/bob/vm/server/0";
    let mut known = Vec::new();
    for (change, table, row) in [
        ("update accounts set balance = '9.99' where owner = 'user:ada'", "accounts", "user:ada"),
        ("update coupons set balance = '0.01' where coupon = 'C2'", "coupons", "C2"),
        ("update rate_cards set source = replace(source, '0.066', '0.067')", "rate_cards", "2024-02"),
        ("update statements set status = 'unpaid', payment = null where owner = 'user:bob'", "statements", bobs),
        ("update legs set amount = '2.99' where payment = (select id from payments where order_id = 'o1')", "legs", ""),
        ("delete from entries where top_up = (select id from top_ups where top_up = 'T2')", "top_ups", "T2"),
        ("delete from refund_steps where refund = (select id from refunds where refund = 'R2')", "refunds", "R2"),
        ("update orders set status = 'paid' where order_id = 'O2'", "orders", "O2"),
        ("update plans set renewals = 2", "plans", "P1"),
        ("update locks set amount = '5.01' where order_id = 'L2'", "locks", "L2"),
        (
            "update ranges set last_address = x'0000000000000000000000000a00007e' where range_id = 'q5/0'",
            "ranges",
            "q5/0",
        ),
        (
            "update range_records set asked = replace(asked, 'lab-1', 'lab-2') where request_id = 'q4'",
            "range_records",
            "q4",
        ),
    ] {
        assert!(beside.execute(change).await.unwrap() > 0, "{change}");
        let findings = store.verify().await.unwrap().findings;
        let new: Vec<_> = findings.iter().filter(|finding| !known.contains(*finding)).collect();
        let is_named = new.iter().any(|finding| finding.table == table && finding.row.starts_with(row));
        assert!(is_named, "{change}: {new:#?}");
        known = findings;
    }
}
