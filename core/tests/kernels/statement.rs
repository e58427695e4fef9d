use super::{round, second_run};
use counterfoil::{
    metering::{Kind, bulk::Ids},
    money::{CNY, bulk::Amounts},
    statement::bulk::{ChargedColumns, DailySums, DailyTerms, LineLists, Placed, StatementColumns},
    time::{BillingDay, Zone, parse_date},
    units::Name,
    wallet::Owner,
};

struct Charged {
    owners: Vec<Owner>,
    units: Vec<Name>,
    owner: Vec<u32>,
    kind: Vec<u32>,
    resource: Vec<u32>,
    amount: Vec<i64>,
}

impl Charged {
    /// Readings of a hundred owners.
    fn new(rows: usize) -> Self {
        let place = |row: i64| u32::try_from(row).unwrap();
        Self {
            owners: round(100, |owner| Owner::User(format!("owner-{owner}"))),
            units: vec!["vm".parse().unwrap()],
            owner: round(rows, |row| place(row * 7 % 100)),
            kind: round(rows, |row| place(row % 2)),
            resource: round(rows, place),
            amount: round(rows, |row| row * 31 % 9_973),
        }
    }

    fn columns(&self) -> ChargedColumns<'_> {
        ChargedColumns {
            owners: &self.owners,
            units: &self.units,
            kinds: &[Kind::Server, Kind::Disk],
            day: Ids::All(0),
            owner: Ids::Each(&self.owner),
            unit: Ids::All(0),
            kind: Ids::Each(&self.kind),
            resource: Some(&self.resource),
            windows: None,
            state: None,
            original: Amounts::Narrow(&self.amount),
            payable: Amounts::Narrow(&self.amount),
        }
    }

    fn sums(&self) -> DailySums {
        let day = BillingDay::new(parse_date("2024-02-20").unwrap(), Zone::UTC).unwrap();
        let terms = DailyTerms { days: vec![day], currency: CNY, scale: 2, resources: self.resource.len() };
        DailySums::new(terms).unwrap()
    }
}

/// Readings that are no resource's, so that the same batch may come again.
pub(crate) fn placed(rows: usize) -> u64 {
    let charged = Charged::new(rows);
    let columns = ChargedColumns { resource: None, ..charged.columns() };
    let (mut sums, mut placed, mut statements) = (charged.sums(), Placed::default(), StatementColumns::default());
    second_run(|| {
        sums.add(&columns, &mut placed).unwrap();
        sums.statements(&mut statements).unwrap();
        assert!(placed.faults.is_empty());
    })
}

/// Sums that know no group and no reading yet.
pub(crate) fn first(rows: usize) -> u64 {
    let charged = Charged::new(rows);
    let (mut placed, mut statements) = (Placed::default(), StatementColumns::default());
    let allocations = second_run(|| {
        let mut sums = charged.sums();
        sums.add(&charged.columns(), &mut placed).unwrap();
        sums.statements(&mut statements).unwrap();
    });
    assert_eq!((placed.faults.len(), statements.group.len()), (0, 100));
    allocations
}

/// Readings that came before.
pub(crate) fn repeated(rows: usize) -> u64 {
    let charged = Charged::new(rows);
    let (mut sums, mut placed) = (charged.sums(), Placed::default());
    sums.add(&charged.columns(), &mut placed).unwrap();
    let allocations = second_run(|| sums.add(&charged.columns(), &mut placed).unwrap());
    assert_eq!(placed.faults.len(), rows);
    allocations
}

pub(crate) fn lines(rows: usize) -> u64 {
    let charged = Charged::new(rows);
    let (mut sums, mut placed, mut statements) = (charged.sums(), Placed::default(), StatementColumns::default());
    sums.add(&charged.columns(), &mut placed).unwrap();
    sums.statements(&mut statements).unwrap();
    let mut lines = LineLists::default();
    let allocations = second_run(|| lines.fill(&statements, &placed));
    assert_eq!(lines.rows.len(), rows);
    allocations
}
