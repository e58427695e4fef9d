//! Placing, checking and counting jointly, read and shown anew.

use super::inventory::{members, product, rules, snapshot};
use crate::input::{Answer, Fault, Members, all, amount, choice, list, shape, text};
use counterfoil::{
    error::PlacementError,
    placement::{
        Certificate, ClassBound, Coordinate, Group, GroupOutcome, Heuristic, Item, JointCount, Outcome, Rejection,
        Rules, Scarce, Seat, Snapshot, Spread, Verification, Witness, WorkBudget, count_bundles, count_jointly,
        place as place_groups, place_by, verify as verify_answers,
    },
};
use serde_json::{Map, Value, json};

/// The most that a call of the wire may ask for; a program may ask for more.
const LARGEST_BUDGET: u64 = 50_000_000;

pub(crate) fn place(input: Members<'_>) -> Answer {
    let (snapshot, rules, budget) = asked(input)?;
    let groups = all(input.list("groups")?, group)?;
    let answers = match input.parse_optional::<Heuristic>("heuristic")? {
        None => place_groups(&snapshot, &groups, &rules, budget)?,
        Some(heuristic) => place_by(heuristic, &snapshot, &groups, &rules, budget)?,
    };
    Ok(Value::Array(answers.iter().map(shown).collect()))
}

pub(crate) fn verify(input: Members<'_>) -> Answer {
    let (snapshot, rules, budget) = asked(input)?;
    let groups = all(input.list("groups")?, group)?;
    let answers = all(input.list("answers")?, answer)?;
    let found = verify_answers(&snapshot, &groups, &rules, &answers, budget)?;
    let named = groups.iter().zip(&found).map(|(group, found)| match found {
        Verification::Verified => json!({ "group": group.name, "is": "verified" }),
        Verification::NothingClaimed => json!({ "group": group.name, "is": "nothing_claimed" }),
        Verification::Unchecked => json!({ "group": group.name, "is": "unchecked" }),
        Verification::Rejected(why) => json!({ "group": group.name, "is": "rejected", "why": rejected(why) }),
    });
    Ok(Value::Array(named.collect()))
}

pub(crate) fn jointly(input: Members<'_>) -> Answer {
    let (snapshot, rules, budget) = asked(input)?;
    let products = all(input.list("products")?, product)?;
    counted(&count_jointly(&snapshot, &products, &rules, budget)?)
}

pub(crate) fn bundles(input: Members<'_>) -> Answer {
    let (snapshot, rules, budget) = asked(input)?;
    let bundle = all(input.list("bundle")?, |bundled| {
        let bundled = Members::of(bundled, &["product", "count"])?;
        Ok((product(bundled.value("product")?)?, unsigned(bundled.value("count")?)?))
    })?;
    counted(&count_bundles(&snapshot, &bundle, &rules, budget)?)
}

fn asked(input: Members<'_>) -> Result<(Snapshot, Rules, WorkBudget), Fault> {
    let (snapshot, rules) = (snapshot(input.value("inventory")?)?, rules(input.optional("rules"))?);
    match input.optional("budget").map(unsigned).transpose()? {
        None => Ok((snapshot, rules, WorkBudget::DEFAULT)),
        Some(budget) if budget > LARGEST_BUDGET => {
            Err(PlacementError::BudgetTooLarge { budget, limit: LARGEST_BUDGET }.into())
        }
        Some(budget) => Ok((snapshot, rules, WorkBudget::of(budget))),
    }
}

fn unsigned(value: &Value) -> Result<u64, Fault> {
    value.as_u64().map_or_else(|| shape(format!("{value} is no count")), Ok)
}

fn group(value: &Value) -> Result<Group, Fault> {
    let input = Members::of(value, &["name", "items"])?;
    let items = all(input.list("items")?, |item| {
        let item = Members::of(item, &["product", "replicas", "max_per_node", "spread"])?;
        let spread = item.optional("spread").map(|spread| {
            let spread = Members::of(spread, &["key", "max_skew"])?;
            Ok::<_, Fault>(Spread { key: spread.text("key")?.into(), max_skew: unsigned(spread.value("max_skew")?)? })
        });
        Ok(Item {
            max_per_node: item.optional("max_per_node").map(unsigned).transpose()?,
            spread: spread.transpose()?,
            ..Item::new(product(item.value("product")?)?, unsigned(item.value("replicas")?)?)
        })
    })?;
    Ok(Group { name: input.text("name")?.to_owned(), items })
}

fn shown(answer: &GroupOutcome) -> Value {
    match &answer.outcome {
        Outcome::Placed(witness) => json!({ "group": answer.group, "placed": seats(witness) }),
        Outcome::Impossible(proof) => json!({ "group": answer.group, "impossible": certificate(proof) }),
        Outcome::GaveUp { best } => json!({ "group": answer.group, "gave_up": seats(best) }),
    }
}

fn seats(witness: &Witness) -> Vec<Value> {
    let seat = |seat: &Seat| {
        let mut shown = json!({ "item": seat.item, "node": seat.node, "replicas": seat.replicas });
        if !seat.cards.is_empty() {
            let cards: Map<String, Value> =
                seat.cards.iter().map(|(model, cards)| (model.to_string(), json!(cards))).collect();
            shown["cards"] = cards.into();
        }
        shown
    };
    witness.seats.iter().map(seat).collect()
}

fn scarce(of: &Scarce) -> Value {
    match of {
        Scarce::Resource(resource) => json!({ "resource": resource.to_string() }),
        Scarce::WholeCards(model) => json!({ "whole_cards": model.to_string() }),
        Scarce::Slots => "slots".into(),
    }
}

fn certificate(certificate: &Certificate) -> Value {
    let proof = match certificate {
        Certificate::Count { item, asked, fits } => json!({ "item": item, "asked": asked, "fits": fits }),
        Certificate::Spread { item, asked, max_skew, fits } => {
            let fits = fits.iter().map(|(domain, fits)| json!({ "domain": domain, "fits": fits }));
            json!({ "item": item, "asked": asked, "max_skew": max_skew, "fits": fits.collect::<Vec<_>>() })
        }
        Certificate::Aggregate { of, need, have } => {
            json!({ "of": scarce(of), "need": need.to_string(), "have": have.to_string() })
        }
        Certificate::Weighted { weights, classes, need, have } => {
            let weights = weights.iter().map(|(item, weight)| json!({ "item": item, "weight": weight }));
            let classes = classes.iter().map(|of| json!({ "nodes": of.nodes, "most": of.most.to_string() }));
            json!({
                "weights": weights.collect::<Vec<_>>(),
                "classes": classes.collect::<Vec<_>>(),
                "need": need.to_string(),
                "have": have.to_string(),
            })
        }
        Certificate::Frontier { coordinates, nodes, levels } => {
            let coordinates = coordinates.iter().map(|of| match &of.domain {
                Some(domain) => json!({ "item": of.item, "domain": domain }),
                None => json!({ "item": of.item }),
            });
            json!({ "coordinates": coordinates.collect::<Vec<_>>(), "nodes": nodes, "levels": levels })
        }
    };
    json!({ certificate.name(): proof })
}

fn answer(value: &Value) -> Result<GroupOutcome, Fault> {
    let input = Members::of(value, &["group", "placed", "impossible", "gave_up"])?;
    let group = input.text("group")?.to_owned();
    let said = ["placed", "impossible", "gave_up"].map(|said| input.optional(said));
    let outcome = match said {
        [Some(seats), None, None] => Outcome::Placed(witness(seats)?),
        [None, Some(proof), None] => Outcome::Impossible(read_certificate(proof)?),
        [None, None, Some(best)] => Outcome::GaveUp { best: witness(best)? },
        _ => return Err(PlacementError::NotOneOutcome { group }.into()),
    };
    Ok(GroupOutcome { group, outcome, spent: 0 })
}

fn numbers(value: &Value) -> Result<Vec<u64>, Fault> {
    all(list(value)?, unsigned)
}

fn texts(value: &Value) -> Result<Vec<String>, Fault> {
    all(list(value)?, |value| text(value).map(str::to_owned))
}

fn witness(value: &Value) -> Result<Witness, Fault> {
    let seats = all(list(value)?, |seat| {
        let input = Members::of(seat, &["item", "node", "replicas", "cards"])?;
        let cards = input.optional("cards").map(members).transpose()?.unwrap_or_default();
        let cards = cards.into_iter().map(|(model, cards)| Ok((model.parse()?, numbers(cards)?)));
        Ok(Seat {
            item: input.text("item")?.to_owned(),
            node: input.text("node")?.to_owned(),
            replicas: unsigned(input.value("replicas")?)?,
            cards: cards.collect::<Result<_, Fault>>()?,
        })
    })?;
    Ok(Witness { seats })
}

fn sum(input: Members<'_>, key: &str) -> Result<u128, Fault> {
    let text = amount(input.value(key)?)?;
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let bad = || PlacementError::BadSum { text: text.to_owned() };
    Ok(digits.and_then(|digits| digits.parse().ok()).ok_or_else(bad)?)
}

fn read_certificate(value: &Value) -> Result<Certificate, Fault> {
    let (kind, proof) = choice(value)?;
    Ok(match kind {
        "count" => {
            let input = Members::of(proof, &["item", "asked", "fits"])?;
            let fits = unsigned(input.value("fits")?)?.into();
            Certificate::Count { item: input.text("item")?.into(), asked: unsigned(input.value("asked")?)?, fits }
        }
        "spread" => {
            let input = Members::of(proof, &["item", "asked", "max_skew", "fits"])?;
            let fits = all(input.list("fits")?, |of| {
                let of = Members::of(of, &["domain", "fits"])?;
                Ok((of.text("domain")?.to_owned(), unsigned(of.value("fits")?)?))
            })?;
            let (asked, max_skew) = (unsigned(input.value("asked")?)?, unsigned(input.value("max_skew")?)?);
            Certificate::Spread { item: input.text("item")?.into(), asked, max_skew, fits }
        }
        "aggregate" => {
            let input = Members::of(proof, &["of", "need", "have"])?;
            let of = match input.value("of")? {
                Value::String(slots) if slots == "slots" => Scarce::Slots,
                of => match choice(of)? {
                    ("resource", resource) => Scarce::Resource(text(resource)?.parse()?),
                    ("whole_cards", model) => Scarce::WholeCards(text(model)?.parse()?),
                    _ => return shape(format!("{of} is nothing that is scarce")),
                },
            };
            Certificate::Aggregate { of, need: sum(input, "need")?, have: sum(input, "have")? }
        }
        "weighted" => {
            let input = Members::of(proof, &["weights", "classes", "need", "have"])?;
            let weights = all(input.list("weights")?, |of| {
                let of = Members::of(of, &["item", "weight"])?;
                Ok((of.text("item")?.to_owned(), unsigned(of.value("weight")?)?))
            })?;
            let classes = all(input.list("classes")?, |of| {
                let of = Members::of(of, &["nodes", "most"])?;
                Ok(ClassBound { nodes: texts(of.value("nodes")?)?, most: sum(of, "most")? })
            })?;
            Certificate::Weighted { weights, classes, need: sum(input, "need")?, have: sum(input, "have")? }
        }
        "frontier" => {
            let input = Members::of(proof, &["coordinates", "nodes", "levels"])?;
            let coordinates = all(input.list("coordinates")?, |of| {
                let of = Members::of(of, &["item", "domain"])?;
                let domain = of.optional("domain").map(|domain| text(domain).map(str::to_owned)).transpose()?;
                Ok(Coordinate { item: of.text("item")?.to_owned(), domain })
            })?;
            let levels = all(input.list("levels")?, |level| all(list(level)?, numbers))?;
            Certificate::Frontier { coordinates, nodes: texts(input.value("nodes")?)?, levels }
        }
        _ => return shape(format!("no proof is called {kind}")),
    })
}

fn rejected(why: &Rejection) -> Value {
    let mut shown = match why {
        Rejection::UnknownItem { item } => json!({ "item": item }),
        Rejection::UnknownNode { node } | Rejection::NodeLeftOut { node } => json!({ "node": node }),
        Rejection::Repeated { name } => json!({ "name": name }),
        Rejection::RestsOn { group } => json!({ "group": group }),
        Rejection::MayNotRun { item, node } => json!({ "item": item, "node": node }),
        Rejection::WrongCount { item, asked, placed } => json!({ "item": item, "asked": asked, "placed": placed }),
        Rejection::TooManyOnNode { item, node, limit, placed } => {
            json!({ "item": item, "node": node, "limit": limit, "placed": placed })
        }
        Rejection::Skewed { item, max_skew, skew } => json!({ "item": item, "max_skew": max_skew, "skew": skew }),
        Rejection::OverUsed { node, of, needed, free } => {
            json!({ "node": node, "of": scarce(of), "needed": needed.to_string(), "free": free.to_string() })
        }
        Rejection::Unknown { node, of } => json!({ "node": node, "of": scarce(of) }),
        Rejection::CardsNotNamed { item, node, model } => {
            json!({ "item": item, "node": node, "model": model.to_string() })
        }
        Rejection::UnknownCard { node, model, card } => {
            json!({ "node": node, "model": model.to_string(), "card": card })
        }
        Rejection::OverUsedCard { node, model, card, needed, free } => json!({
            "node": node,
            "model": model.to_string(),
            "card": card,
            "needed": needed.to_string(),
            "free": free.to_string(),
        }),
        Rejection::WrongFigure { what, claimed, found } => {
            json!({ "what": what, "claimed": claimed.to_string(), "found": found.to_string() })
        }
        Rejection::NotCovered { level, vector } => json!({ "level": level, "vector": vector }),
        Rejection::IsEnough { vector } => json!({ "vector": vector }),
        Rejection::ProvesNothing | Rejection::WrongShape => json!({}),
    };
    shown["is"] = why.name().into();
    shown
}

fn counted(found: &JointCount) -> Answer {
    Ok(match found {
        JointCount::Unlimited => json!({ "is": "unlimited" }),
        JointCount::Exactly { count, witness } => {
            json!({ "is": "exactly", "count": count, "seats": seats(witness) })
        }
        JointCount::Between { at_least, at_most, witness } => {
            let mut shown = json!({ "is": "between", "at_least": at_least, "seats": seats(witness) });
            if let Some(at_most) = at_most {
                shown["at_most"] = json!(at_most);
            }
            shown
        }
    })
}
