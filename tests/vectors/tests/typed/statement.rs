use crate::input::{Answer, Fault, Members, all, period};
use crate::time::day;
use crate::wallet::{money_shown, owner, owner_shown};
use counterfoil::{
    error::StatementError,
    metering::ReadingId,
    statement::{ChargedReading, Stated, Statement, StatementKey, StatementLine, StatementStatus, daily, restate},
};
use serde_json::{Value, json};

fn charged(value: &Value) -> Result<ChargedReading, Fault> {
    let charged = Members::of(value, &["resource", "window", "owner", "unit", "kind", "original", "payable"])?;
    Ok(ChargedReading {
        reading: ReadingId { resource: charged.parse("resource")?, window: charged.period("window")? },
        owner: owner(charged.value("owner")?)?,
        unit: charged.parse("unit")?,
        kind: charged.parse("kind")?,
        original: charged.money("original")?,
        payable: charged.money("payable")?,
    })
}

fn shown(statement: &Statement) -> Value {
    let key = statement.key();
    let line = |line: &StatementLine| {
        json!({
            "resource": line.reading.resource.as_str(),
            "window": period(line.reading.window),
            "original": money_shown(line.original),
            "payable": money_shown(line.payable),
        })
    };
    json!({
        "id": statement.id(),
        "date": key.date().to_string(),
        "zone": key.day.zone().to_string(),
        "owner": owner_shown(&key.owner),
        "unit": key.unit.as_str(),
        "kind": key.kind.as_str(),
        "sequence": key.sequence,
        "lines": statement.lines().iter().map(line).collect::<Vec<_>>(),
        "original": money_shown(statement.original()),
        "payable": money_shown(statement.payable()),
        "status": statement.status().name(),
    })
}

fn all_shown(statements: &[Statement]) -> Vec<Value> {
    statements.iter().map(shown).collect()
}

pub(crate) fn daily_of(input: Members<'_>) -> Answer {
    let day = day(input.members("day", &["date", "zone"])?)?;
    Ok(json!({ "statements": all_shown(&daily(day, all(input.list("readings")?, charged)?)?) }))
}

pub(crate) fn again(input: Members<'_>) -> Answer {
    let day = day(input.members("day", &["date", "zone"])?)?;
    let stated = all(input.list("stated")?, |value| {
        let stated = Members::of(value, &["charged", "sequence"])?;
        Ok(Stated { charged: charged(stated.value("charged")?)?, sequence: stated.number("sequence")? })
    })?;
    let restated = restate(day, &stated, all(input.list("readings")?, charged)?)?;
    let gone = |reading: &ReadingId| json!({ "resource": reading.resource.as_str(), "window": period(reading.window) });
    Ok(json!({
        "statements": all_shown(&restated.statements),
        "unchanged": restated.unchanged,
        "gone": restated.gone.iter().map(gone).collect::<Vec<_>>(),
    }))
}

pub(crate) fn statement(input: Members<'_>) -> Result<Statement, Fault> {
    let known = ["day", "owner", "unit", "kind", "sequence", "lines", "status"];
    let statement = input.members("statement", &known)?;
    let key = StatementKey {
        day: day(statement.members("day", &["date", "zone"])?)?,
        owner: owner(statement.value("owner")?)?,
        unit: statement.parse("unit")?,
        kind: statement.parse("kind")?,
        sequence: statement.number("sequence")?,
    };
    let lines = all(statement.list("lines")?, |value| {
        let line = Members::of(value, &["resource", "window", "original", "payable"])?;
        let reading = ReadingId { resource: line.parse("resource")?, window: line.period("window")? };
        Ok(StatementLine { reading, original: line.money("original")?, payable: line.money("payable")? })
    })?;
    Ok(Statement::new(key, lines)?.with_status(statement.parse::<StatementStatus>("status")?))
}

fn changed(input: Members<'_>, change: fn(Statement) -> Result<Statement, StatementError>) -> Answer {
    Ok(json!({ "statement": shown(&change(statement(input)?)?) }))
}

pub(crate) fn pay(input: Members<'_>) -> Answer {
    changed(input, Statement::pay)
}

pub(crate) fn cancel(input: Members<'_>) -> Answer {
    changed(input, Statement::cancel)
}
