use super::{
    inventory::{node, product, rules, running, snapshot},
    told::explanation,
};
use crate::input::{Answer, Fault, Members, all, choice, shape, text};
use counterfoil::placement::{Change, Checking, Count, Detail, Level, Product, Snapshot, Telling, Verdict};
use serde_json::{Value, json};

pub(crate) fn check(input: Members<'_>) -> Answer {
    let snapshot = snapshot(input.value("inventory")?)?;
    let products = all(input.list("products")?, product)?;
    let rules = rules(input.optional("rules"))?;
    let telling = input.parse_optional("telling")?.unwrap_or(Telling::Every);
    let detail = input.parse_optional("detail")?.unwrap_or(Detail::Nearest);
    let check = snapshot.check(&products, &rules, Checking { telling, detail, ..Checking::VERDICTS })?;
    let shown = products.iter().zip(&check.verdicts).map(|(product, verdict)| match verdict {
        Verdict::Sellable { nodes } => json!({ "id": product.id, "nodes": nodes }),
        Verdict::Grey { stage, explanation: None } => json!({ "id": product.id, "stage": stage.to_string() }),
        Verdict::Grey { stage, explanation: Some(why) } => {
            json!({ "id": product.id, "stage": stage.to_string(), "why": explanation(why) })
        }
    });
    Ok(json!({ "greyed": check.greyed, "products": shown.collect::<Vec<_>>() }))
}

pub(crate) fn count(input: Members<'_>) -> Answer {
    let snapshot = snapshot(input.value("inventory")?)?;
    let products = all(input.list("products")?, product)?;
    let rules = rules(input.optional("rules"))?;
    let counted = products.iter().map(|product| {
        let nodes = snapshot.count_by_node(product, &rules)?;
        let nodes = nodes.iter().map(|(node, count)| json!({ "node": node, "count": shown(*count) }));
        Ok(json!({
            "id": product.id,
            "count": shown(snapshot.count(product, &rules)?),
            "nodes": nodes.collect::<Vec<_>>(),
        }))
    });
    Ok(Value::Array(counted.collect::<Result<_, Fault>>()?))
}

fn shown(count: Count) -> Value {
    match count {
        Count::Exactly(count) => count.into(),
        Count::Unlimited => count.to_string().into(),
    }
}

pub(crate) fn free(input: Members<'_>) -> Answer {
    let snapshot = snapshot(input.value("inventory")?)?;
    let nodes = snapshot.nodes().map(|node| {
        let levels = snapshot.levels(&node.name).expect("a node of the snapshot");
        let free = levels.keys().map(|resource| {
            let level = match snapshot.free(&node.name, resource).expect("a node of the snapshot") {
                Level::Known(free) => resource.quantity(free).to_string().into(),
                Level::Unknown => Value::Null,
            };
            (resource.to_string(), level)
        });
        json!({ "node": node.name, "slots": snapshot.slots(&node.name).flatten(), "free": Value::Object(free.collect()) })
    });
    Ok(Value::Array(nodes.collect()))
}

/// Change by change, and undone from the last to the first: the wire looks and lets the snapshot undo.
pub(crate) fn what_if(input: Members<'_>) -> Answer {
    let mut snapshot = snapshot(input.value("inventory")?)?;
    let products = all(input.list("products")?, product)?;
    let rules = rules(input.optional("rules"))?;
    let look = |snapshot: &Snapshot| -> Result<(Vec<String>, Vec<Value>), Fault> {
        let greyed = snapshot.check(&products, &rules, Checking::VERDICTS)?.greyed;
        let count = |product: &Product| Ok(shown(snapshot.count(product, &rules)?));
        Ok((greyed, products.iter().map(count).collect::<Result<_, Fault>>()?))
    };
    let (before, counts_before) = look(&snapshot)?;
    let original = snapshot.clone();
    let changes = all(input.list("changes")?, change)?;
    let mut undos = Vec::new();
    for change in changes {
        undos.push(snapshot.apply(change)?);
    }
    let (after, counts_after) = look(&snapshot)?;
    for undo in undos.iter().rev() {
        snapshot.undo(undo)?;
    }
    assert_eq!(snapshot, original, "an undone snapshot is what it was");
    let counts = counts_before.iter().zip(&counts_after);
    let shown = products.iter().zip(counts);
    let shown = shown.map(|(product, (before, after))| json!({ "id": product.id, "before": before, "after": after }));
    Ok(json!({ "before": before, "after": after, "products": shown.collect::<Vec<_>>() }))
}

fn change(value: &Value) -> Result<Change, Fault> {
    Ok(match choice(value)? {
        ("add_node", of) => Change::AddNode(node(of)?),
        ("remove_node", of) => Change::RemoveNode(text(of)?.to_owned()),
        ("replace_node", of) => Change::ReplaceNode(node(of)?),
        ("start", of) => Change::Start(running(of)?),
        ("stop", of) => Change::Stop(text(of)?.to_owned()),
        (other, _) => return shape(format!("{other} is no change")),
    })
}
