//! Ranges: one address in one row, each change once and with its record (R-I9, R-I11, R-I12).

use super::support::*;
use counterfoil::ipam::{
    Address, Ipv4, Ipv6, NewRow, PrefixLen, Range, RowAction, RowFacts, RowStatus, SplitLimits, SupernetState,
};
use counterfoil_store::{Act, Cut, Put, RangeFilter, Ranges, SqlStore, StoreError, Supernet};

pub(crate) fn act() -> Act {
    because("the new campus")
}

pub(crate) fn because(reason: &str) -> Act {
    Act { by: "operator".into(), reason: reason.into(), now: at("2025-03-14T15:00:00Z") }
}

pub(crate) fn new<A: Address>(id: &str, range: &str) -> NewRow<A> {
    NewRow { id: id.into(), range: range.parse().unwrap() }
}

pub(crate) fn length<A: Address>(bits: u8) -> PrefixLen<A> {
    PrefixLen::new(bits).unwrap()
}

pub(crate) async fn shown(ranges: &dyn Ranges<Ipv4>) -> Vec<String> {
    let rows = ranges.ranges(&RangeFilter::default()).await.unwrap();
    rows.iter().map(|row| format!("{} {} {}", row.id, row.range, row.status)).collect()
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, StoreError>) -> &'static str {
    result.unwrap_err().code()
}

/// A row of 10.0.0.0/24, cut into four, of which one is reserved and assigned, and two are merged again.
pub(crate) async fn campus(store: &SqlStore) {
    let ranges: &dyn Ranges<Ipv4> = store;
    ranges.add_supernet(&Supernet { id: "campus".into(), prefix: "10.0.0.0/23".parse().unwrap() }).await.unwrap();
    ranges.add_range("q1", &new("r1", "10.0.0.0/24"), Some(64500), &act()).await.unwrap();
    ranges.split_range("q2", "r1", &Cut::by_length(length(26)), &act()).await.unwrap();
    ranges.reserve_range("q3", "q2/3", "lab-1", &because("soon")).await.unwrap();
    ranges.assign_range("q4", "q2/3", "lab-1", &because("")).await.unwrap();
    ranges.merge_ranges("q5", &["q2/1", "q2/0"], length(25), &act()).await.unwrap();
    ranges.add_range("q6", &new("r6", "10.0.1.128-10.0.2.127/22"), None, &act()).await.unwrap();
    let ranges: &dyn Ranges<Ipv6> = store;
    ranges.add_range("p1", &new("s1", "2001:db8::/32"), None, &act()).await.unwrap();
    ranges.assign_range("p2", "s1", "lab-6", &act()).await.unwrap();
}

#[tokio::test]
async fn a_range_lives_and_is_there_when_it_is_opened_again() {
    let (database, store) = empty_store().await;
    campus(&store).await;
    store.close().await;
    let store = database.open().await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    let rows = [
        "q5/0 10.0.0.0/25 wait",
        "q2/2 10.0.0.128/26 wait",
        "q2/3 10.0.0.192/26 assigned",
        "r6 10.0.1.128-10.0.2.127/22 wait",
    ];
    assert_eq!(shown(ranges).await, rows);
    let row = ranges.range("q2/3").await.unwrap().unwrap();
    assert_eq!((row.asn, row.owner.as_deref()), (Some(64500), Some("lab-1")));
    assert_eq!(ranges.range("r1").await.unwrap(), None);

    // By address, also at the ends.
    let at = async |text: &str| ranges.range_at(text.parse().unwrap()).await.unwrap().map(|row| row.id);
    for (address, id) in [
        ("10.0.0.0", Some("q5/0")),
        ("10.0.0.127", Some("q5/0")),
        ("10.0.0.128", Some("q2/2")),
        ("10.0.0.255", Some("q2/3")),
        ("10.0.1.0", None),
        ("10.0.2.127", Some("r6")),
        ("9.255.255.255", None),
        ("255.255.255.255", None),
    ] {
        assert_eq!(at(address).await.as_deref(), id, "{address}");
    }

    // By what is asked for.
    let ids = async |filter: RangeFilter<Ipv4>| {
        let rows = ranges.ranges(&filter).await.unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let any = RangeFilter::default;
    let within = |text: &str| Some(text.parse().unwrap());
    assert_eq!(ids(RangeFilter { status: Some(RowStatus::Wait), ..any() }).await, ["q5/0", "q2/2", "r6"]);
    assert_eq!(ids(RangeFilter { owner: Some("lab-1".into()), ..any() }).await, ["q2/3"]);
    assert_eq!(ids(RangeFilter { owner: Some("lab-6".into()), ..any() }).await, [""; 0]);
    assert_eq!(ids(RangeFilter { within: within("10.0.0.100-10.0.0.130"), ..any() }).await, ["q5/0", "q2/2"]);
    assert_eq!(ids(RangeFilter { within: within("10.0.0.200-10.0.1.127"), ..any() }).await, ["q2/3"]);
    assert_eq!(ids(RangeFilter { within: within("10.0.2.128-255.255.255.255"), ..any() }).await, [""; 0]);
    let both = RangeFilter {
        within: within("10.0.0.200-10.0.9.9"),
        status: Some(RowStatus::Assigned),
        owner: Some("lab-1".into()),
    };
    assert_eq!(ids(both).await, ["q2/3"]);

    // R-I11
    let usage = ranges.supernet_usage("campus").await.unwrap();
    let sizes = [usage.assigned(), usage.reserved(), usage.wait(), usage.free()].map(|size| size.to_string());
    assert_eq!((sizes, usage.state()), (["64".into(), "0".into(), "320".into(), "128".into()], SupernetState::Split));
    assert_eq!(usage.straddling()[0].inside.to_string(), "10.0.1.128-10.0.1.255");
    sound(&store).await;
}

#[tokio::test]
async fn a_history_is_of_a_row_and_of_those_that_it_came_of() {
    let (_database, store) = empty_store().await;
    campus(&store).await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    let requests = async |id: &str| {
        let history = ranges.range_history(id).await.unwrap();
        history.into_iter().map(|stored| format!("{} {}", stored.request, stored.record.action())).collect::<Vec<_>>()
    };
    assert_eq!(requests("q2/3").await, ["q1 add", "q2 split", "q3 reserve", "q4 assign"]);
    assert_eq!(requests("q5/0").await, ["q1 add", "q2 split", "q5 merge"]);
    assert_eq!(requests("q2/0").await, ["q1 add", "q2 split", "q5 merge"]);
    assert_eq!(requests("r1").await, ["q1 add", "q2 split"]);
    assert_eq!(requests("s1").await, [""; 0]); // of the other family
    let reserved = &ranges.range_history("q2/3").await.unwrap()[2];
    assert_eq!((reserved.by.as_str(), reserved.record.remark().as_str()), ("operator", "soon"));
    assert_eq!((reserved.record.owner(), reserved.at), (Some("lab-1"), act().now));

    // What is recovered and removed is still told of.
    ranges.recover_range("q7", "q2/3", &act()).await.unwrap();
    ranges.delete_range("q8", "q2/3", &act()).await.unwrap();
    assert_eq!(ranges.range("q2/3").await.unwrap(), None);
    assert_eq!(requests("q2/3").await[4..], ["q7 recover", "q8 delete"]);
    sound(&store).await;
}

#[tokio::test]
async fn the_same_request_is_carried_out_once() {
    let (_database, store) = empty_store().await;
    campus(&store).await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    let before = shown(ranges).await;
    let later = Act { now: at("2026-01-01T00:00:00Z"), ..act() };
    let cut = |bits| Cut::by_length(length(bits));
    // Again is the first, whatever became of the rows.
    let again = ranges.split_range("q2", "r1", &cut(26), &later).await.unwrap();
    let first = again.record.as_ref().unwrap();
    assert!(again.is_replay && first.at == act().now);
    assert_eq!((first.record.action(), first.record.after().len()), (RowAction::Split, 4));
    let lenient = Cut::Length { length: length(26), limits: SplitLimits::NONE };
    assert!(ranges.split_range("q2", "r1", &lenient, &later).await.unwrap().is_replay);
    assert!(ranges.add_range("q1", &new("r1", "10.0.0.0/24"), Some(64500), &later).await.unwrap().is_replay);
    assert!(ranges.merge_ranges("q5", &["q2/0", "q2/1"], length(25), &later).await.unwrap().is_replay);

    // Other content under its id is a conflict, with what differs.
    let fact = |refused: Result<_, StoreError>| match refused.unwrap_err() {
        StoreError::Conflict { what: "request", fact, .. } => fact,
        other => panic!("{other}"),
    };
    assert_eq!(fact(ranges.split_range("q2", "r1", &cut(27), &act()).await), "call");
    assert_eq!(fact(ranges.split_range("q2", "q2/2", &cut(26), &act()).await), "call");
    let plan = Cut::by_plan(["10.0.0.0/25", "10.0.0.128/25"].map(|text| text.parse::<Range<Ipv4>>().unwrap()));
    assert_eq!(fact(ranges.split_range("q2", "r1", &plan, &act()).await), "call");
    assert_eq!(fact(ranges.add_range("q1", &new("r1", "10.0.0.0/24"), None, &act()).await), "call");
    assert_eq!(fact(ranges.reserve_range("q4", "q2/3", "lab-1", &because("")).await), "call");
    assert_eq!(fact(ranges.assign_range("q4", "q2/3", "lab-2", &because("")).await), "call");
    assert_eq!(fact(ranges.assign_range("q4", "q2/3", "lab-1", &because("x")).await), "remark");
    assert_eq!(
        fact(ranges.assign_range("q4", "q2/3", "lab-1", &Act { by: "eve".into(), ..because("") }).await),
        "actor"
    );
    let other: &dyn Ranges<Ipv6> = &store;
    let refused = other.recover_range("q4", "s1", &because("")).await.unwrap_err();
    assert_eq!(refused.code(), "store.conflict");

    // What changes nothing leaves no trace, and its id is free.
    let nothing = ranges.split_range("q9", "q2/2", &cut(26), &act()).await.unwrap();
    assert_eq!((nothing.record, nothing.is_replay), (None, false));
    let row = ranges.range("q2/2").await.unwrap().unwrap();
    let same = RowFacts { range: row.range, asn: row.asn };
    assert_eq!(ranges.change_range("q9", "q2/2", same, &act()).await.unwrap().record, None);
    assert_eq!(ranges.merge_ranges("q9", &["q2/2"], length(26), &act()).await.unwrap().record, None);
    assert_eq!(shown(ranges).await, before);
    assert!(!ranges.reserve_range("q9", "q2/2", "lab-2", &act()).await.unwrap().is_replay);
    sound(&store).await;
}

#[tokio::test]
async fn supernets_are_apart() {
    let (_database, store) = empty_store().await;
    campus(&store).await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    let supernet = |id: &str, prefix: &str| Supernet { id: id.into(), prefix: prefix.parse().unwrap() };
    let add = async |id: &str, prefix: &str| ranges.add_supernet(&supernet(id, prefix)).await;
    assert_eq!(add("campus", "10.0.0.0/23").await.unwrap(), Put::Unchanged);
    assert_eq!(code(add("campus", "10.0.0.0/22").await), "store.conflict");
    assert_eq!(code(add("", "11.0.0.0/8").await), "ipam.empty_text");
    for prefix in ["0.0.0.0/0", "10.0.0.0/22", "10.0.1.0/24", "10.0.0.0/23"] {
        assert_eq!(code(add("other", prefix).await), "ipam.overlap", "{prefix}");
    }
    assert_eq!(add("next", "10.0.2.0/23").await.unwrap(), Put::Inserted);
    assert_eq!(add("first", "9.0.0.0/8").await.unwrap(), Put::Inserted);
    let six: &dyn Ranges<Ipv6> = &store;
    let of_six = |id: &str, prefix: &str| Supernet { id: id.into(), prefix: prefix.parse().unwrap() };
    assert_eq!(code(six.add_supernet(&of_six("next", "::/0")).await), "store.conflict");
    assert_eq!(six.add_supernet(&of_six("all", "::/0")).await.unwrap(), Put::Inserted);

    let all = ranges.usage_of_supernets().await.unwrap();
    let shown: Vec<_> =
        all.iter().map(|(supernet, usage)| format!("{} {} {}", supernet.id, usage.left(), usage.state())).collect();
    assert_eq!(shown, ["first 16777216 in_stock", "campus 448 split", "next 512 split"]);
    for (supernet, usage) in &all {
        assert_eq!(ranges.supernet_usage(&supernet.id).await.unwrap(), *usage);
    }
    assert_eq!(ranges.supernets().await.unwrap().len(), 3);
    let six = six.supernet_usage("all").await.unwrap();
    assert_eq!(six.ratio().unwrap().to_string(), "1/4294967296");
    assert_eq!(code(ranges.supernet_usage("all").await), "store.not_found");
    sound(&store).await;
}

#[tokio::test]
async fn both_ends_of_both_families_are_kept() {
    async fn ends<A: counterfoil_store::KeptFamily>(store: &SqlStore, request: &str) {
        let ranges: &dyn Ranges<A> = store;
        let whole: Range<A> = counterfoil::ipam::Prefix::WHOLE.into();
        let id = format!("{request}-whole");
        ranges.add_range(request, &NewRow { id: id.clone(), range: whole }, Some(u32::MAX), &act()).await.unwrap();
        let halves =
            ranges.split_range(&format!("{request}-s"), &id, &Cut::by_length(length(1)), &act()).await.unwrap();
        let halves = halves.record.unwrap().record.after().to_vec();
        assert_eq!(ranges.range_at(A::FIRST).await.unwrap().as_ref(), halves.first());
        assert_eq!(ranges.range_at(A::LAST).await.unwrap().as_ref(), halves.last());
        assert_eq!(ranges.ranges(&RangeFilter::default()).await.unwrap(), halves);
        let ids: Vec<&str> = halves.iter().map(|row| row.id.as_str()).collect();
        let merged = ranges.merge_ranges(&format!("{request}-m"), &ids, PrefixLen::WHOLE, &act()).await.unwrap();
        assert_eq!(merged.record.unwrap().record.after()[0].range, whole);
        sound(store).await;
    }
    let (_database, store) = empty_store().await;
    ends::<Ipv4>(&store, "four").await;
    ends::<Ipv6>(&store, "six").await;
}

/// The audit makes the text of a request of its record again.
#[tokio::test]
async fn a_request_of_every_kind_is_what_its_record_says() {
    let (_database, store) = empty_store().await;
    campus(&store).await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    let entries = ["10.0.0.128-10.0.0.129/26", "10.0.0.130/31", "10.0.0.132-10.0.0.191/26"];
    let plan = Cut::by_plan(entries.map(|text| text.parse::<Range<Ipv4>>().unwrap()));
    ranges.split_range("k1", "q2/2", &plan, &act()).await.unwrap();
    // A plan of pieces as a length would cut them, and a length that cuts off the grid's ends.
    let even = Cut::by_plan(["10.0.0.0/26", "10.0.0.64/26"].map(|text| text.parse::<Range<Ipv4>>().unwrap()));
    ranges.split_range("k2", "q5/0", &even, &act()).await.unwrap();
    ranges
        .change_range("k3", "r6", RowFacts { range: "10.0.1.100-10.0.2.9/22".parse().unwrap(), asn: Some(1) }, &act())
        .await
        .unwrap();
    ranges.split_range("k4", "r6", &Cut::by_length(length(25)), &act()).await.unwrap();
    ranges.merge_ranges("k5", &["k4/2", "k4/0", "k4/1", "k4/0"], length(22), &act()).await.unwrap();
    ranges.recover_range("k6", "q2/3", &act()).await.unwrap();
    ranges.delete_range("k7", "q2/3", &act()).await.unwrap();
    let quoted = new("\"quoted\" \u{1}号", "10.7.0.0/24");
    ranges.add_range("k8", &quoted, None, &act()).await.unwrap();
    ranges.reserve_range("k9", &quoted.id, "\\ \"", &act()).await.unwrap();
    assert!(ranges.reserve_range("k9", &quoted.id, "\\ \"", &act()).await.unwrap().is_replay);
    sound(&store).await;
}
