//! Requests in any order, against a model in memory that is made of the core's functions alone.

use super::support::*;
use counterfoil::ipam::{
    Interval, Ipv4, Ipv6, Merge, NewRow, Prefix, PrefixLen, Range, RangeRecord, Remark, Row, RowFacts, SplitLimits,
    SupernetUsage,
};
use counterfoil_store::{Act, Cut, KeptFamily, RangeFilter, Ranges, Reports, StoreError, Supernet};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, TestRunner},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked for, in numbers: which rows, which owner, which addresses.
#[derive(Debug, Clone)]
enum Step {
    Add { first: u8, size: u8 },
    Reserve { row: usize, owner: u8 },
    Assign { row: usize, owner: u8 },
    Recover { row: usize },
    Change { row: usize, first: u8, size: u8 },
    Delete { row: usize },
    Split { row: usize, longer: u8 },
    Merge { row: usize, count: usize, shorter: u8 },
    Again { request: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    use proptest::prelude::*;
    let row = || any::<usize>();
    let step = prop_oneof![
        4 => (any::<u8>(), 0..64_u8).prop_map(|(first, size)| Step::Add { first, size }),
        2 => (row(), 0..2_u8).prop_map(|(row, owner)| Step::Reserve { row, owner }),
        3 => (row(), 0..2_u8).prop_map(|(row, owner)| Step::Assign { row, owner }),
        2 => row().prop_map(|row| Step::Recover { row }),
        1 => (row(), any::<u8>(), 0..64_u8).prop_map(|(row, first, size)| Step::Change { row, first, size }),
        1 => row().prop_map(|row| Step::Delete { row }),
        4 => (row(), 0..4_u8).prop_map(|(row, longer)| Step::Split { row, longer }),
        4 => (row(), 1..4_usize, 0..4_u8).prop_map(|(row, count, shorter)| Step::Merge { row, count, shorter }),
        2 => row().prop_map(|request| Step::Again { request }),
    ];
    prop::collection::vec(step, 60)
}

/// Rows by their addresses, names that were ever given, and the requests that changed something.
struct Model<A> {
    rows: BTreeMap<A, Row<A>>,
    names: BTreeSet<String>,
    done: Vec<(String, Step)>,
}

/// What an answer of the store and one of the model have in common.
type Outcome<A> = Result<Option<RangeRecord<A>>, &'static str>;

/// A range of the last 256 addresses of the family, labelled as tightly as can be.
fn range<A: KeptFamily>(first: u8, size: u8) -> Range<A> {
    let base = A::LAST.minus(255).unwrap();
    let first = base.plus(first.into()).unwrap();
    let interval = Interval::new(first, first.plus(size.into()).unwrap_or(A::LAST)).unwrap();
    Range::new(interval, interval.tightest_length()).unwrap()
}

impl<A: KeptFamily> Model<A> {
    fn nth(&self, row: usize) -> Option<&Row<A>> {
        self.rows.values().nth(row % self.rows.len().max(1))
    }

    fn id(&self, row: usize) -> String {
        self.nth(row).map_or_else(|| "nobody".into(), |row| row.id.clone())
    }

    fn is_taken(&self, range: Range<A>, but: &str) -> bool {
        self.rows.values().any(|row| row.id != but && row.range.interval().overlaps(range.interval()))
    }

    /// The ids of some rows in a row, and a label for them together.
    fn neighbours(&self, row: usize, count: usize, shorter: u8) -> (Vec<String>, PrefixLen<A>) {
        let start = row % self.rows.len().max(1);
        let rows: Vec<&Row<A>> = self.rows.values().skip(start).take(count).collect();
        let label = rows.iter().map(|row| row.range.length()).min().unwrap_or(PrefixLen::HOST);
        let label = label.shorter(shorter).unwrap_or(PrefixLen::WHOLE);
        (rows.into_iter().map(|row| row.id.clone()).collect(), label)
    }

    fn label(&self, row: usize, longer: u8) -> PrefixLen<A> {
        self.nth(row).and_then(|row| row.range.length().longer(longer)).unwrap_or(PrefixLen::HOST)
    }

    /// The record that the core decides on.
    fn decide(&self, request: &str, step: &Step) -> Outcome<A> {
        let missing = "store.not_found";
        let of = |row: usize| self.nth(row).ok_or(missing);
        let why = || Remark::new("why").unwrap();
        let decided = match step {
            Step::Add { first, size } => {
                let new = NewRow { id: format!("{request}-new"), range: range(*first, *size) };
                if self.is_taken(new.range, "") {
                    return Err("ipam.overlap");
                }
                Row::add(new, Some(7), why()).map(Some)
            }
            Step::Reserve { row, owner } => of(*row)?.reserve(format!("o{owner}"), why()).map(Some),
            Step::Assign { row, owner } => of(*row)?.assign(format!("o{owner}"), why()).map(Some),
            Step::Recover { row } => of(*row)?.recover(why()).map(Some),
            Step::Delete { row } => of(*row)?.delete(why()).map(Some),
            Step::Change { row, first, size } => {
                let row = of(*row)?;
                let range = range(*first, *size);
                match row.change(RowFacts { range, asn: Some(7) }, why()) {
                    Ok(_) if self.is_taken(range, &row.id) => return Err("ipam.overlap"),
                    decided => decided,
                }
            }
            Step::Split { row, longer } => {
                let label = self.label(*row, *longer);
                let row = of(*row)?;
                let named = |(n, range)| NewRow { id: format!("{request}/{n}"), range };
                let pieces: Vec<NewRow<A>> = row.range.split(label).unwrap().enumerate().map(named).collect();
                row.split(&pieces, why())
            }
            Step::Merge { row, count, shorter } => {
                let (ids, label) = self.neighbours(*row, *count, *shorter);
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                let rows: Vec<Row<A>> = self.rows.values().cloned().collect();
                let merge = Merge { rows: &rows, ids: &ids, length: label.get() };
                let merged = merge.merge().map_err(|faults| faults[0].code())?;
                let parts: Vec<Row<A>> = rows.into_iter().filter(|row| ids.contains(&row.id.as_str())).collect();
                Row::merge(&parts, NewRow { id: format!("{request}/0"), range: merged.range() }, why())
            }
            Step::Again { .. } => panic!("it is another step"),
        };
        decided.map_err(|error| error.code())
    }

    fn apply(&mut self, record: &RangeRecord<A>) {
        for row in record.before() {
            self.rows.remove(&row.range.first());
        }
        for row in record.after() {
            assert!(self.rows.insert(row.range.first(), row.clone()).is_none());
            self.names.insert(row.id.clone());
        }
    }
}

/// The same of the store. The rows that a step is about are those of the model before it.
async fn ask<A: KeptFamily>(
    ranges: &dyn Ranges<A>,
    model: &Model<A>,
    request: &str,
    step: &Step,
) -> Result<(Option<RangeRecord<A>>, bool), StoreError> {
    let act = Act { by: "model".into(), reason: "why".into(), now: at("2025-03-14T15:00:00Z") };
    let owner = |owner: &u8| format!("o{owner}");
    let change = match step {
        Step::Add { first, size } => {
            let new = NewRow { id: format!("{request}-new"), range: range(*first, *size) };
            ranges.add_range(request, &new, Some(7), &act).await?
        }
        Step::Reserve { row, owner: of } => ranges.reserve_range(request, &model.id(*row), &owner(of), &act).await?,
        Step::Assign { row, owner: of } => ranges.assign_range(request, &model.id(*row), &owner(of), &act).await?,
        Step::Recover { row } => ranges.recover_range(request, &model.id(*row), &act).await?,
        Step::Delete { row } => ranges.delete_range(request, &model.id(*row), &act).await?,
        Step::Change { row, first, size } => {
            let to = RowFacts { range: range(*first, *size), asn: Some(7) };
            ranges.change_range(request, &model.id(*row), to, &act).await?
        }
        Step::Split { row, longer } => {
            let cut = Cut::Length { length: model.label(*row, *longer), limits: SplitLimits::NONE };
            ranges.split_range(request, &model.id(*row), &cut, &act).await?
        }
        Step::Merge { row, count, shorter } => {
            let (ids, label) = model.neighbours(*row, *count, *shorter);
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            ranges.merge_ranges(request, &ids, label, &act).await?
        }
        Step::Again { .. } => panic!("it is another step"),
    };
    Ok((change.record.map(|stored| stored.record), change.is_replay))
}

async fn run<A: KeptFamily>(steps: Vec<Step>) -> usize {
    let (_database, store) = empty_store().await;
    let ranges: &dyn Ranges<A> = &store;
    let supernet =
        Supernet { id: "end".into(), prefix: Prefix::containing(A::LAST, PrefixLen::HOST.shorter(7).unwrap()) };
    ranges.add_supernet(&supernet).await.unwrap();
    let mut model = Model { rows: BTreeMap::new(), names: BTreeSet::new(), done: Vec::new() };
    for (number, step) in steps.into_iter().enumerate() {
        let request = format!("q{number}");
        if let Step::Again { request } = step {
            // Sent again as it was, in a world that has gone on: the same rows by name, so only what names them the same.
            let Some((request, Step::Add { first, size })) = model.done.get(request % model.done.len().max(1)).cloned()
            else {
                continue;
            };
            let again = ask(ranges, &model, &request, &Step::Add { first, size }).await.unwrap();
            assert!(again.1 && again.0.is_some());
            let other = Step::Add { first: first.wrapping_add(1), size };
            assert_eq!(ask(ranges, &model, &request, &other).await.unwrap_err().code(), "store.conflict");
            continue;
        }
        let expected = model.decide(&request, &step);
        let answer = ask(ranges, &model, &request, &step).await;
        let answer = answer.map(|(record, _)| record).map_err(|error| error.code());
        assert_eq!(answer, expected, "{request}: {step:?}");
        if let Ok(Some(record)) = expected {
            model.apply(&record);
            model.done.push((request, step));
        }
        let rows: Vec<Row<A>> = model.rows.values().cloned().collect();
        assert_eq!(ranges.ranges(&RangeFilter::default()).await.unwrap(), rows);
    }
    let rows: Vec<Row<A>> = model.rows.values().cloned().collect();
    let usage = ranges.supernet_usage("end").await.unwrap();
    assert_eq!(usage, SupernetUsage::of(supernet.prefix.interval(), &rows).unwrap());
    let audit = store.verify().await.unwrap();
    assert!(audit.is_sound(), "{:#?}", audit.findings);
    for name in &model.names {
        assert!(!ranges.range_history(name).await.unwrap().is_empty());
    }
    store.close().await;
    model.done.len()
}

#[tokio::test]
async fn any_requests_come_to_what_the_core_says() {
    let mut runner = TestRunner::new(Config::default());
    let mut changes = 0;
    for _ in 0..cases(12) {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        changes += run::<Ipv4>(steps.clone()).await;
        changes += run::<Ipv6>(steps).await;
    }
    assert!(changes > 100, "{changes}");
}
