//! Card files, percentages, tiers of other conventions, what changed, catalogues.

use crate::input::{Answer, Fault, Members, all, choice, decimal, exact, list, shape, text};
use crate::metering::{quota, whole};
use crate::pricing::{card, rate_of};
use counterfoil::{
    error::Language,
    metering::Kind,
    money::{Currency, Rounding},
    pricing::{
        Billed, Catalogue, CatalogueChange, Compared, ComparisonTerms, Counted, Entry, IfListed, Lease, Limits, Locked,
        LowerBounds, NewPart, PartKey, RateCard, Shape, Stock, StockChange, Tier, TierBlock, TierSpan, TierStart,
        Validity, compare,
    },
    time::Instant,
    units::{Name, Unit},
};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

pub(crate) fn amount_of_events(input: Members<'_>) -> Answer {
    let _: Currency = input.parse("currency")?;
    let events = all(input.list("events")?, exact)?;
    Ok(json!({ "amount": rate_of(input.value("rate")?)?.amount_of_events(&events)?.to_string() }))
}

pub(crate) fn price_events(input: Members<'_>) -> Answer {
    let _: Currency = input.parse("currency")?;
    let priced = rate_of(input.value("rate")?)?.price_events(&all(input.list("events")?, exact)?)?;
    let events = priced.events().iter().map(|event| {
        json!({
            "value": event.value.to_string(),
            "free": event.free.to_string(),
            "amount": event.amount.to_string(),
        })
    });
    assert_eq!(priced.recompute()?, *priced.amount()); // R-P15
    Ok(json!({
        "events": events.collect::<Vec<_>>(),
        "sum": priced.sum().to_string(),
        "amount": priced.amount().to_string(),
        "text": priced.text(Language::English),
        "text_zh": priced.text(Language::Chinese),
    }))
}

fn or_nothing(of: Members<'_>, key: &str) -> Result<Decimal, Fault> {
    Ok(of.optional(key).map(decimal).transpose()?.unwrap_or_default())
}

fn span(value: &Value) -> Result<TierSpan, Fault> {
    let of = Members::of(value, &["from", "to", "price", "flat"])?;
    let to = of.optional("to").map(decimal).transpose()?;
    Ok(TierSpan { from: of.decimal("from")?, to, price: of.decimal("price")?, flat: or_nothing(of, "flat")? })
}

fn start(value: &Value) -> Result<TierStart, Fault> {
    let of = Members::of(value, &["from", "price", "flat"])?;
    Ok(TierStart { from: of.decimal("from")?, price: of.decimal("price")?, flat: or_nothing(of, "flat")? })
}

fn block(value: &Value) -> Result<TierBlock, Fault> {
    let of = Members::of(value, &["size", "price"])?;
    Ok(TierBlock { size: of.decimal("size")?, price: of.decimal("price")? })
}

pub(crate) fn read_tiers(input: Members<'_>) -> Answer {
    let name = input.text("shape")?;
    let make = match name {
        "graduated" => Shape::graduated,
        "volume" => Shape::volume,
        other => return shape(format!("no tiers of {other}")),
    };
    let tiers = match choice(input.value("tiers")?)? {
        ("inclusive", spans) => Tier::from_inclusive(&all(list(spans)?, span)?)?,
        ("half_open", spans) => Tier::from_half_open(&all(list(spans)?, span)?)?,
        ("from", starts) => {
            let bounds = LowerBounds::new(&all(list(starts)?, start)?)?;
            match (input.optional("bounds").map(text).transpose()?, name) {
                (Some("in_lower_tiers"), _) => bounds.with_bounds_in_lower_tiers().to_vec(),
                (None, "graduated") => bounds.graduated().map(|_| bounds.with_bounds_in_lower_tiers().to_vec())?,
                (None, _) => bounds.volume().map(|_| bounds.with_bounds_in_lower_tiers().to_vec())?,
                (Some(other), _) => return shape(format!("no bounds {other}")),
            }
        }
        ("blocks", blocks) => {
            let blocks = all(list(blocks)?, block)?;
            Shape::from_blocks(&blocks)?;
            let TierBlock { size, price } = blocks[0];
            return Ok(json!({ "shape": "package", "package_size": size.to_string(), "price": price.to_string() }));
        }
        (other, _) => return shape(format!("no convention {other}")),
    };
    make(&tiers)?;
    let tiers = tiers.iter().map(|tier| {
        let mut members = Map::new();
        members.extend(tier.up_to.map(|bound| ("up_to".to_owned(), bound.to_string().into())));
        members.insert("price".to_owned(), tier.price.to_string().into());
        members.insert("flat".to_owned(), tier.flat.to_string().into());
        Value::Object(members)
    });
    Ok(json!({ "shape": name, "tiers": tiers.collect::<Vec<_>>() }))
}

pub(crate) fn read_card(input: Members<'_>) -> Answer {
    let card = match input.text("format")? {
        "toml" => RateCard::from_toml(input.text("text")?)?,
        "json" => RateCard::from_json(input.text("text")?)?,
        other => return shape(format!("no format {other}")),
    };
    let (as_toml, as_json) = (card.to_toml(), card.to_json());
    assert_eq!((&RateCard::from_toml(&as_toml)?, &RateCard::from_json(&as_json)?), (&card, &card));
    Ok(json!({
        "revision": card.revision().as_str(),
        "currency": card.currency().code(),
        "from": card.validity().from.map(|at| at.to_string()),
        "to": card.validity().to.map(|at| at.to_string()),
        "rates": card.entries().len(),
        "toml": as_toml,
        "json": as_json,
    }))
}

fn validity(of: Validity) -> Value {
    json!({ "from": of.from.map(|at| at.to_string()), "to": of.to.map(|at| at.to_string()) })
}

fn limits(of: Option<Limits>) -> Value {
    let limit = |limit: Option<Decimal>| limit.map(|limit| limit.to_string());
    of.map_or(Value::Null, |of| json!({ "minimum": limit(of.minimum), "maximum": limit(of.maximum) }))
}

fn entry(entry: &Entry) -> Value {
    let Entry { kind, part, rate, from, to } = entry;
    json!({
        "kind": kind.to_string(),
        "part": part.to_string(),
        "rate": format!("{rate} per {} per {}", rate.per, rate.every.time_unit()),
        "from": from.map(|at| at.to_string()),
        "to": to.map(|at| at.to_string()),
    })
}

pub(crate) fn compare_cards(input: Members<'_>) -> Answer {
    let (old, new) = (card(input.value("old")?)?, card(input.value("new")?)?);
    let difference = old.difference_to(&new);
    let entries = |entries: &[Entry]| entries.iter().map(entry).collect::<Vec<_>>();
    let changed = difference.changed().iter().map(|changed| {
        let what: Vec<&str> = changed.what.iter().map(|what| what.name()).collect();
        json!({ "what": what, "old": entry(&changed.old), "new": entry(&changed.new) })
    });
    let of_kinds = difference.limits().iter().map(
        |changed| json!({ "kind": changed.kind.to_string(), "old": limits(changed.old), "new": limits(changed.new) }),
    );
    let currencies = difference.currencies();
    let validities = difference.validities();
    let pair = |differs: bool, old: Value, new: Value| if differs { json!([old, new]) } else { Value::Null };
    Ok(json!({
        "added": entries(difference.added()),
        "removed": entries(difference.removed()),
        "changed": changed.collect::<Vec<_>>(),
        "unchanged": entries(difference.unchanged()),
        "limits": of_kinds.collect::<Vec<_>>(),
        "currency": pair(currencies.0 != currencies.1, currencies.0.code().into(), currencies.1.code().into()),
        "validity": pair(validities.0 != validities.1, validity(validities.0), validity(validities.1)),
        "text": difference.to_string(),
        "text_zh": difference.text(Language::Chinese),
    }))
}

fn fact(value: &Value) -> Result<Option<Billed>, Fault> {
    let of = Members::of(value, &["owner", "id", "kind", "of", "window", "quota", "at"])?;
    let window = of.period("window")?;
    let (owner, id, kind) = (of.parse::<Name>("owner")?, of.parse::<Name>("id")?, of.parse::<Kind>("kind")?);
    let at = of.parse_optional::<Instant>("at")?.unwrap_or(window.start());
    let usage = whole(of.value("of")?, window, quota(of)?)?;
    Ok(usage.map(|usage| Billed { owner, id, kind, usage, at }))
}

fn compared<T: ToString>(compared: &Compared<T>) -> Value {
    let Compared { old, new, difference } = compared;
    json!({ "old": old.to_string(), "new": new.to_string(), "difference": difference.to_string() })
}

pub(crate) fn what_changed(input: Members<'_>) -> Answer {
    let counted = match input.text("counted")? {
        "used" => Counted::Used,
        "payable" => Counted::Payable,
        other => return shape(format!("nothing counted as {other}")),
    };
    let terms = ComparisonTerms { counted, rounding: input.parse::<Rounding>("rounding")? };
    let facts: Vec<Billed> = all(input.list("facts")?, fact)?.into_iter().flatten().collect();
    let (old, new) = (card(input.value("old")?)?, card(input.value("new")?)?);
    let comparison = compare(&old, &new, &facts, terms)?;
    let owners = comparison.owners().iter().map(|owner| {
        let facts = owner.facts.iter().map(|fact| {
            let lines = fact.lines.iter().map(|line| {
                json!({
                    "part": line.part.to_string(),
                    "change": line.change.name(),
                    "exact": compared(&line.exact),
                    "amount": line.amount.as_ref().map(compared),
                })
            });
            json!({
                "id": fact.id.as_str(),
                "kind": fact.kind.to_string(),
                "lines": lines.collect::<Vec<_>>(),
                "exact": compared(&fact.exact),
                "amount": fact.amount.as_ref().map(compared),
            })
        });
        json!({
            "owner": owner.owner.as_str(),
            "facts": facts.collect::<Vec<_>>(),
            "exact": compared(&owner.exact),
            "amount": compared(&owner.amount),
        })
    });
    Ok(json!({
        "currency": comparison.currency().code(),
        "owners": owners.collect::<Vec<_>>(),
        "exact": compared(comparison.exact()),
        "amount": compared(&comparison.amount()),
        "text": comparison.to_string(),
        "text_zh": comparison.text(Language::Chinese),
    }))
}

fn new_part(of: Members<'_>) -> Result<NewPart, Fault> {
    let part = Members::any(of.value("rate")?)?.parse("part")?;
    let key = PartKey { centre: of.parse("centre")?, part };
    Ok(NewPart { key, rate: rate_of(of.value("rate")?)?, unit: of.parse::<Unit>("unit")? })
}

/// Puts a catalogue together call by call, where the wire does it in one.
fn catalogue(value: &Value) -> Result<Catalogue, Fault> {
    let of = Members::of(value, &["currency", "parts"])?;
    let _: Currency = of.parse("currency")?;
    let mut catalogue = Catalogue::default();
    for listing in of.list("parts")? {
        let listing = Members::of(listing, &["centre", "rate", "unit", "clusters"])?;
        let new = new_part(listing)?;
        let key = new.key.clone();
        catalogue = catalogue.add(new, IfListed::Refuse)?;
        for cluster in listing.list("clusters")? {
            let cluster = Members::of(cluster, &["cluster", "stock", "consumed"])?;
            let name: Name = cluster.parse("cluster")?;
            catalogue = catalogue.supply(&key, &name, cluster.quantity("stock")?)?;
            if cluster.optional("consumed").is_some() {
                catalogue = catalogue.consume(&key, &name, cluster.quantity("consumed")?)?;
            }
        }
    }
    Ok(catalogue)
}

fn stock(stock: &Stock) -> Map<String, Value> {
    let members = json!({
        "stock": stock.stock().to_string(),
        "consumed": stock.consumed().to_string(),
        "free": stock.free().to_string(),
        "reads": stock.text(Language::English),
        "reads_zh": stock.text(Language::Chinese),
    });
    members.as_object().cloned().unwrap_or_default()
}

fn change(value: &Value) -> Result<CatalogueChange, Fault> {
    let (name, of) = choice(value)?;
    let stock = || {
        let of = Members::of(of, &["centre", "part", "cluster", "quantity"])?;
        let key = PartKey { centre: of.parse("centre")?, part: of.parse("part")? };
        Ok::<_, Fault>(StockChange { key, cluster: of.parse("cluster")?, quantity: of.quantity("quantity")? })
    };
    Ok(match name {
        "add" => {
            let of = Members::of(of, &["centre", "rate", "unit", "if_listed"])?;
            let if_listed = match of.optional("if_listed").map(text).transpose()? {
                None | Some("refuse") => IfListed::Refuse,
                Some("add_stock") => IfListed::AddStock,
                Some(other) => return shape(format!("nothing is done by {other}")),
            };
            CatalogueChange::Add { new: new_part(of)?, if_listed }
        }
        "reprice" => {
            let of = Members::of(of, &["centre", "rate"])?;
            let part = Members::any(of.value("rate")?)?.parse("part")?;
            CatalogueChange::Reprice {
                key: PartKey { centre: of.parse("centre")?, part },
                rate: rate_of(of.value("rate")?)?,
            }
        }
        "supply" => CatalogueChange::Supply(stock()?),
        "consume" => CatalogueChange::Consume(stock()?),
        "release" => CatalogueChange::Release(stock()?),
        other => return shape(format!("no change {other}")),
    })
}

pub(crate) fn catalogue_change(input: Members<'_>) -> Answer {
    let changed = catalogue(input.value("catalogue")?)?.after(all(input.list("changes")?, change)?)?;
    let parts = changed.parts().map(|(key, listing)| {
        let rate = listing.rate();
        let mut members = stock(listing.stock());
        members.insert("centre".to_owned(), key.centre.as_str().into());
        members.insert("part".to_owned(), key.part.to_string().into());
        members.insert("rate".to_owned(), format!("{rate} per {} per {}", rate.per, rate.every.time_unit()).into());
        let clusters = listing.clusters().map(|(name, of)| (name.to_string(), Value::Object(stock(of))));
        members.insert("clusters".to_owned(), Value::Object(clusters.collect()));
        Value::Object(members)
    });
    Ok(json!({ "parts": parts.collect::<Vec<_>>() }))
}

pub(crate) fn catalogue_stock(input: Members<'_>) -> Answer {
    let key = PartKey { centre: input.parse("centre")?, part: input.parse("part")? };
    let cluster: Option<Name> = input.parse_optional("cluster")?;
    let of = catalogue(input.value("catalogue")?)?.stock(&key, cluster.as_ref());
    Ok(of.map_or(Value::Null, |of| Value::Object(stock(&of))))
}

pub(crate) fn lease_rates(input: Members<'_>) -> Answer {
    let locked = match input.text("locked_is")? {
        "idle" => Locked::IsIdle,
        "not_idle" => Locked::IsNotIdle,
        other => return shape(format!("locked is not {other}")),
    };
    let lease = Lease::new(input.number("total")?)?.leased(input.number("leased")?)?.locked(input.number("locked")?)?;
    let rates = lease.rates(locked)?;
    Ok(json!({
        "idle": rates.idle().to_string(),
        "leased": rates.leased().to_string(),
        "text": rates.derivation().to_string(),
        "text_zh": rates.derivation().text(Language::Chinese),
    }))
}
