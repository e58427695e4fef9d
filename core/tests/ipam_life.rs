//! The life of a row (R-I12): every record that could be, and every cut of a small range.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used, reason = "a test: a fault must stop it")]

use counterfoil::ipam::{
    Address, Interval, Ipv4, Ipv6, NewRow, PrefixLen, Range, RangeRecord, Remark, Row, RowAction, RowFacts, RowStatus,
    Toy,
};
use proptest::prelude::*;

fn range<A: Address>(text: &str) -> Range<A> {
    text.parse().unwrap()
}

fn row<A: Address>(id: &str, range: Range<A>, status: RowStatus, owner: Option<&str>) -> Row<A> {
    Row { id: id.into(), range, status, asn: None, owner: owner.map(Into::into) }
}

fn new<A: Address>(id: impl ToString, range: Range<A>) -> NewRow<A> {
    NewRow { id: id.to_string(), range }
}

fn none() -> Remark {
    Remark::default()
}

/// Whether a row may become another by an action, said apart from the library: state, owner, ASN, label.
fn may(action: RowAction, before: &Row<Toy>, after: &Row<Toy>) -> bool {
    use RowStatus::{Assigned, Reserved, Wait};
    // A row that waits may still name somebody before, and is nobody's.
    let owner = |row: &Row<Toy>| row.owner.clone().filter(|_| row.status != Wait);
    let has_owner = |row: &Row<Toy>| row.status == Wait || row.owner.is_some();
    let fits = has_owner(before) && has_owner(after) && (after.status != Wait || after.owner.is_none());
    let same = |what: &str| match what {
        "id" => before.id == after.id,
        "asn" => before.asn == after.asn,
        "owner" => owner(before) == owner(after),
        "range" => before.range == after.range,
        _ => before.status == after.status,
    };
    let all_same = |what: &[&str]| what.iter().all(|what| same(what));
    let allowed = match action {
        RowAction::Add | RowAction::Delete => false, // one row before or one after
        RowAction::Reserve => (before.status, after.status) == (Wait, Reserved) && all_same(&["id", "asn", "range"]),
        RowAction::Assign => {
            let from = before.status == Wait || before.status == Reserved && same("owner");
            from && after.status == Assigned && all_same(&["id", "asn", "range"])
        }
        RowAction::Recover => before.status != Wait && after.status == Wait && all_same(&["id", "asn", "range"]),
        RowAction::Split => {
            before.status != Assigned
                && all_same(&["status", "asn", "owner"])
                && before.range.interval() == after.range.interval()
                && before.range.length() <= after.range.length()
        }
        RowAction::Merge => {
            before.status != Assigned
                && all_same(&["status", "asn", "owner"])
                && before.range.interval() == after.range.interval()
                && before.range.length() >= after.range.length()
        }
        RowAction::Change => all_same(&["id", "status", "owner"]) && (before.status == Wait || same("range")),
    };
    fits && allowed
}

#[test]
fn every_record_of_one_row_before_and_one_after() {
    let mut rows = Vec::new();
    for id in ["r1", "r2"] {
        for range in [range("0-3/6"), range("0-3/5"), range("0-2/6")] {
            for status in RowStatus::ALL {
                for asn in [None, Some(7)] {
                    for owner in [None, Some("ada"), Some("bob")] {
                        rows.push(Row { asn, ..row::<Toy>(id, range, status, owner) });
                    }
                }
            }
        }
    }
    let mut allowed = 0;
    for before in &rows {
        for after in &rows {
            for action in RowAction::ALL {
                let record = RangeRecord::new(action, vec![before.clone()], vec![after.clone()], none());
                assert_eq!(record.is_ok(), may(action, before, after), "{action}: {before:?} {after:?}: {record:?}");
                allowed += usize::from(record.is_ok());
            }
            let one = |action, before: Vec<&Row<Toy>>, after: Vec<&Row<Toy>>| {
                let cloned = |rows: Vec<&Row<Toy>>| rows.into_iter().cloned().collect();
                RangeRecord::new(action, cloned(before), cloned(after), none()).is_ok()
            };
            let is_waiting = before.status == RowStatus::Wait;
            assert_eq!(one(RowAction::Add, vec![], vec![before]), is_waiting && before.owner.is_none());
            assert_eq!(one(RowAction::Delete, vec![before], vec![]), is_waiting);
        }
    }
    assert!(allowed > 100, "{allowed}");
}

/// Whose a record says the rows are: of what is given the new owner, else the one that the rows have or had.
fn said_owner(action: RowAction, before: RowStatus) -> Option<&'static str> {
    let is_given = matches!(action, RowAction::Reserve | RowAction::Assign);
    let had_one = action != RowAction::Add && before != RowStatus::Wait;
    (is_given || had_one).then_some("ada")
}

#[test]
fn the_functions_do_what_the_table_says() {
    let remark = || Remark::new("why").unwrap();
    for status in RowStatus::ALL {
        let owner = (status != RowStatus::Wait).then_some("ada");
        let row = Row { asn: Some(7), ..row::<Toy>("r1", range("0-3/6"), status, owner) };
        for action in RowAction::ALL {
            let record = match action {
                RowAction::Add => Row::add(new("r1", row.range), Some(7), remark()),
                RowAction::Reserve => row.reserve("ada", remark()),
                RowAction::Assign => row.assign("ada", remark()),
                RowAction::Recover => row.recover(remark()),
                RowAction::Split => {
                    let halves = [new("a", range("0-1/7")), new("b", range("2-3/7"))];
                    row.split(&halves, remark()).map(Option::unwrap)
                }
                RowAction::Merge => {
                    let next = Row { id: "r2".into(), range: range("4-7/6"), ..row.clone() };
                    Row::merge(&[row.clone(), next], new("m", range("0-7/5")), remark()).map(Option::unwrap)
                }
                RowAction::Change => row.change(RowFacts { range: row.range, asn: None }, remark()).map(Option::unwrap),
                RowAction::Delete => row.delete(remark()),
            };
            let from = (action != RowAction::Add).then_some(status);
            match (record, action.after(from)) {
                (Ok(record), Ok(to)) => {
                    assert_eq!((record.action(), record.remark().as_str()), (action, "why"));
                    assert!(record.before().iter().all(|before| Some(before.status) == from));
                    assert!(record.after().iter().all(|after| Some(after.status) == to));
                    assert!(record.after().iter().all(|after| after.owner.is_some() == (to != Some(RowStatus::Wait))));
                    assert_eq!(record.owner(), said_owner(action, status));
                    let asn = if action == RowAction::Change { None } else { Some(7) };
                    assert!(record.after().iter().all(|after| after.asn == asn));
                    let parts = (record.old_ranges().len(), record.new_ranges().len());
                    assert_eq!(parts, (record.before().len(), record.after().len()));
                }
                (Err(refused), Err(error)) => assert_eq!(refused, error),
                (record, table) => panic!("{action} from {status}: {record:?}, {table:?}"),
            }
        }
    }
    // What was recovered tells whose it was.
    let record = row::<Toy>("r1", range("0-3/6"), RowStatus::Assigned, Some("ada")).recover(none()).unwrap();
    assert_eq!((record.owner(), record.after()[0].owner.as_deref()), (Some("ada"), None));
}

#[test]
fn faults_are_told_in_their_order() {
    let wait = |id: &str, text: &str| row::<Ipv4>(id, range(text), RowStatus::Wait, None);
    let code = |record: Result<RangeRecord<Ipv4>, counterfoil::error::IpamError>| record.unwrap_err().code();
    let record =
        |action, before: Vec<Row<Ipv4>>, after: Vec<Row<Ipv4>>| code(RangeRecord::new(action, before, after, none()));
    let (one, two) = (wait("r1", "10.0.0.0/25"), wait("r2", "10.0.0.128/25"));
    let unowned = Row { status: RowStatus::Assigned, ..one.clone() };
    let stray = Row { owner: Some("ada".into()), ..one.clone() };
    let unnamed = Row { id: String::new(), ..one.clone() };
    // Each line has the faults of the lines after it too.
    assert_eq!(record(RowAction::Split, vec![unnamed.clone(), unowned.clone()], vec![]), "ipam.record_shape");
    assert_eq!(record(RowAction::Merge, vec![unnamed.clone(), unowned.clone()], vec![one.clone()]), "ipam.empty_text");
    assert_eq!(record(RowAction::Merge, vec![unowned.clone(), unowned.clone()], vec![one.clone()]), "ipam.row_owner");
    assert_eq!(record(RowAction::Change, vec![one.clone()], vec![stray.clone()]), "ipam.row_owner");
    assert_eq!(stray.reserve("bob", none()).unwrap().owner(), Some("bob"));
    assert_eq!(stray.delete(none()).unwrap().owner(), None);
    let halves = [new("a", range("10.0.0.0/26")), new("b", range("10.0.0.64/26"))];
    let record_of_stray = stray.split(&halves, none()).unwrap().unwrap();
    assert!(record_of_stray.after().iter().all(|row| row.owner.is_none()));
    let assigned = Row { status: RowStatus::Assigned, owner: Some("ada".into()), ..two.clone() };
    let twice = vec![assigned.clone(), assigned.clone()];
    assert_eq!(record(RowAction::Merge, twice, vec![one.clone()]), "ipam.repeated_id");
    let merged = |rows: &[Row<Ipv4>], text: &str| Row::merge(rows, new("m", range(text)), none()).map(Option::unwrap);
    assert_eq!(code(merged(&[one.clone(), assigned.clone()], "10.0.0.0/24")), "ipam.illegal_change");
    assert_eq!(code(merged(&[assigned, one.clone()], "10.0.0.0/24")), "ipam.illegal_change");
    let reserved = |owner: &str| Row { status: RowStatus::Reserved, owner: Some(owner.into()), ..two.clone() };
    assert_eq!(code(merged(&[one.clone(), reserved("ada")], "10.0.0.0/24")), "ipam.rows_differ");
    let of_ada = Row { id: "r1".into(), range: one.range, ..reserved("ada") };
    let error = merged(&[of_ada.clone(), reserved("bob")], "10.0.0.0/24").unwrap_err();
    assert_eq!(
        error.to_string(),
        "rows `r1` and `r2` have another owner, which `merge` does not change: make it the same first"
    );
    let other = Row { asn: Some(7), ..reserved("bob") };
    assert_eq!(merged(&[of_ada.clone(), other], "10.0.0.0/24").unwrap_err().details()[1].1, "ASN");
    assert_eq!(code(of_ada.assign("bob", none())), "ipam.other_owner");
    assert_eq!(code(of_ada.assign("", none())), "ipam.empty_text");
    let elsewhere = RowFacts { range: two.range, asn: None };
    assert_eq!(of_ada.change(elsewhere, none()).unwrap_err().code(), "ipam.range_in_use");
    assert_eq!(one.change(elsewhere, none()).unwrap().unwrap().after()[0].range, two.range);
    // A name that was left in a row that waits is ignored, and nothing else would change.
    assert_eq!(stray.change(RowFacts { range: one.range, asn: None }, none()), Ok(None));
    // Only a correction is about the range; what changes the state alone has to leave it, also of a row that waits.
    let moved = |row: &Row<Ipv4>| Row { range: two.range, ..row.clone() };
    let kept = RangeRecord::new(RowAction::Reserve, vec![one.clone()], vec![moved(&of_ada)], none()).unwrap_err();
    assert_eq!((kept.code(), &kept.details()[1].1[..]), ("ipam.rows_differ", "range"));
    assert_eq!(record(RowAction::Recover, vec![of_ada.clone()], vec![moved(&one)]), "ipam.rows_differ");
    assert_eq!(merged(&[one.clone(), two.clone()], "10.0.0.0/24").unwrap().after()[0].range, range("10.0.0.0/24"));
    assert_eq!(code(merged(&[one.clone(), wait("r3", "10.0.0.0/26")], "10.0.0.0/26")), "ipam.part_label");
    let error = merged(&[one.clone(), wait("r3", "10.0.0.64/26")], "10.0.0.0/24").unwrap_err();
    assert_eq!(error.to_string(), "`merge` keeps every address once: `10.0.0.64` is in 2 ranges before and in 1 after");
}

#[test]
fn what_changes_nothing_has_no_record() {
    let row = row::<Ipv6>("r1", range("2001:db8::/48"), RowStatus::Wait, None);
    assert_eq!(row.split(&[new("r2", row.range)], none()), Ok(None));
    assert_eq!(Row::merge(std::slice::from_ref(&row), new("r2", row.range), none()), Ok(None));
    assert_eq!(row.change(RowFacts { range: row.range, asn: None }, none()), Ok(None));
    // A longer label is another range, of the same addresses.
    let one: Range<Ipv6> = range("2001:db8::-2001:db8::1/48");
    let row = Row { range: one, ..row };
    let record = row.split(&[new("r1", range("2001:db8::-2001:db8::1/127"))], none()).unwrap().unwrap();
    assert_eq!((record.after()[0].id.as_str(), record.after()[0].range.length().get()), ("r1", 127));
    // What may not be split may not be split into itself either.
    let assigned = Row { status: RowStatus::Assigned, owner: Some("ada".into()), ..row };
    assert_eq!(assigned.split(&[new("r2", one)], none()).unwrap_err().code(), "ipam.illegal_change");
}

/// Every cut of every range of 0 to 19 into two and three, each with every label that the pieces can have, and each
/// merged back; and every one of them with a piece left out.
#[test]
fn what_is_split_is_merged_back() {
    let labelled = |first: u8, last: u8| {
        let interval = Interval::new(Toy::new(first), Toy::new(last)).unwrap();
        let labels = 0..=interval.tightest_length().get();
        labels.map(move |length| Range::new(interval, PrefixLen::new(length).unwrap()).unwrap())
    };
    let mut cuts = 0;
    for (first, last) in (0..20).flat_map(|first| (first..20).map(move |last| (first, last))) {
        for whole in labelled(first, last) {
            let row = row::<Toy>("r", whole, RowStatus::Reserved, Some("ada"));
            for cut in first..last {
                for (left, right) in
                    labelled(first, cut).flat_map(|left| labelled(cut + 1, last).map(move |right| (left, right)))
                {
                    let pieces = [new("a", left), new("b", right)];
                    let record = row.split(&pieces, none());
                    let are_longer = left.length().min(right.length()) >= whole.length();
                    assert_eq!(record.is_ok(), are_longer, "{whole}: {left}, {right}");
                    for piece in &pieces {
                        let code = row.split(std::slice::from_ref(piece), none()).unwrap_err().code();
                        assert!(code == "ipam.not_conserved" || piece.range.length() < whole.length());
                    }
                    if let Ok(Some(record)) = record {
                        let back = Row::merge(record.after(), new("r", whole), none()).unwrap().unwrap();
                        assert_eq!(back.after(), std::slice::from_ref(&row));
                        cuts += 1;
                    }
                }
            }
        }
    }
    assert!(cuts > 10_000, "{cuts}");
}

fn cut_and_merge<A: Address>(ends: &[u128]) {
    let mut cuts: Vec<A> =
        ends.iter().map(|bits| A::from_bits(bits.checked_shr(u32::from(128 - A::WIDTH)).unwrap()).unwrap()).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut pieces = Vec::new();
    let mut first = Some(A::FIRST);
    for last in cuts.into_iter().chain([A::LAST]) {
        let Some(begin) = first else { break };
        let interval = Interval::new(begin, last).unwrap();
        pieces.push(new(format!("p{}", pieces.len()), Range::new(interval, interval.tightest_length()).unwrap()));
        first = last.next();
    }
    let whole = Range::new(Interval::WHOLE, PrefixLen::WHOLE).unwrap();
    let row = row::<A>("r", whole, RowStatus::Wait, None);
    let split = row.split(&pieces, none()).unwrap();
    let Some(record) = split else { return assert_eq!(pieces.len(), 1) };
    let back = Row::merge(record.after(), new("r", whole), none()).unwrap().unwrap();
    assert_eq!(back.after(), std::slice::from_ref(&row));
    // In another order they are the same addresses; without one they are not.
    pieces.rotate_left(1);
    assert!(row.split(&pieces, none()).unwrap().is_some());
    let gone = pieces.pop().unwrap();
    let error = row.split(&pieces, none()).unwrap_err();
    let expected = if pieces.is_empty() { "ipam.record_shape" } else { "ipam.not_conserved" };
    assert_eq!(error.code(), expected);
    if !pieces.is_empty() {
        assert_eq!(error.details()[1].1, gone.range.first().to_string());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn cuts_of_the_whole_family_are_merged_back(ends in prop::collection::vec(any::<u128>(), 0..20)) {
        cut_and_merge::<Ipv4>(&ends);
        cut_and_merge::<Ipv6>(&ends);
    }
}
