use super::by_family;
use crate::input::{Answer, Fault, Members, all, choice, number, shape, text, texts};
use counterfoil::ipam::{
    Address, Answer as Fit, Interval, Placement, Pool, Range, Request, Size,
    rfc3531::{Order, Sequence},
};
use serde_json::{Value, json};

pub(crate) fn allocate(input: Members<'_>) -> Answer {
    by_family!(first_text(input)?, allocate_in(input))
}

pub(crate) fn try_out(input: Members<'_>) -> Answer {
    by_family!(first_text(input)?, try_out_in(input))
}

pub(crate) fn summary(input: Members<'_>) -> Answer {
    by_family!(first_text(input)?, summary_in(input))
}

pub(crate) fn first_host(input: Members<'_>) -> Answer {
    by_family!(first_text(input)?, first_host_in(input))
}

pub(crate) fn rfc3531(input: Members<'_>) -> Answer {
    let sequence = Sequence::new(input.parse::<Order>("order")?, input.number("bits")?)?;
    let from: Size = input.parse("from")?;
    let take: u16 = input.number("take")?;
    let numbers = from.to_u128().map(|from| sequence.starting_at(from).take(take.into()));
    Ok(json!({
        "count": sequence.count().to_string(),
        "numbers": texts(&numbers.into_iter().flatten().collect::<Vec<u128>>()),
    }))
}

fn allocate_in<A: Address>(input: Members<'_>) -> Answer {
    let (pool, requests, placement) = asked::<A>(input)?;
    let allocation = pool.allocate(&requests, &placement)?;
    Ok(json!({ "blocks": texts(allocation.blocks()), "free": texts(allocation.after().free()) }))
}

fn try_out_in<A: Address>(input: Members<'_>) -> Answer {
    let (pool, requests, placement) = asked::<A>(input)?;
    Ok(match pool.try_out(&requests, &placement)? {
        Fit::Fits(allocation) => json!({
            "fits": true,
            "blocks": texts(allocation.blocks()),
            "free": texts(allocation.after().free()),
        }),
        Fit::Lacks(lacks) => json!({
            "fits": false,
            "length": lacks.length.get(),
            "asked": lacks.asked,
            "available": lacks.available,
        }),
    })
}

fn summary_in<A: Address>(input: Members<'_>) -> Answer {
    let pool = pool::<A>(input)?;
    let summary = pool.summary();
    let by_length = summary
        .by_length
        .iter()
        .map(|of| json!({ "length": of.length.get(), "networks": of.networks, "fit": of.fit.to_string() }));
    Ok(json!({
        "network": pool.network().to_string(),
        "addresses": summary.addresses.to_string(),
        "intervals": summary.intervals,
        "largest": summary.largest.map(|length| length.get()),
        "by_length": by_length.collect::<Vec<_>>(),
    }))
}

fn first_host_in<A: Address>(input: Members<'_>) -> Answer {
    let pool = pool::<A>(input)?;
    let host = pool.first_host(input.parse("hosts")?);
    Ok(json!({ "address": host.map(|address| address.to_string()) }))
}

/// The first text of the pool, which says what family a call is of.
fn first_text(input: Members<'_>) -> Result<&str, Fault> {
    match choice(input.value("pool")?)? {
        ("within", of) => Members::any(of)?.text("range"),
        (_, free) => free.as_array().and_then(|free| free.first()).map_or(Ok(""), text),
    }
}

fn pool<A: Address>(input: Members<'_>) -> Result<Pool<A>, Fault> {
    match choice(input.value("pool")?)? {
        ("within", of) => {
            let of = Members::of(of, &["range", "used"])?;
            Ok(Pool::within_range(of.parse("range")?, all(of.list("used")?, interval)?))
        }
        ("free", free) => Ok(Pool::of_free(all(crate::input::list(free)?, interval)?)),
        (other, _) => shape(format!("no pool is {other}")),
    }
}

/// What is there, what is asked of it, and how it is chosen.
type Asked<A> = (Pool<A>, Vec<Request<A>>, Placement<A>);

fn asked<A: Address>(input: Members<'_>) -> Result<Asked<A>, Fault> {
    let pool = pool(input)?;
    let request = |value: &Value| match choice(value)? {
        ("length", length) => Ok(Request::Any(number::<u8>(length)?.try_into()?)),
        ("block", block) => Ok(Request::Pinned(text(block)?.parse()?)),
        (other, _) => shape(format!("no request is {other}")),
    };
    let requests = all(input.list("requests")?, request)?;
    let intervals = |key: &str| -> Result<Vec<Interval<A>>, Fault> {
        input.optional(key).map_or(Ok(Vec::new()), |blocks| all(crate::input::list(blocks)?, interval))
    };
    let placement =
        Placement::by(input.parse("policy")?).preferring(intervals("prefer")?).avoiding(intervals("avoid")?);
    Ok((pool, requests, placement))
}

fn interval<A: Address>(value: &Value) -> Result<Interval<A>, Fault> {
    let text = text(value)?;
    if text.contains('/') {
        return Ok(text.parse::<Range<A>>()?.interval());
    }
    Ok(if text.contains('-') { text.parse()? } else { Interval::of(A::parse(text)?) })
}
