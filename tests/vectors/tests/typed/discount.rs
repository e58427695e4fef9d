use crate::input::{Answer, Fault, Members, derivation, rounded, shape};
use crate::pricing::toml;
use counterfoil::{
    error::Language,
    exact::Exact,
    metering::{Kind, Part},
    money::{Ratio, Rounding},
    pricing::discount::{
        DiscountFacts, Discounted, Discounts, Listed, Lost, ResellerMode, RowMode, Sale, TraceLine, Verdict,
    },
};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

const CALL: [&str; 3] = ["discounts", "facts", "listed"];

/// Discounts are read from a file, as a program would.
pub(crate) fn discounts(value: &Value) -> Result<Discounts, Fault> {
    const MEMBERS: [&str; 4] = ["combine", "surcharges", "groups", "rules"];
    let members = Members::of(value, &MEMBERS)?;
    let lines = MEMBERS.into_iter().filter_map(|key| Some(format!("{key} = {}\n", toml(members.optional(key)?))));
    Ok(Discounts::from_toml(&lines.collect::<String>())?)
}

/// The member `facts` of a call.
pub(crate) fn facts(input: Members<'_>) -> Result<DiscountFacts, Fault> {
    let facts = input.members("facts", &["customer", "class", "at"])?;
    Ok(DiscountFacts {
        customer: facts.parse_optional("customer")?,
        class: facts.parse_optional("class")?,
        at: facts.parse("at")?,
    })
}

fn call<O>(
    input: &Value,
    answer: impl FnOnce(&Discounts, &DiscountFacts, &Listed<'_>) -> Result<O, Fault>,
) -> Result<O, Fault> {
    let input = Members::of(input, &CALL)?;
    let discounts = discounts(input.value("discounts")?)?;
    let facts = facts(input)?;
    let Line { kind, part, units, amount } = line_of(&input.members("listed", &LISTED)?)?;
    answer(&discounts, &facts, &Listed { kind: &kind, part: part.as_ref(), units, amount })
}

const LISTED: [&str; 4] = ["kind", "part", "units", "amount"];

struct Line {
    kind: Kind,
    part: Option<Part>,
    units: Exact,
    amount: Exact,
}

fn line_of(listed: &Members<'_>) -> Result<Line, Fault> {
    let (kind, part) = (listed.parse("kind")?, listed.parse_optional("part")?);
    Ok(Line { kind, part, units: listed.exact("units")?, amount: listed.exact("amount")? })
}

pub(crate) fn discount(input: &Value) -> Answer {
    call(input, |discounts, facts, listed| of_line(&discounts.apply(facts, listed)?))
}

pub(crate) fn discount_lines(input: &Value) -> Answer {
    let input = Members::of(input, &["discounts", "facts", "lines"])?;
    let discounts = discounts(input.value("discounts")?)?;
    let facts = facts(input)?;
    let mut lines = Vec::new();
    for line in input.list("lines")? {
        lines.push(line_of(&Members::of(line, &LISTED)?)?);
    }
    let listed: Vec<Listed<'_>> = lines
        .iter()
        .map(|Line { kind, part, units, amount }| Listed {
            kind,
            part: part.as_ref(),
            units: units.clone(),
            amount: amount.clone(),
        })
        .collect();
    let discounted = discounts.apply_all(&facts, &listed)?;
    Ok(json!({
        "listed": Exact::sum(discounted.iter().map(Discounted::listed))?.to_string(),
        "amount": Exact::sum(discounted.iter().map(Discounted::amount))?.to_string(),
        "lines": discounted.iter().map(of_line).collect::<Result<Vec<_>, _>>()?,
    }))
}

fn of_line(discounted: &Discounted) -> Answer {
    let trace = discounted.trace();
    Ok(json!({
        "listed": discounted.listed().to_string(),
        "amount": discounted.amount().to_string(),
        "saved": discounted.saved()?.to_string(),
        "trace": trace.lines().iter().map(line).collect::<Vec<_>>(),
        "recomputed": trace.recompute()?.to_string(),
        "derivation": derivation(&discounted.derivation()?),
        "text": trace.to_string(),
        "text_zh": trace.text(Language::Chinese),
    }))
}

pub(crate) fn line(line: &TraceLine) -> Value {
    let (verdict, of) = match &line.verdict {
        Verdict::Applied { before, after } => {
            ("applied", json!({ "before": before.to_string(), "after": after.to_string() }))
        }
        Verdict::Lost(why) => ("lost", lost(why)),
    };
    let mut value = json!({
        "rule": line.rule.as_str(), "source": line.source.name(), "effect": line.effect.to_string(), verdict: of,
    });
    if let Some(share) = &line.share {
        value["share"] = json!({ "among": share.among().to_string(), "amount": share.amount().to_string() });
    }
    value
}

fn lost(lost: &Lost) -> Value {
    let by = lost.fact().map(|fact| ("by".to_owned(), Value::from(fact)));
    Value::Object([("why".to_owned(), Value::from(lost.name()))].into_iter().chain(by).collect::<Map<_, _>>())
}

pub(crate) fn optional_discounts(input: &Value) -> Answer {
    call(input, |discounts, facts, listed| {
        let optional = discounts.each_alone(facts, listed)?;
        let mut offers = Vec::new();
        for offer in optional.offers() {
            let [line] = offer.result.trace().lines() else {
                return shape("one rule alone has one line");
            };
            offers.push(json!({
                "rule": offer.rule.as_str(),
                "source": offer.source.name(),
                "amount": offer.result.amount().to_string(),
                "discount_amount": offer.result.saved()?.to_string(),
                "lost": match &line.verdict {
                    Verdict::Applied { .. } => Value::Null,
                    Verdict::Lost(why) => lost(why),
                },
            }));
        }
        Ok(json!({
            "official_amount": optional.listed().to_string(),
            "offers": offers,
            "best": optional.best().map(|best| best.rule.as_str()),
        }))
    })
}

pub(crate) fn reseller_price(input: Members<'_>) -> Answer {
    let decimal = |key| input.optional(key).map(|_| input.decimal(key)).transpose();
    let mode: RowMode = input.parse("mode")?;
    let (ratio, price): (Option<Decimal>, Option<Decimal>) = (decimal("ratio")?, decimal("price")?);
    let mode = ResellerMode::from_row(mode, ratio, price)?;
    let sale = Sale {
        list: input.exact("list")?,
        sold_at: input.optional("sold_at").map(|_| input.exact("sold_at")).transpose()?,
        commission_rate: decimal("commission_rate")?.map(Ratio::new).transpose()?,
    };
    let settled = mode.settle(&sale, input.parse::<Rounding>("rounding")?)?;
    Ok(json!({
        "customer_pays": rounded(settled.customer_pays())?,
        "reseller_pays": settled.reseller_pays().map(rounded).transpose()?,
        "margin": settled.margin().map(rounded).transpose()?,
        "commission": settled.commission().map(rounded).transpose()?,
        "derivation": derivation(settled.derivation()),
    }))
}
