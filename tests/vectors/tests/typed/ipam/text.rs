use crate::input::{Answer, Fault, Members, all, number, shape};
use counterfoil::{
    error::{IpamError, Language},
    ipam::{
        Address, Family, Hexadecimal, Interval, IpAddress, IpInterval, IpPrefix, IpRange, Ipv4, Ipv6, Prefix, Range,
        Readable, Reading,
        bulk::{Sorted, lines},
    },
};
use serde_json::{Map, Value, json};

pub(crate) fn parse(input: Members<'_>) -> Answer {
    let reading = reading(input)?;
    let kind = kind(input)?;
    let text = input.text("text")?;
    Ok(match (input.parse_optional::<Family>("family")?, kind) {
        (Some(Family::Ipv6), kind) => parse_in::<Ipv6>(reading, kind, text)?,
        (Some(_), kind) => parse_in::<Ipv4>(reading, kind, text)?,
        (None, "address") => address(reading.read(text)?),
        (None, "network") => match reading.read(text)? {
            IpPrefix::V4(prefix) => range(prefix.into()),
            IpPrefix::V6(prefix) => range(prefix.into()),
        },
        (None, "interval") => match reading.read(text)? {
            IpInterval::V4(of) => interval(of.to_string(), of),
            IpInterval::V6(of) => interval(of.to_string(), of),
        },
        (None, _) => match reading.read(text)? {
            IpRange::V4(of) => range(of),
            IpRange::V6(of) => range(of),
        },
    })
}

fn parse_in<A: Address + Readable>(reading: Reading, kind: &str, text: &str) -> Answer {
    Ok(match kind {
        "address" => {
            let address: A = reading.read(text)?;
            interval(address.to_string(), Interval::of(address))
        }
        "network" => range(reading.read::<Prefix<A>>(text)?.into()),
        "interval" => {
            let of: Interval<A> = reading.read(text)?;
            interval(of.to_string(), of)
        }
        _ => range(reading.read::<Range<A>>(text)?),
    })
}

pub(crate) fn parse_bytes(input: Members<'_>) -> Answer {
    Ok(address(IpAddress::of_bytes(&all(input.list("bytes")?, number::<u8>)?)?))
}

pub(crate) fn read_block(input: Members<'_>) -> Answer {
    match input.parse::<Family>("family")? {
        Family::Ipv6 => read_block_in::<Ipv6>(input),
        _ => read_block_in::<Ipv4>(input),
    }
}

fn read_block_in<A: Address + Readable>(input: Members<'_>) -> Answer {
    match kind(input)? {
        "address" => block::<A>(input),
        "network" => block::<Prefix<A>>(input),
        "interval" => block::<Interval<A>>(input),
        _ => block::<Range<A>>(input),
    }
}

fn block<T: Readable>(input: Members<'_>) -> Answer {
    let most_faults = input.optional("most_faults").map(number::<i64>).transpose()?.unwrap_or(100);
    let Ok(most_faults) = usize::try_from(most_faults) else { return shape("no count of faults") };
    let read: Sorted<T> = Sorted::of(lines(input.text("block")?, reading(input)?), most_faults);
    let faults = read.faults.iter().map(|fault| {
        json!({ "line": fault.at, "error": {
            "code": fault.error.code(),
            "message": fault.error.message(Language::English),
            "message_zh": fault.error.message(Language::Chinese),
            "details": fault.error.details().into_iter().map(|(name, fact)| (name.to_owned(), fact.into())).collect::<Map<String, Value>>(),
        } })
    });
    Ok(json!({
        "rows": read.good.iter().map(T::to_string).collect::<Vec<_>>(),
        "fault_count": read.fault_count,
        "faults": faults.collect::<Vec<_>>(),
    }))
}

fn reading(input: Members<'_>) -> Result<Reading, Fault> {
    Ok(input.parse_optional("reading")?.unwrap_or(Reading::STRICT))
}

fn kind(input: Members<'_>) -> Result<&str, Fault> {
    let kind = input.text("as")?;
    if ["address", "network", "interval", "range"].contains(&kind) {
        return Ok(kind);
    }
    let known = "address, network, interval, range";
    Err(IpamError::UnknownWord { what: "kind", text: kind.to_owned(), known }.into())
}

fn address(address: IpAddress) -> Value {
    match address {
        IpAddress::V4(of) => interval(of.to_string(), Interval::of(of)),
        IpAddress::V6(of) => interval(of.to_string(), Interval::of(of)),
    }
}

fn interval<A: Address>(text: String, interval: Interval<A>) -> Value {
    let end = |end: A| {
        let mut shown = json!({
            "text": end.to_string(),
            "number": end.to_bits().to_string(),
            "hexadecimal": Hexadecimal(end).to_string(),
        });
        if A::FAMILY == Family::Ipv6
            && let Some(ipv4) = Ipv6::new(end.to_bits()).to_mapped_ipv4()
        {
            shown["mapped_ipv4"] = ipv4.to_string().into();
        }
        shown
    };
    json!({
        "text": text,
        "family": A::FAMILY.name(),
        "first": end(interval.first()),
        "last": end(interval.last()),
        "size": interval.size().to_string(),
    })
}

fn range<A: Address>(range: Range<A>) -> Value {
    let mut shown = interval(range.to_string(), range.interval());
    shown["length"] = range.length().get().into();
    if A::FAMILY == Family::Ipv4 {
        shown["netmask"] = range.length().netmask().to_string().into();
        shown["hostmask"] = range.length().hostmask().to_string().into();
    }
    shown
}
