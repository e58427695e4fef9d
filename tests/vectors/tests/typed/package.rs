use crate::{
    input::{Answer, Fault, Members, all, choice, derivation, number, period, rounded, shape, text},
    pricing::rate_of,
};
use counterfoil::{
    error::MoneyError,
    money::Currency,
    pricing::package::{
        Consumed, Covered, FreePackage, FreePackageTerms, Measured, PackageState, PackageUse, Packages, Reset,
        ResetWindow,
    },
};
use serde_json::{Value, json};

fn covered(value: &Value) -> Result<Covered, Fault> {
    let of = Members::of(value, &["kind", "part"])?;
    Ok(Covered { kind: of.parse("kind")?, part: of.parse("part")? })
}

fn measured(value: &Value) -> Result<Measured, Fault> {
    match value {
        Value::Number(number) => Err(MoneyError::NotText { text: number.to_string() }.into()),
        _ => Ok(text(value)?.parse()?),
    }
}

fn package(value: &Value) -> Result<FreePackage, Fault> {
    let known = ["id", "covers", "quota", "effective", "purchased", "term_months", "reset", "zone"];
    let of = Members::of(value, &known)?;
    Ok(FreePackage::new(FreePackageTerms {
        id: of.parse("id")?,
        covers: all(of.list("covers")?, covered)?,
        quota: measured(of.value("quota")?)?,
        effective: of.parse("effective")?,
        purchased: of.parse("purchased")?,
        term_months: of.number("term_months")?,
        reset: match of.value("reset")? {
            Value::String(never) if never == "never" => Reset::Never,
            reset => match choice(reset)? {
                ("every_months", months) => Reset::EveryMonths(number(months)?),
                _ => return shape(format!("no reset {reset}")),
            },
        },
        zone: of.parse("zone")?,
    })?)
}

fn packages(input: Members<'_>) -> Result<Packages, Fault> {
    Ok(Packages::new(all(input.list("packages")?, package)?)?)
}

fn window(window: ResetWindow) -> Value {
    json!({ "number": window.number, "period": period(window.period) })
}

pub(crate) fn order(input: Members<'_>) -> Answer {
    let packages = packages(input)?;
    let order = packages.order(&covered(input.value("of")?)?, input.parse("at")?)?;
    let shown = order.iter().map(|of| json!({ "package": of.package.id().as_str(), "window": window(of.window) }));
    Ok(json!({ "order": shown.collect::<Vec<_>>() }))
}

pub(crate) fn quota(input: Members<'_>) -> Answer {
    let package = package(input.value("package")?)?;
    Ok(json!({
        "term": period(package.term()),
        "windows": package.windows(),
        "quota": package.terms().quota.to_string(),
        "total": package.total_quota()?.to_string(),
    }))
}

pub(crate) fn consume(input: Members<'_>) -> Answer {
    let packages = packages(input)?;
    let rows = input.optional("consumed").map_or(Ok([].as_slice()), crate::input::list)?;
    let state = PackageState::new(all(rows, |row| {
        let row = Members::of(row, &["package", "window", "amount"])?;
        Ok(Consumed { package: row.parse("package")?, window: row.number("window")?, amount: row.exact("amount")? })
    })?)?;
    let used = input.members("used", &["kind", "part", "at", "amount"])?;
    let used = PackageUse {
        of: Covered { kind: used.parse("kind")?, part: used.parse("part")? },
        at: used.parse("at")?,
        amount: measured(used.value("amount")?)?,
    };
    let plan = packages.consume(&used, &state)?;
    let charge = input.optional("rated").map(|rated| {
        let rated = Members::of(rated, &["currency", "rate", "rounding"])?;
        let _: Currency = rated.parse("currency")?;
        let charge = plan.rate_excess(&rate_of(rated.value("rate")?)?, rated.parse("rounding")?)?;
        Ok::<_, Fault>(json!({
            "units": charge.units().to_string(),
            "amount": rounded(charge.rounded())?,
            "derivation": derivation(charge.derivation()),
        }))
    });
    let taken = plan.taken().iter().map(|of| {
        json!({
            "package": of.package.as_str(),
            "window": window(of.window),
            "amount": of.amount.to_string(),
            "left": of.left.to_string(),
        })
    });
    let consumed = plan
        .after()
        .rows()
        .map(|row| json!({ "package": row.package.as_str(), "window": row.window, "amount": row.amount.to_string() }));
    Ok(json!({
        "taken": taken.collect::<Vec<_>>(),
        "excess": plan.excess().to_string(),
        "consumed": consumed.collect::<Vec<_>>(),
        "derivation": derivation(plan.derivation()),
        "charge": charge.transpose()?,
    }))
}
