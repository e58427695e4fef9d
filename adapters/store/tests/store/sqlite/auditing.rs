//! `verify` names what somebody else changed, in any table and any column: a copy of the file for each change.

use super::super::{books::keep_books, ranging::campus, support::*};
use counterfoil_store::{Finding, Reports};

/// What is found after a change of the books, which are copied, that the triggers would not let through.
async fn found(books: &Database, change: &'static str) -> Vec<Finding> {
    let copy = Database::file();
    std::fs::copy(books.url(), copy.url()).unwrap();
    let mut beside = copy.beside().await;
    beside.drop_triggers().await;
    let changed = beside.execute(change).await.unwrap_or_else(|error| panic!("{change}: {error}"));
    assert!(changed > 0, "{change}");
    copy.open().await.verify().await.unwrap().findings
}

/// Asserts that `verify` names the row of the table after each change of the books.
async fn assert_named(books: &Database, changes: &[(&'static str, &str, &str)]) {
    let mut unnamed = Vec::new();
    for (change, table, row) in changes {
        let findings = found(books, change).await;
        if !findings.iter().any(|finding| finding.table == *table && finding.row.starts_with(row)) {
            unnamed.push(format!("{change}: {findings:#?}"));
        }
    }
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
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
    let books = Database::file();
    let store = books.open().await;
    keep_books(&store).await;
    sound(&store).await;
    store.close().await;
    assert_named(&books, &changes).await;
}

#[tokio::test]
async fn whatever_is_changed_of_ranges_is_named() {
    // The change, the table that does not agree any more, and the row.
    let changes = [
        (
            "update ranges set last_address = x'0000000000000000000000000a0000bf' where range_id = 'q5/0'",
            "ranges",
            "q5/0",
        ),
        (
            "update ranges set last_address = x'0000000000000000000000000a0000bf', length = 24 where range_id = 'q5/0'",
            "ranges",
            "q2/2",
        ),
        (
            "update ranges set last_address = x'0000000000000000000000000a00007e' where range_id = 'q5/0'",
            "ranges",
            "q5/0",
        ),
        ("update ranges set length = 24 where range_id = 'q5/0'", "ranges", "q5/0"),
        ("update ranges set length = 26 where range_id = 'q5/0'", "ranges", "q5/0"),
        ("update ranges set status = 'reserved' where range_id = 'q2/3'", "ranges", "q2/3"),
        ("update ranges set owner = 'eve' where range_id = 'q2/3'", "ranges", "q2/3"),
        ("update ranges set asn = 1 where range_id = 'q2/3'", "ranges", "q2/3"),
        ("update ranges set family = 'ipv6' where range_id = 'r6'", "ranges", "r6"),
        ("update ranges set range_id = 'x' where range_id = 'r6'", "ranges", "x"),
        ("update ranges set range_id = 'x' where range_id = 'r6'", "ranges", "r6"),
        ("delete from ranges where range_id = 'r6'", "ranges", "r6"),
        ("delete from ranges where range_id = 's1'", "ranges", "s1"),
        ("update range_records set action = 'merge' where request_id = 'q2'", "range_records", "q2"),
        ("update range_records set action = 'assign' where request_id = 'q3'", "range_records", "q3"),
        ("update range_records set asked = '[]' where request_id = 'q3'", "range_records", "q3"),
        // What the same request would be known again by: another owner, length, row, ASN.
        (
            "update range_records set asked = replace(asked, 'lab-1', 'lab-2') where request_id = 'q3'",
            "range_records",
            "q3",
        ),
        (
            "update range_records set asked = replace(asked, 'lab-1', 'lab-2') where request_id = 'q4'",
            "range_records",
            "q4",
        ),
        ("update range_records set asked = replace(asked, '26', '27') where request_id = 'q2'", "range_records", "q2"),
        (
            "update range_records set asked = replace(asked, 'q2/1', 'q2/2') where request_id = 'q5'",
            "range_records",
            "q5",
        ),
        (
            "update range_records set asked = replace(asked, '64500', '64501') where request_id = 'q1'",
            "range_records",
            "q1",
        ),
        (
            "update range_records set asked = replace(asked, 'ipv6', 'ipv4') where request_id = 'p1'",
            "range_records",
            "p1",
        ),
        // The name of a row that is no more, given to another one, in all its places.
        (
            "update range_record_rows set range_id = 'q2/0' where range_id = 'r6'; \
             update ranges set range_id = 'q2/0' where range_id = 'r6'; \
             update range_records set asked = replace(asked, 'r6', 'q2/0') where request_id = 'q6'",
            "range_records",
            "q6",
        ),
        ("update range_records set at_us = 9223372036854775807 where request_id = 'q3'", "range_records", "q3"),
        ("update range_records set id = 99 where request_id = 'q3'", "range_records", "q3"),
        ("delete from range_records where request_id = 'q3'", "sqlite", "range_record_rows"),
        ("delete from range_records where request_id = 'q3'", "range_records", "q4"),
        ("delete from range_record_rows where record = 2 and side = 'after' and position = 2", "range_records", "q2"),
        (
            "update range_record_rows set last_address = x'0000000000000000000000000a0000be' where range_id = 'q2/2'",
            "range_records",
            "q2",
        ),
        ("update range_record_rows set length = 20 where range_id = 'q2/2'", "range_records", "q2"),
        ("update range_record_rows set length = 27 where range_id = 'q2/2'", "range_record_rows", "q2/2"),
        ("update range_record_rows set owner = 'eve' where record = 4 and side = 'after'", "range_records", "q4"),
        ("update range_record_rows set owner = 'eve' where owner = 'lab-1'", "ranges", "q2/3"),
        ("update range_record_rows set range_id = 'x' where record = 4", "range_records", "q4"),
        ("update range_record_rows set asn = 1 where record = 5 and side = 'before'", "range_records", "q5"),
        ("update supernets set length = 24", "supernets", "campus"),
        ("update supernets set first_address = x'0000000000000000000000000a000001'", "supernets", "campus"),
        (
            "insert into supernets select 9, 'x', family, last_address, last_address, 32 from supernets",
            "supernets",
            "x",
        ),
    ];
    let books = Database::file();
    let store = books.open().await;
    campus(&store).await;
    sound(&store).await;
    store.close().await;
    assert_named(&books, &changes).await;
}
