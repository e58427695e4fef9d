//! Statements in columns are the statements of `daily`, bit for bit (R-S1), whatever is wrong with some rows
//! and however the rows are cut into batches.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use counterfoil::error::{BulkError, RowFault};
use counterfoil::metering::bulk::{Ids, Windows};
use counterfoil::metering::{Kind, ReadingId};
use counterfoil::money::{CNY, Money, bulk::Amounts};
use counterfoil::pricing::bulk::RowState;
use counterfoil::statement::bulk::{
    ChargedColumns, DailySums, DailyTerms, LineLists, NO_GROUP, Placed, StatementColumns,
};
use counterfoil::statement::{ChargedReading, Statement, StatementStatus, daily};
use counterfoil::time::{BillingDay, Zone, parse_date};
use counterfoil::units::Name;
use counterfoil::wallet::Owner;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn day(text: &str) -> BillingDay {
    BillingDay::new(parse_date(text).unwrap(), Zone::UTC).unwrap()
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// Names that are neither sorted nor each there once.
struct Names {
    owners: Vec<Owner>,
    units: Vec<Name>,
    kinds: Vec<Kind>,
}

impl Names {
    fn new(turned: usize) -> Self {
        let mut owners: Vec<Owner> = ["zoe", "ada", "bob", "ada"].map(|id| Owner::User(id.into())).into();
        owners.extend(["zoe", "ada"].map(|id| Owner::Group(id.into())));
        let mut units = ["web", "vm", "vm"].map(name).to_vec();
        let mut kinds = vec![Kind::Server, Kind::Disk, "gpu".parse().unwrap()];
        owners.rotate_left(turned % 6);
        units.rotate_left(turned % 3);
        kinds.rotate_left(turned % 3);
        Self { owners, units, kinds }
    }
}

const RESOURCES: usize = 40;

fn terms() -> DailyTerms {
    let days = vec![day("2024-02-21"), day("2024-02-20"), day("2024-02-21")];
    DailyTerms { days, currency: CNY, scale: 2, resources: RESOURCES }
}

/// One row as the columns say it, and the batch of names that it is of.
#[derive(Debug, Clone)]
struct Row {
    day: u32,
    owner: u32,
    unit: u32,
    kind: u32,
    resource: u32,
    window: (i64, i64),
    state: RowState,
    original: i128,
    payable: i128,
}

const LARGEST: i128 = (1 << 96) - 1;

fn amount() -> impl Strategy<Value = i128> {
    prop_oneof![
        20 => -500_i128..500,
        4 => Just(0_i128),
        2 => any::<i64>().prop_map(i128::from),
        2 => prop::sample::select(vec![LARGEST, -LARGEST, LARGEST - 1]),
        1 => prop::sample::select(vec![LARGEST + 1, -LARGEST - 1, i128::MAX, i128::MIN]),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let ids = (0_u32..4, 0_u32..7, 0_u32..4, 0_u32..4, 0_u32..(RESOURCES as u32 + 1));
    let window = prop_oneof![
        30 => Just(None),
        1 => Just(Some((0_i64, 1_i64))),
        1 => Just(Some((1, 0))),
        1 => Just(Some((i64::MIN, i64::MAX))),
    ];
    let state = prop_oneof![12 => Just(RowState::Rated), 1 => Just(RowState::Absent), 1 => Just(RowState::Faulty)];
    (ids, window, state, amount(), amount()).prop_map(
        |((day, owner, unit, kind, resource), window, state, original, payable)| {
            let of_day = terms().days.get(day as usize).map(|day| day.period());
            let ends = of_day.map_or((0, 1), |of| (of.start().micros(), of.end().micros()));
            Row { day, owner, unit, kind, resource, window: window.unwrap_or(ends), state, original, payable }
        },
    )
}

/// Owned columns of rows.
struct Columns {
    names: Names,
    ids: [Vec<u32>; 5],
    windows: [Vec<i64>; 2],
    state: Vec<RowState>,
    amounts: [Vec<i128>; 2],
}

impl Columns {
    fn of(rows: &[Row], turned: usize) -> Self {
        let ids = |of: fn(&Row) -> u32| rows.iter().map(of).collect();
        Self {
            names: Names::new(turned),
            ids: [
                ids(|row| row.day),
                ids(|row| row.owner),
                ids(|row| row.unit),
                ids(|row| row.kind),
                ids(|row| row.resource),
            ],
            windows: [rows.iter().map(|row| row.window.0).collect(), rows.iter().map(|row| row.window.1).collect()],
            state: rows.iter().map(|row| row.state).collect(),
            amounts: [rows.iter().map(|row| row.original).collect(), rows.iter().map(|row| row.payable).collect()],
        }
    }

    fn batch(&self) -> ChargedColumns<'_> {
        let [day, owner, unit, kind, resource] = self.ids.each_ref();
        ChargedColumns {
            owners: &self.names.owners,
            units: &self.names.units,
            kinds: &self.names.kinds,
            day: Ids::Each(day),
            owner: Ids::Each(owner),
            unit: Ids::Each(unit),
            kind: Ids::Each(kind),
            resource: Some(resource),
            windows: Some(Windows::Each { start: &self.windows[0], end: &self.windows[1] }),
            state: Some(&self.state),
            original: Amounts::Wide(&self.amounts[0]),
            payable: Amounts::Wide(&self.amounts[1]),
        }
    }
}

type Group = (usize, Owner, Name, Kind);

/// Rows by the single call, one after the other.
#[derive(Default)]
struct Model {
    seen: BTreeSet<(usize, Name)>,
    /// The readings of each day, in order.
    days: BTreeMap<usize, Vec<ChargedReading>>,
    groups: BTreeMap<Group, Vec<ChargedReading>>,
}

impl Model {
    /// The reading of a row, if it is stated; or the code of its fault.
    fn add(&mut self, columns: &Columns, row: usize) -> Result<Option<Group>, &'static str> {
        if columns.state[row] != RowState::Rated {
            return Ok(None);
        }
        let resource = name(&format!("r-{}", columns.ids[4][row]));
        let charged = columns.batch().reading(&terms(), row, resource.clone()).map_err(|error| error.code())?;
        let of = terms().days.iter().position(|day| day.period() == charged.reading.window).unwrap();
        if !self.seen.insert((of, resource)) {
            let twice = [charged.clone(), charged];
            return Err(daily(terms().days[of], twice).unwrap_err().code());
        }
        let group = (of, charged.owner.clone(), charged.unit.clone(), charged.kind.clone());
        self.days.entry(of).or_default().push(charged.clone());
        self.groups.entry(group.clone()).or_default().push(charged);
        Ok(Some(group))
    }
}

fn check(batches: &[Vec<Row>]) -> Result<(), TestCaseError> {
    let mut sums = DailySums::new(terms()).unwrap();
    let (mut model, mut placed) = (Model::default(), Placed::default());
    let mut kept: Vec<(Placed, Vec<Option<Group>>)> = Vec::new();
    for (turned, rows) in batches.iter().enumerate() {
        let columns = Columns::of(rows, turned);
        sums.add(&columns.batch(), &mut placed).unwrap();
        let (mut faults, mut groups) = (Vec::new(), Vec::new());
        for row in 0..rows.len() {
            groups.push(model.add(&columns, row).unwrap_or_else(|code| {
                faults.push(RowFault { row, code });
                None
            }));
        }
        prop_assert_eq!(&placed.faults, &faults);
        for (group, expected) in placed.group.iter().zip(&groups) {
            let key = sums.key(*group);
            prop_assert_eq!(*group == NO_GROUP, expected.is_none());
            prop_assert_eq!(key.is_none(), expected.is_none());
            if let (Some(key), Some((of, owner, unit, kind))) = (key, expected) {
                prop_assert_eq!((key.day, &key.owner), (terms().days[*of], owner));
                prop_assert_eq!((&key.unit, &key.kind, key.sequence), (unit, kind, 0));
            }
        }
        kept.push((placed.clone(), groups));
    }
    let mut columns = StatementColumns::default();
    sums.statements(&mut columns).unwrap();
    let again = columns.clone();
    sums.statements(&mut columns).unwrap();
    prop_assert_eq!(&columns, &again);

    // Group by group, for some have a sum that is no amount.
    prop_assert_eq!(columns.group.len(), model.groups.len());
    let mut faults = Vec::new();
    for (place, ((of, owner, unit, kind), readings)) in model.groups.iter().enumerate() {
        let names = (&sums.owners()[columns.owner[place]], &sums.units()[columns.unit[place]]);
        prop_assert_eq!((columns.day[place], names), (*of, (owner, unit)));
        prop_assert_eq!(&sums.kinds()[columns.kind[place]], kind);
        prop_assert_eq!(columns.lines[place], readings.len() as u64);
        let exact = |amount: fn(&ChargedReading) -> i128| readings.iter().map(amount).sum::<i128>();
        prop_assert_eq!(columns.original[place], exact(|reading| reading.original.amount().mantissa()));
        prop_assert_eq!(columns.payable[place], exact(|reading| reading.payable.amount().mantissa()));
        match daily(terms().days[*of], readings.iter().cloned()) {
            Ok(statements) => {
                let [statement] = <[Statement; 1]>::try_from(statements).unwrap();
                prop_assert_eq!(sums.key(columns.group[place]).unwrap().to_string(), statement.id());
                prop_assert_eq!(number(statement.original()), columns.original[place]);
                prop_assert_eq!(number(statement.payable()), columns.payable[place]);
                prop_assert_eq!(statement.status(), columns.status[place]);
            }
            Err(error) => faults.push(RowFault { row: place, code: error.code() }),
        }
    }
    prop_assert_eq!(&columns.faults, &faults);

    // Day by day, where every sum is an amount: the same statements in the same order.
    if faults.is_empty() {
        let days = model.days.into_iter().map(|(of, readings)| daily(terms().days[of], readings).unwrap());
        let days: Vec<Statement> = days.flatten().collect();
        prop_assert_eq!(days.len(), columns.group.len());
        for (place, statement) in days.iter().enumerate() {
            prop_assert_eq!(&sums.key(columns.group[place]).unwrap(), statement.key());
            prop_assert_eq!(number(statement.payable()), columns.payable[place]);
            prop_assert_eq!(number(statement.original()), columns.original[place]);
        }
    }

    // The lines of each batch: each row that is stated once, in order, in the list of its statement.
    let mut lines = LineLists::default();
    let order: Vec<Group> = model.groups.into_keys().collect();
    for (placed, groups) in kept {
        lines.fill(&columns, &placed);
        prop_assert_eq!(lines.offsets.len(), columns.group.len() + 1);
        for (place, group) in order.iter().enumerate() {
            let rows = &lines.rows[lines.offsets[place]..lines.offsets[place + 1]];
            let is_of = |row: &usize| groups[*row].as_ref() == Some(group);
            let expected: Vec<usize> = (0..groups.len()).filter(is_of).collect();
            prop_assert_eq!(rows, &expected[..]);
        }
        prop_assert_eq!((lines.offsets[0], *lines.offsets.last().unwrap()), (0, lines.rows.len()));
    }
    Ok(())
}

/// An amount as columns write it: with two digits after the point, also where a sum fits in a decimal only
/// without the zero that it ends with.
fn number(amount: Money) -> i128 {
    let decimal = amount.amount();
    let (mantissa, missing) = (decimal.mantissa(), 2 - decimal.scale());
    assert!(missing == 0 || mantissa.checked_mul(10).unwrap().abs() > LARGEST, "{decimal}");
    mantissa * 10_i128.pow(missing)
}

proptest! {
    #[test]
    fn statements_in_columns_are_those_of_daily(rows in prop::collection::vec(row(), 0..60), cuts in 1_usize..5) {
        let size = rows.len().div_ceil(cuts).max(1);
        check(&rows.chunks(size).map(<[Row]>::to_vec).collect::<Vec<_>>())?;
    }

    /// Without faults and with many to a statement.
    #[test]
    fn good_rows_are_all_stated(amounts in prop::collection::vec((0_u32..6, -999_i128..999), 0..40)) {
        let rows = amounts.iter().enumerate().map(|(resource, (owner, amount))| {
            let of = day("2024-02-20").period();
            let window = (of.start().micros(), of.end().micros());
            let (original, payable) = (amount * 2, *amount);
            let resource = resource as u32;
            Row { day: 1, owner: *owner, unit: 1, kind: 0, resource, window, state: RowState::Rated, original, payable }
        });
        check(&[rows.collect()])?;
    }
}

/// A good row of resource 0, of ada.
fn good() -> Row {
    let of = day("2024-02-20").period();
    let window = (of.start().micros(), of.end().micros());
    let (original, payable, state) = (300, 206, RowState::Rated);
    Row { day: 1, owner: 1, unit: 1, kind: 0, resource: 0, window, state, original, payable }
}

#[test]
fn every_fault_of_a_row_has_its_code_and_costs_none_of_the_others() {
    let known = u32::MAX;
    let faulty = [
        (Row { day: 3, ..good() }, "bulk.unknown_id"),
        (Row { owner: 6, ..good() }, "bulk.unknown_id"),
        (Row { unit: known, ..good() }, "bulk.unknown_id"),
        (Row { kind: 3, ..good() }, "bulk.unknown_id"),
        (Row { resource: RESOURCES as u32, ..good() }, "bulk.unknown_id"),
        (Row { original: LARGEST + 1, ..good() }, "money.too_many_digits"),
        (Row { payable: i128::MIN, ..good() }, "money.too_many_digits"),
        (Row { window: (1, 0), ..good() }, "time.reversed"),
        (Row { window: (i64::MIN, 0), ..good() }, "time.out_of_range"),
        (Row { day: 0, ..good() }, "statement.other_day"),
    ];
    // None of them is a reading, so the good row at the end is the first; and the one after it comes twice.
    let mut rows: Vec<Row> = faulty.iter().map(|(row, _)| row.clone()).collect();
    rows.extend([good(), good()]);
    let columns = Columns::of(&rows, 0);
    let (mut sums, mut placed) = (DailySums::new(terms()).unwrap(), Placed::default());
    sums.add(&columns.batch(), &mut placed).unwrap();
    let mut expected: Vec<(usize, &str)> = faulty.iter().map(|(_, code)| *code).enumerate().collect();
    expected.push((11, "statement.repeated_reading"));
    let faults: Vec<(usize, &str)> = placed.faults.iter().map(|fault| (fault.row, fault.code)).collect();
    assert_eq!(faults, expected);
    for (row, code) in &expected[..10] {
        let told = columns.batch().reading(&terms(), *row, name("s-1")).unwrap_err();
        assert_eq!(told.code(), *code);
    }
    let told = columns.batch().reading(&terms(), 1, name("s-1")).unwrap_err().to_string();
    assert_eq!(told, "`owner` is 6, and there are 6, counted from 0");
    let told = columns.batch().reading(&terms(), 9, name("s-1")).unwrap_err().to_string();
    assert!(told.starts_with("reading `s-1@2024-02-20T00:00:00Z..2024-02-21T00:00:00Z` is not of the day"), "{told}");
    assert_eq!(columns.batch().reading(&terms(), 12, name("s-1")).unwrap_err().code(), "bulk.unknown_id");

    let mut statements = StatementColumns::default();
    sums.statements(&mut statements).unwrap();
    assert_eq!((&statements.payable[..], &statements.lines[..]), (&[206][..], &[1][..]));
    // In the next batch it comes again, and on the other day for the first time.
    let of = day("2024-02-21").period();
    let other = Row { day: 2, window: (of.start().micros(), of.end().micros()), ..good() };
    sums.add(&Columns::of(&[good(), other.clone(), Row { day: 0, ..other }], 0).batch(), &mut placed).unwrap();
    let faults: Vec<usize> = placed.faults.iter().map(|fault| fault.row).collect();
    assert_eq!(faults, [0, 2]); // days 0 and 2 are one day
}

#[test]
fn a_sum_that_is_no_amount_is_reported_with_its_statement() {
    let row = |owner: u32, resource: u32, payable: i128| Row { owner, resource, payable, ..good() };
    // Ada's goes over and comes back, bob's stays over, zoe's goes below.
    let rows = [
        row(1, 0, LARGEST),
        row(2, 1, LARGEST),
        row(1, 2, 1),
        row(2, 3, 1),
        row(0, 4, -LARGEST),
        row(1, 5, -1),
        row(0, 6, -LARGEST),
        row(0, 7, 9),
        row(4, 8, LARGEST),
        row(4, 9, LARGEST),
    ];
    let columns = Columns::of(&rows, 0);
    let (mut sums, mut placed) = (DailySums::new(terms()).unwrap(), Placed::default());
    sums.add(&columns.batch(), &mut placed).unwrap();
    assert_eq!(placed.faults, []);
    let mut statements = StatementColumns::default();
    sums.statements(&mut statements).unwrap();
    let fault = |row| RowFault { row, code: "money.overflow" };
    assert_eq!(statements.faults, [fault(1), fault(2)]);
    // Twice the largest ends with a zero that a decimal sheds, and so it is one.
    assert_eq!(statements.payable, [LARGEST, LARGEST + 1, 9 - 2 * LARGEST, 2 * LARGEST]);
    let owners: Vec<String> = statements.owner.iter().map(|owner| sums.owners()[*owner].to_string()).collect();
    assert_eq!(owners, ["user:ada", "user:bob", "user:zoe", "group:zoe"]);
    assert_eq!(statements.status[0], StatementStatus::Unpaid);
}

#[test]
fn what_is_wrong_with_the_columns_is_said_before_any_row_is_read() {
    let rows = [good(), Row { resource: 1, ..good() }];
    let columns = Columns::of(&rows, 0);
    let (mut sums, mut placed) = (DailySums::new(terms()).unwrap(), Placed::default());
    let short: [u32; 1] = [0];
    let each = Ids::Each(&short);
    let batch = columns.batch();
    let wrong = [
        ("day", ChargedColumns { day: each, ..batch }),
        ("owner", ChargedColumns { owner: each, ..batch }),
        ("unit", ChargedColumns { unit: each, ..batch }),
        ("kind", ChargedColumns { kind: each, ..batch }),
        ("resource", ChargedColumns { resource: Some(&short), ..batch }),
        ("payable", ChargedColumns { payable: Amounts::Narrow(&[1, 2, 3]), ..batch }),
        ("state", ChargedColumns { state: Some(&[RowState::Rated]), ..batch }),
        ("window start", ChargedColumns { windows: Some(Windows::Each { start: &[0], end: &[1, 1] }), ..batch }),
        ("window end", ChargedColumns { windows: Some(Windows::Each { start: &[0, 0], end: &[1] }), ..batch }),
    ];
    for (column, batch) in wrong {
        let error = sums.add(&batch, &mut placed).unwrap_err();
        let rows = if column == "payable" { 3 } else { 1 };
        assert_eq!(error, BulkError::ColumnLength { column: column.to_owned(), rows, expected: 2 });
    }
    let mut statements = StatementColumns::default();
    sums.statements(&mut statements).unwrap();
    assert_eq!(statements, StatementColumns::default());
    assert_eq!(DailySums::new(DailyTerms { scale: 29, ..terms() }).unwrap_err().code(), "bulk.bad_scale");
    assert!(DailySums::new(DailyTerms { scale: 28, ..terms() }).is_ok());
}

#[test]
fn columns_that_are_the_same_for_all_need_not_be_written() {
    let owners = [Owner::User("ada".into())];
    let batch = ChargedColumns {
        owners: &owners,
        units: &[name("vm")],
        kinds: &[Kind::Server],
        day: Ids::All(0),
        owner: Ids::All(0),
        unit: Ids::All(0),
        kind: Ids::All(0),
        resource: None,
        windows: Some(Windows::One(day("2024-02-21").period())),
        state: None,
        original: Amounts::Narrow(&[1, 2, i64::MAX]),
        payable: Amounts::Narrow(&[0, 0, 0]),
    };
    let terms = DailyTerms { resources: 0, ..terms() };
    let (mut sums, mut placed) = (DailySums::new(terms.clone()).unwrap(), Placed::default());
    for _ in 0..3 {
        sums.add(&batch, &mut placed).unwrap(); // no numbers, so nothing comes twice
        assert_eq!(placed.faults, []);
    }
    let other_day = ChargedColumns { windows: Some(Windows::One(day("2024-02-20").period())), ..batch };
    sums.add(&other_day, &mut placed).unwrap();
    assert_eq!(placed.faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["statement.other_day"; 3]);
    assert_eq!(placed.group, [NO_GROUP; 3]);
    let unknown = ChargedColumns { owner: Ids::All(1), ..batch };
    sums.add(&unknown, &mut placed).unwrap();
    assert_eq!(placed.faults.len(), 3);
    let mut statements = StatementColumns::default();
    sums.statements(&mut statements).unwrap();
    assert_eq!(statements.original, [3 * (3 + i128::from(i64::MAX))]);
    assert_eq!((&statements.lines[..], &statements.status[..]), (&[9][..], &[StatementStatus::Paid][..]));
    let reading = batch.reading(&terms, 1, name("s-1")).unwrap();
    assert_eq!(reading.reading, ReadingId { resource: name("s-1"), window: day("2024-02-21").period() });
    assert_eq!(reading.original.to_string(), "0.02");
}
