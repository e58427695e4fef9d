//! Ranges: one address in one row, each change once and with its record (R-I9, R-I11, R-I12).

use super::{auditing::found, support::*};
use counterfoil::ipam::{
    Address, Ipv4, Ipv6, NewRow, PrefixLen, Range, RowAction, RowFacts, RowStatus, SplitLimits, SupernetState,
    UncheckedRange,
};
use counterfoil_store::{Act, Cut, Put, RangeFilter, Ranges, Reports, SqlStore, StoreError, Supernet};
use sqlx::{ConnectOptions, migrate::Migrator};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::task::JoinSet;

fn act() -> Act {
    because("the new campus")
}

fn because(reason: &str) -> Act {
    Act { by: "operator".into(), reason: reason.into(), now: at("2025-03-14T15:00:00Z") }
}

fn new<A: Address>(id: &str, range: &str) -> NewRow<A> {
    NewRow { id: id.into(), range: range.parse().unwrap() }
}

fn length<A: Address>(bits: u8) -> PrefixLen<A> {
    PrefixLen::new(bits).unwrap()
}

async fn memory() -> SqlStore {
    SqlStore::open("sqlite::memory:").await.unwrap()
}

async fn sound(store: &SqlStore) {
    let audit = store.verify().await.unwrap();
    assert!(audit.is_sound(), "{:#?}", audit.findings);
}

async fn shown(ranges: &dyn Ranges<Ipv4>) -> Vec<String> {
    let rows = ranges.ranges(&RangeFilter::default()).await.unwrap();
    rows.iter().map(|row| format!("{} {} {}", row.id, row.range, row.status)).collect()
}

fn code<T: std::fmt::Debug>(result: Result<T, StoreError>) -> &'static str {
    result.unwrap_err().code()
}

/// A row of 10.0.0.0/24, cut into four, of which one is reserved and assigned, and two are merged again.
async fn campus(store: &SqlStore) {
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
    let (_folder, path) = folder();
    let store = SqlStore::open(&path).await.unwrap();
    campus(&store).await;
    store.close().await;
    let store = SqlStore::open(&path).await.unwrap();
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
    let store = memory().await;
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
    let store = memory().await;
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
async fn what_the_core_refuses_changes_nothing() {
    let store = memory().await;
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
async fn supernets_are_apart() {
    let store = memory().await;
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
    let store = memory().await;
    ends::<Ipv4>(&store, "four").await;
    ends::<Ipv6>(&store, "six").await;
}

/// What stores of one file that run at one time came to.
async fn at_one_time<F>(path: &str, call: impl Fn(usize, SqlStore) -> F) -> Vec<Result<bool, &'static str>>
where
    F: Future<Output = Result<bool, StoreError>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for task in 0..8 {
        let store = SqlStore::open(path).await.unwrap();
        tasks.spawn(call(task, store));
    }
    let outcomes: Vec<Result<bool, StoreError>> = tasks.join_all().await;
    outcomes.into_iter().map(|outcome| outcome.map_err(|error| error.code())).collect()
}

fn won(outcomes: &[Result<bool, &str>]) -> usize {
    outcomes.iter().filter(|outcome| **outcome == Ok(false)).count()
}

#[tokio::test]
async fn of_many_at_one_time_exactly_one_wins() {
    let (_folder, path) = folder();
    let store = SqlStore::open(&path).await.unwrap();
    let ranges: &dyn Ranges<Ipv4> = &store;
    ranges.add_supernet(&Supernet { id: "campus".into(), prefix: "10.0.0.0/16".parse().unwrap() }).await.unwrap();

    // Rows that all have 10.0.0.64: one of them is entered.
    let outcomes = at_one_time(&path, async |task, store: SqlStore| {
        let ranges: &dyn Ranges<Ipv4> = &store;
        let range = format!("10.0.0.{}-10.0.0.{}/24", 8 * task, 64 + 16 * task);
        let change = ranges.add_range(&format!("a{task}"), &new(&format!("r{task}"), &range), None, &act()).await?;
        Ok(change.is_replay)
    })
    .await;
    assert_eq!(won(&outcomes), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err("ipam.overlap")).count(), 7, "{outcomes:?}");
    sound(&store).await;

    // Cuts of one row by other lengths: one of them is made.
    ranges.add_range("b", &new("whole", "10.0.4.0/22"), None, &act()).await.unwrap();
    let outcomes = at_one_time(&path, async |task, store: SqlStore| {
        let ranges: &dyn Ranges<Ipv4> = &store;
        let bits = 23 + u8::try_from(task).unwrap() % 7;
        Ok(ranges.split_range(&format!("b{task}"), "whole", &Cut::by_length(length(bits)), &act()).await?.is_replay)
    })
    .await;
    assert_eq!(won(&outcomes), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err("store.not_found")).count(), 7, "{outcomes:?}");
    sound(&store).await;

    // One row for many owners, cut or removed meanwhile.
    ranges.add_range("c", &new("wanted", "10.0.8.0/24"), None, &act()).await.unwrap();
    let outcomes = at_one_time(&path, async |task, store: SqlStore| {
        let ranges: &dyn Ranges<Ipv4> = &store;
        let request = format!("c{task}");
        let change = match task % 4 {
            0 => ranges.split_range(&request, "wanted", &Cut::by_length(length(25)), &act()).await?,
            1 => ranges.delete_range(&request, "wanted", &act()).await?,
            _ => ranges.assign_range(&request, "wanted", &format!("lab-{task}"), &act()).await?,
        };
        Ok(change.is_replay)
    })
    .await;
    assert_eq!(won(&outcomes), 1, "{outcomes:?}");
    let refusals = ["store.not_found", "ipam.illegal_change"];
    assert!(
        outcomes.iter().all(|outcome| outcome.map_or_else(|code| refusals.contains(&code), |replay| !replay)),
        "{outcomes:?}"
    );
    sound(&store).await;

    // One request, sent by all: it is carried out once, and all have its record.
    ranges.add_range("d", &new("again", "10.0.12.0/22"), None, &act()).await.unwrap();
    let outcomes = at_one_time(&path, async |_, store: SqlStore| {
        let ranges: &dyn Ranges<Ipv4> = &store;
        let change = ranges.split_range("d1", "again", &Cut::by_length(length(30)), &act()).await?;
        assert_eq!(change.record.unwrap().record.after().len(), 256);
        Ok(change.is_replay)
    })
    .await;
    assert_eq!(
        (won(&outcomes), outcomes.iter().filter(|outcome| **outcome == Ok(true)).count()),
        (1, 7),
        "{outcomes:?}"
    );
    sound(&store).await;
    ranges.supernet_usage("campus").await.unwrap();
}

#[tokio::test]
async fn a_change_that_fails_half_way_leaves_nothing() {
    let (_folder, path) = folder();
    let store = SqlStore::open(&path).await.unwrap();
    campus(&store).await;
    let ranges: &dyn Ranges<Ipv4> = &store;
    let before = shown(ranges).await;
    let mut beside = beside(&path).await;
    // The last piece can not be written, then the record, then its last row.
    for broken in [
        "create trigger broken before insert on ranges when new.range_id = 'z/63' begin select raise(abort, 'broken'); end",
        "create trigger broken before insert on range_records begin select raise(abort, 'broken'); end",
        "create trigger broken before insert on range_record_rows when new.position = 63 begin select raise(abort, 'broken'); end",
    ] {
        sqlx::query(broken).execute(&mut beside).await.unwrap();
        let cut = Cut::by_length(length(32));
        assert_eq!(code(ranges.split_range("z", "q2/2", &cut, &act()).await), "store.io");
        assert_eq!(shown(ranges).await, before);
        assert_eq!(ranges.range_history("q2/2").await.unwrap().len(), 2);
        sqlx::query("drop trigger broken").execute(&mut beside).await.unwrap();
        sound(&store).await;
    }
    beside.close().await.unwrap();
    assert!(!ranges.split_range("z", "q2/2", &Cut::by_length(length(32)), &act()).await.unwrap().is_replay);
    sound(&store).await;
}

#[tokio::test]
async fn the_schema_refuses_what_the_store_would_not_write() {
    let (_folder, path) = folder();
    campus(&SqlStore::open(&path).await.unwrap()).await;
    let mut beside = beside(&path).await;
    let refused = async |beside: &mut SqliteConnection, change: &'static str| {
        sqlx::query(change).execute(beside).await.unwrap_err().to_string()
    };
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
        let fault = refused(&mut beside, change).await;
        assert!(fault.contains("never"), "{change}: {fault}");
    }
    for change in [
        "insert into ranges values (99, 'x', 'ipv4', x'0b', x'0b', 8, 'wait', null, null)",
        "insert into ranges values (99, 'x', 'ipv4', x'00000000000000000000000100000000', x'00000000000000000000000100000000', 8, 'wait', null, null)",
        "insert into ranges values (99, 'x', 'ipv4', x'00000000000000000000000000000001', zeroblob(16), 8, 'wait', null, null)",
        "insert into ranges values (99, 'x', 'ipv4', zeroblob(16), zeroblob(16), 33, 'wait', null, null)",
        "insert into ranges values (99, 'x', 'toy', zeroblob(16), zeroblob(16), 8, 'wait', null, null)",
        "insert into ranges values (99, 'x', 'ipv4', zeroblob(16), zeroblob(16), 8, 'wait', null, 'ada')",
        "insert into ranges values (99, 'x', 'ipv4', zeroblob(16), zeroblob(16), 8, 'assigned', null, null)",
        "insert into ranges values (99, '', 'ipv4', zeroblob(16), zeroblob(16), 8, 'wait', null, null)",
    ] {
        let fault = refused(&mut beside, change).await;
        assert!(fault.contains("CHECK constraint"), "{change}: {fault}");
    }
}

#[tokio::test]
async fn whatever_is_changed_of_ranges_is_named() {
    let (_folder, path) = folder();
    let store = SqlStore::open(&path).await.unwrap();
    campus(&store).await;
    sound(&store).await;
    store.close().await;
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
    let mut unnamed = Vec::new();
    for (change, table, row) in changes {
        let findings = found(&path, change).await;
        if !findings.iter().any(|finding| finding.table == table && finding.row.starts_with(row)) {
            unnamed.push(format!("{change}: {findings:#?}"));
        }
    }
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
}

/// The audit makes the text of a request of its record again.
#[tokio::test]
async fn a_request_of_every_kind_is_what_its_record_says() {
    let store = memory().await;
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
    let quoted = new("\"quoted\" \u{0}号", "10.7.0.0/24");
    ranges.add_range("k8", &quoted, None, &act()).await.unwrap();
    ranges.reserve_range("k9", &quoted.id, "\\ \"", &act()).await.unwrap();
    assert!(ranges.reserve_range("k9", &quoted.id, "\\ \"", &act()).await.unwrap().is_replay);
    sound(&store).await;
}

#[tokio::test]
async fn a_file_of_an_earlier_schema_takes_ranges() {
    let (_folder, path) = folder();
    let all = sqlx::migrate!("./migrations/sqlite");
    let migrations: Vec<_> = all.iter().filter(|migration| migration.version <= 5).cloned().collect();
    let earlier = Migrator { migrations: migrations.into(), ..Migrator::DEFAULT };
    let mut file = SqliteConnectOptions::new().filename(&path).create_if_missing(true).connect().await.unwrap();
    earlier.run_direct(None, &mut file, false).await.unwrap();
    file.close().await.unwrap();
    let store = SqlStore::open(&path).await.unwrap();
    campus(&store).await;
    sound(&store).await;
}
