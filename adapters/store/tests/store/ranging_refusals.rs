//! Ranges: what is refused, by the core, half way, or by the schema, changes nothing (R-I8, R-I9, R-I12).

use super::{
    ranging::{act, because, campus, code, length, new, shown},
    support::*,
};
use counterfoil::ipam::{Ipv4, RowFacts, SplitLimits, UncheckedRange};
use counterfoil_store::{Cut, Ranges};

#[tokio::test]
async fn what_the_core_refuses_changes_nothing() {
    let (_database, store) = empty_store().await;
    campus(&store).await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    let before = shown(ranges).await;
    let act = act();
    let cut = |bits| Cut::by_length(length(bits));
    let plan =
        |entries: &[&str]| Cut::by_plan(entries.iter().map(|text| text.parse::<UncheckedRange<Ipv4>>().unwrap()));
    assert_eq!(code(ranges.assign_range("x", "q2/3", "lab-2", &act).await), "ipam.illegal_change");
    assert_eq!(code(ranges.split_range("x", "q2/3", &cut(27), &act).await), "ipam.illegal_change");
    assert_eq!(code(ranges.delete_range("x", "q2/3", &act).await), "ipam.illegal_change");
    assert_eq!(code(ranges.recover_range("x", "q2/2", &act).await), "ipam.illegal_change");
    assert_eq!(code(ranges.assign_range("x", "q2/2", "", &act).await), "ipam.empty_text");
    assert_eq!(code(ranges.assign_range("", "q2/2", "lab-2", &act).await), "ipam.empty_text");
    assert_eq!(code(ranges.add_range("x", &new("", "10.9.0.0/24"), None, &act).await), "ipam.empty_text");
    assert_eq!(code(ranges.recover_range("x", "q2/3", &because(&"x".repeat(256))).await), "ipam.remark_too_long");
    // Cuts: what the core says of lengths, limits and plans.
    assert_eq!(code(ranges.split_range("x", "q2/2", &cut(25), &act).await), "ipam.shorter_than_label");
    assert_eq!(code(ranges.split_range("x", "r6", &cut(31), &act).await), "ipam.too_much_longer");
    let few = Cut::Length { length: length(32), limits: SplitLimits::PORTAL.with_pieces(255) };
    assert_eq!(code(ranges.split_range("x", "r6", &few, &act).await), "ipam.too_many_pieces");
    assert_eq!(code(ranges.split_range("x", "q2/2", &plan(&[]), &act).await), "ipam.empty_plan");
    assert_eq!(code(ranges.split_range("x", "q2/2", &plan(&["10.0.0.128/27"]), &act).await), "ipam.plan_end");
    let gap = plan(&["10.0.0.128/27", "10.0.0.161-10.0.0.191/27"]);
    assert_eq!(code(ranges.split_range("x", "q2/2", &gap, &act).await), "ipam.plan_not_contiguous");
    assert_eq!(code(ranges.split_range("x", "nope", &cut(32), &act).await), "store.not_found");
    assert_eq!(code(ranges.split_range("x", "s1", &cut(32), &act).await), "store.not_found"); // of the other family
    // Merges: R-I8.
    let merge = async |ids: &[&str], bits| ranges.merge_ranges("x", ids, length(bits), &because("")).await;
    assert_eq!(code(merge(&[], 24).await), "ipam.empty_merge");
    assert_eq!(code(merge(&["q2/2", "nope"], 24).await), "ipam.merge_not_found");
    assert_eq!(code(merge(&["q5/0", "q2/3"], 24).await), "ipam.merge_status");
    assert_eq!(code(merge(&["q5/0", "q2/2"], 25).await), "ipam.merge_supernet");
    assert_eq!(code(merge(&["q2/2", "r6"], 22).await), "ipam.merge_asn");
    // Overlaps: R-I9, with the first by start.
    let overlapping = ranges.add_range("x", &new("x", "10.0.0.127-10.0.0.200/24"), None, &act).await.unwrap_err();
    assert!(overlapping.code() == "ipam.overlap" && overlapping.to_string().contains("`q5/0`"), "{overlapping}");
    let to = |range: &str| RowFacts { range: range.parse().unwrap(), asn: None };
    assert_eq!(code(ranges.change_range("x", "r6", to("10.0.0.255-10.0.1.200/22"), &act).await), "ipam.overlap");
    assert_eq!(code(ranges.change_range("x", "q2/3", to("10.0.0.192-10.0.0.254/26"), &act).await), "ipam.range_in_use");
    // A name is of one row for ever.
    for id in ["r6", "r1", "q2/0"] {
        assert_eq!(code(ranges.add_range("x", &new(id, "10.9.0.0/24"), None, &act).await), "store.conflict", "{id}");
    }
    assert_eq!(code(ranges.add_range("x", &new("s1", "10.9.0.0/24"), None, &act).await), "store.conflict");
    assert_eq!(shown(ranges).await, before);

    // The same id is free after a refusal. A range may move over itself, and a label alone may change.
    ranges.change_range("x", "r6", to("10.0.1.0-10.0.2.0/22"), &act).await.unwrap();
    ranges.change_range("x2", "r6", RowFacts { asn: Some(7), ..to("10.0.1.0-10.0.2.0/21") }, &act).await.unwrap();
    let row = ranges.range("r6").await.unwrap().unwrap();
    assert_eq!((row.range.to_string(), row.asn), ("10.0.1.0-10.0.2.0/21".into(), Some(7)));
    // However large the limits are, a cut has an end.
    ranges.add_range("x3", &new("big", "10.16.0.0/12"), None, &act).await.unwrap();
    let endless = Cut::Length { length: length(32), limits: SplitLimits::NONE };
    let refused = ranges.split_range("x4", "big", &endless, &act).await.unwrap_err();
    assert!(refused.code() == "ipam.too_many_pieces" && refused.to_string().contains("1048576"), "{refused}");
    sound(&store).await;
}

#[tokio::test]
async fn a_change_that_fails_half_way_leaves_nothing() {
    let (database, store) = empty_store().await;
    campus(&store).await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    let before = shown(ranges).await;
    let mut beside = database.beside().await;
    // The last piece can not be written, then the record, then its last row.
    for (table, when) in
        [("ranges", "new.range_id = 'z/63'"), ("range_records", "1 = 1"), ("range_record_rows", "new.position = 63")]
    {
        beside.break_inserts(table, when).await;
        let cut = Cut::by_length(length(32));
        assert_eq!(code(ranges.split_range("z", "q2/2", &cut, &act()).await), "store.io");
        assert_eq!(shown(ranges).await, before);
        assert_eq!(ranges.range_history("q2/2").await.unwrap().len(), 2);
        beside.mend_inserts(table).await;
        sound(&store).await;
    }
    assert!(!ranges.split_range("z", "q2/2", &Cut::by_length(length(32)), &act()).await.unwrap().is_replay);
    sound(&store).await;
}

#[tokio::test]
async fn the_schema_refuses_what_the_store_would_not_write() {
    let (database, store) = empty_store().await;
    campus(&store).await;
    let mut beside = database.beside().await;
    for change in [
        // Over the end of one, inside one, over several, and the same again.
        "insert into ranges select 99, 'x', family, last_address, last_address, 32, 'wait', null, null from ranges where range_id = 'q5/0'",
        "insert into ranges select 99, 'x', family, first_address, last_address, 32, 'wait', null, null from ranges where range_id = 'q2/3'",
        "insert into ranges values (99, 'x', 'ipv4', x'00000000000000000000000000000000', x'000000000000000000000000ffffffff', 0, 'wait', null, null)",
        "update ranges set last_address = x'0000000000000000000000000a000080' where range_id = 'q5/0'",
        "update ranges set first_address = x'0000000000000000000000000a00007f' where range_id = 'q2/2'",
        "insert into supernets select 99, 'x', family, last_address, last_address, 32 from supernets",
        "update ranges set range_id = 'x' where range_id = 'q5/0'",
        "delete from ranges where range_id = 'q2/3'",
        "update supernets set supernet_id = 'x'",
        "update range_records set remark = 'x'",
        "delete from range_records",
        "update range_record_rows set status = 'wait'",
        "delete from range_record_rows",
    ] {
        let fault = beside.refused(change).await;
        assert!(fault.contains("never"), "{change}: {fault}");
    }
    const ZERO: &str = "x'00000000000000000000000000000000'";
    const ONE: &str = "x'00000000000000000000000000000001'";
    const ABOVE: &str = "x'00000000000000000000000100000000'";
    for (id, family, first, last, facts) in [
        ("x", "ipv4", "x'0b'", "x'0b'", "8, 'wait', null, null"),
        ("x", "ipv6", "x'0b'", "x'0b'", "8, 'wait', null, null"),
        ("x", "ipv4", ABOVE, ABOVE, "8, 'wait', null, null"),
        ("x", "ipv4", ONE, ZERO, "8, 'wait', null, null"),
        ("x", "ipv4", ZERO, ZERO, "33, 'wait', null, null"),
        ("x", "toy", ZERO, ZERO, "8, 'wait', null, null"),
        ("x", "ipv4", ZERO, ZERO, "8, 'wait', null, 'ada'"),
        ("x", "ipv4", ZERO, ZERO, "8, 'assigned', null, null"),
        ("", "ipv4", ZERO, ZERO, "8, 'wait', null, null"),
    ] {
        let change = format!("insert into ranges values (99, '{id}', '{family}', {first}, {last}, {facts})");
        let fault = beside.refused(&change).await;
        assert!(is_of_a_check(&fault), "{change}: {fault}");
    }
}
