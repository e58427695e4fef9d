use super::by_family;
use crate::input::{Answer, Fault, Members, all, text};
use counterfoil::{
    error::{IpamError, Language},
    ipam::{Address, Interval, Merge, Merged, Occupied, PlanDraft, Range, Row, RowCheck, SplitPlan, UncheckedRange},
};
use serde_json::{Map, Value, json};

pub(crate) fn check_plan(input: Members<'_>) -> Answer {
    by_family!(input.text("range")?, check_plan_in(input))
}

pub(crate) fn merge(input: Members<'_>) -> Answer {
    let rows = input.list("rows")?;
    let first = rows.first().and_then(|row| row["range"].as_str()).unwrap_or_default();
    by_family!(first, merge_in(input))
}

pub(crate) fn check_row(input: Members<'_>) -> Answer {
    by_family!(input.text("range")?, check_row_in(input))
}

fn check_plan_in<A: Address>(input: Members<'_>) -> Answer {
    let first_only = is_portal(input)?;
    let parent: Range<A> = input.text("range")?.parse()?;
    let entries: Vec<UncheckedRange<A>> = all(input.list("entries")?, |entry| Ok(text(entry)?.parse()?))?;
    let limit = input.optional_count("limit")?.map_or(PlanDraft::<A>::PORTAL_LIMIT, |limit| limit as usize);
    let draft = PlanDraft { parent, entries: &entries, limit };
    let written = |plan: SplitPlan<A>| {
        json!({
            "unchanged": plan.is_unchanged(),
            "pieces": plan.ranges().iter().map(Range::to_string).collect::<Vec<_>>(),
        })
    };
    let plan = if first_only { Ok(draft.check_in_portal_order()?) } else { draft.check() };
    Ok(answer("plan", plan.map(written)))
}

fn merge_in<A: Address>(input: Members<'_>) -> Answer {
    let first_only = is_portal(input)?;
    let rows = all(input.list("rows")?, row::<A>)?;
    let ids = all(input.list("ids")?, |id| Ok(text(id)?.to_owned()))?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let merge = Merge { rows: &rows, ids: &ids, length: input.number("length")? };
    let written = |merged: Merged<A>| {
        json!({
            "range": merged.range().to_string(),
            "network": merged.range().network().to_string(),
            "status": merged.status().name(),
            "asn": merged.asn(),
            "owner": merged.owner(),
            "unchanged": merged.unchanged(),
        })
    };
    let merged = if first_only { Ok(merge.merge_in_portal_order()?) } else { merge.merge() };
    Ok(answer("merged", merged.map(written)))
}

fn row<A: Address>(value: &Value) -> Result<Row<A>, Fault> {
    let members = Members::of(value, &["id", "range", "status", "asn", "owner"])?;
    Ok(Row {
        id: members.text("id")?.to_owned(),
        range: members.text("range")?.parse()?,
        status: members.parse("status")?,
        asn: members.optional_count("asn")?,
        owner: members.optional("owner").map(|owner| text(owner).map(str::to_owned)).transpose()?,
    })
}

fn check_row_in<A: Address>(input: Members<'_>) -> Answer {
    let first_only = is_portal(input)?;
    let range = Range::try_from(input.text("range")?.parse::<UncheckedRange<A>>()?)?;
    let rows = all(input.list("rows")?, |row| {
        let members = Members::of(row, &["id", "interval"])?;
        Ok((members.text("id")?.to_owned(), members.text("interval")?.parse::<Interval<A>>()?))
    })?;
    let rows: Vec<Occupied<'_, A>> = rows.iter().map(|(id, interval)| Occupied { id, interval: *interval }).collect();
    let excluded = input.optional("excluding").and_then(Value::as_array);
    let mut check = RowCheck::new(range).excluding(excluded.into_iter().flatten().filter_map(Value::as_str));
    if input.optional("id").is_some() {
        check = check.of_row(input.text("id")?);
    }
    if first_only {
        check.check(rows.iter().copied())?;
    }
    let written = |row: Occupied<'_, A>| json!({ "id": row.id, "interval": row.interval.to_string() });
    Ok(json!({ "overlaps": check.overlaps(rows).into_iter().map(written).collect::<Vec<_>>() }))
}

fn is_portal(input: Members<'_>) -> Result<bool, Fault> {
    match input.optional("mode").and_then(Value::as_str) {
        None | Some("all") => Ok(false),
        Some("portal") => Ok(true),
        Some(text) => Err(IpamError::UnknownWord { what: "mode", text: text.to_owned(), known: "all, portal" }.into()),
    }
}

fn answer(name: &str, result: Result<Value, Vec<IpamError>>) -> Value {
    let (result, violations) = match result {
        Ok(result) => (result, Vec::new()),
        Err(violations) => (Value::Null, violations),
    };
    let told = |error: &IpamError| {
        let details: Map<String, Value> =
            error.details().into_iter().map(|(name, fact)| (name.to_owned(), Value::from(fact))).collect();
        let (message, message_zh) = (error.message(Language::English), error.message(Language::Chinese));
        json!({"error": {"code": error.code(), "message": message, "message_zh": message_zh, "details": details}})
    };
    let told: Vec<Value> = violations.iter().take(10_000).map(told).collect();
    json!({ name: result, "violation_count": violations.len(), "violations": told })
}
