use super::{
    text::{Object, PeriodIn, PeriodOut, Show, Shown, Text, Word, all_of, money},
    time::DayIn,
    wallet::{OwnerIn, OwnerOut},
};
use crate::{
    error::Error,
    metering::{Kind, ReadingId},
    money::Money,
    statement::{
        ChargedReading, Stated, Statement, StatementKey, StatementLine, StatementStatus, daily as state,
        restate as state_again,
    },
    units::Name,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A reading with its amounts and who pays for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChargedIn {
    resource: Text<Name>,
    window: Object<PeriodIn>,
    owner: Object<OwnerIn>,
    unit: Text<Name>,
    kind: Text<Kind>,
    original: Text<Money>,
    payable: Text<Money>,
}

impl Object<ChargedIn> {
    fn read(&self) -> Result<ChargedReading, Error> {
        let charged = &self.0;
        Ok(ChargedReading {
            reading: ReadingId { resource: charged.resource.read()?, window: charged.window.read()? },
            owner: charged.owner.read()?,
            unit: charged.unit.read()?,
            kind: charged.kind.read()?,
            original: charged.original.read()?,
            payable: charged.payable.read()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatedIn {
    charged: Object<ChargedIn>,
    sequence: u32,
}

impl Object<StatedIn> {
    fn read(&self) -> Result<Stated, Error> {
        Ok(Stated { charged: self.0.charged.read()?, sequence: self.0.sequence })
    }
}

#[derive(Serialize)]
pub(super) struct StatementOut {
    id: String,
    date: Shown<NaiveDate>,
    zone: String,
    owner: OwnerOut,
    unit: String,
    kind: String,
    sequence: u32,
    lines: Vec<LineOut>,
    original: Shown<Money>,
    payable: Shown<Money>,
    status: Word<StatementStatus>,
}

#[derive(Serialize)]
struct LineOut {
    resource: String,
    window: PeriodOut,
    original: Shown<Money>,
    payable: Shown<Money>,
}

impl From<&StatementLine> for LineOut {
    fn from(line: &StatementLine) -> Self {
        Self {
            resource: line.reading.resource.to_string(),
            window: line.reading.window.into(),
            original: money(line.original),
            payable: money(line.payable),
        }
    }
}

impl From<&Statement> for StatementOut {
    fn from(statement: &Statement) -> Self {
        let key = statement.key();
        Self {
            id: statement.id(),
            date: key.date().shown(),
            zone: key.day.zone().to_string(),
            owner: (&key.owner).into(),
            unit: key.unit.to_string(),
            kind: key.kind.to_string(),
            sequence: key.sequence,
            lines: statement.lines().iter().map(LineOut::from).collect(),
            original: money(statement.original()),
            payable: money(statement.payable()),
            status: Word(statement.status()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Daily {
    day: Object<DayIn>,
    readings: Vec<Object<ChargedIn>>,
}

#[derive(Serialize)]
pub(super) struct Statements {
    statements: Vec<StatementOut>,
}

pub(super) fn daily(input: Daily) -> Result<Statements, Error> {
    let statements = state(input.day.0.read()?, all_of(&input.readings, Object::<ChargedIn>::read)?)?;
    Ok(Statements { statements: statements.iter().map(StatementOut::from).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Restate {
    day: Object<DayIn>,
    stated: Vec<Object<StatedIn>>,
    readings: Vec<Object<ChargedIn>>,
}

#[derive(Serialize)]
pub(super) struct Restated {
    statements: Vec<StatementOut>,
    unchanged: usize,
    gone: Vec<ReadingOut>,
}

#[derive(Serialize)]
struct ReadingOut {
    resource: String,
    window: PeriodOut,
}

impl From<&ReadingId> for ReadingOut {
    fn from(reading: &ReadingId) -> Self {
        Self { resource: reading.resource.to_string(), window: reading.window.into() }
    }
}

pub(super) fn restate(input: Restate) -> Result<Restated, Error> {
    let day = input.day.0.read()?;
    let stated = all_of(&input.stated, Object::<StatedIn>::read)?;
    let restated = state_again(day, &stated, all_of(&input.readings, Object::<ChargedIn>::read)?)?;
    Ok(Restated {
        statements: restated.statements.iter().map(StatementOut::from).collect(),
        unchanged: restated.unchanged,
        gone: restated.gone.iter().map(ReadingOut::from).collect(),
    })
}

/// A statement that stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatementIn {
    day: Object<DayIn>,
    owner: Object<OwnerIn>,
    unit: Text<Name>,
    kind: Text<Kind>,
    sequence: u32,
    lines: Vec<Object<LineIn>>,
    status: Text<StatementStatus>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineIn {
    resource: Text<Name>,
    window: Object<PeriodIn>,
    original: Text<Money>,
    payable: Text<Money>,
}

impl Object<LineIn> {
    fn read(&self) -> Result<StatementLine, Error> {
        let Self(LineIn { resource, window, original, payable }) = self;
        let reading = ReadingId { resource: resource.read()?, window: window.read()? };
        Ok(StatementLine { reading, original: original.read()?, payable: payable.read()? })
    }
}

impl Object<StatementIn> {
    pub(super) fn read(&self) -> Result<Statement, Error> {
        let Self(StatementIn { day, owner, unit, kind, sequence, lines, status }) = self;
        let key = StatementKey {
            day: day.0.read()?,
            owner: owner.read()?,
            unit: unit.read()?,
            kind: kind.read()?,
            sequence: *sequence,
        };
        Ok(Statement::new(key, all_of(lines, Object::<LineIn>::read)?)?.with_status(status.read()?))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stands {
    statement: Object<StatementIn>,
}

#[derive(Serialize)]
pub(super) struct Changed {
    statement: StatementOut,
}

pub(super) fn pay(input: Stands) -> Result<Changed, Error> {
    Ok(Changed { statement: (&input.statement.read()?.pay()?).into() })
}

pub(super) fn cancel(input: Stands) -> Result<Changed, Error> {
    Ok(Changed { statement: (&input.statement.read()?.cancel()?).into() })
}
