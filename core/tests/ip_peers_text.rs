//! The worked cases of other libraries about texts: parsing, numbers, mapped addresses, sizes.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: a fault must stop it, and it reads files"
)]

mod shared;

use counterfoil::{
    error::IpamError,
    ipam::{
        Address, Family, Interval, IpAddress, IpInterval, IpPrefix, IpRange, Ipv4, Ipv6, Mapped, Numbers, Prefix,
        Readable, Reading,
    },
};
use serde_json::Value;

/// Checks what is expected of an input.
type Check = fn(&Value, &Value);

/// The cases of an operation, and how many there are of it.
const OPERATIONS: [(&str, usize, Check); 7] = [
    ("parse_addr", 28, parse_address),
    ("parse_prefix", 16, parse_prefix),
    ("parse_range", 1, parse_range),
    ("addr_from_int", 2, address_of_number),
    ("ipv4_mapped", 1, mapped),
    ("last_addr", 2, last_address),
    ("count", 1, count),
];

#[test]
fn every_case_about_texts() {
    let mut run = 0;
    for (operation, count, check) in OPERATIONS {
        let Some(cases) = shared::ip_peers(operation, count) else { return };
        for case in cases {
            println!("{} {}", case["id"], case["input"]);
            check(&case["input"], &case["expect"]);
            run += 1;
        }
    }
    assert_eq!(run, 51);
}

/// The classes of the cases, and the codes here that are of each.
fn is_of_class(code: &str, class: &str) -> bool {
    let address = ["ipam.address", "ipam.mixed_families", "ipam.beyond_family"];
    let length = ["ipam.length", "ipam.mask"];
    match class {
        "address" => address.contains(&code),
        "netmask" => length.contains(&code),
        "address_or_mask" => address.contains(&code) || length.contains(&code),
        "format" => code == "ipam.format",
        _ => panic!("no class {class}"),
    }
}

/// What is an error there is an error here by every reading.
fn refused<T: Readable + PartialEq + std::fmt::Debug>(text: &str, readings: &[Reading], class: &Value) {
    let class = class.as_str().expect("an error has its class");
    for reading in readings {
        let error = reading.read::<T>(text).expect_err(text);
        assert!(is_of_class(error.code(), class), "`{text}` ({reading}) is {} and not {class}", error.code());
    }
}

fn family(input: &Value) -> Family {
    match input["family"].as_u64() {
        Some(4) => Family::Ipv4,
        Some(6) => Family::Ipv6,
        other => panic!("no family {other:?}"),
    }
}

fn parse_address(input: &Value, expect: &Value) {
    match family(input) {
        Family::Ipv4 => parse_address_in::<Ipv4>(input, expect),
        _ => parse_address_in::<Ipv6>(input, expect),
    }
}

/// The cases spell IPv6 in any way (`0:0:0:0:0:0:0:1`) and refuse a bare number (`1000000000000000`):
/// both are what `LENIENT` chooses, and `STRICT` refuses the former with its canonical text.
fn parse_address_in<A: Address + Readable>(input: &Value, expect: &Value) {
    let text = input["text"].as_str().expect("a text");
    if expect["error"].is_string() {
        return refused::<A>(text, &[Reading::STRICT, Reading::LENIENT], &expect["error"]);
    }
    let address: A = Reading::LENIENT.read(text).expect(text);
    assert_eq!(address.to_string(), expect["canonical"]);
    assert_eq!(address.to_bits().to_string(), expect["int"]);
    match A::parse(text) {
        Ok(strictly) => assert_eq!((strictly, address.to_string().as_str()), (address, text)),
        Err(error) => assert_eq!(error, not_canonical(text, &address.to_string())),
    }
}

fn not_canonical(text: &str, canonical: &str) -> IpamError {
    IpamError::NotCanonical { text: text.to_owned(), canonical: canonical.to_owned() }
}

fn parse_prefix(input: &Value, expect: &Value) {
    match family(input) {
        Family::Ipv4 => parse_prefix_in::<Ipv4>(input, expect),
        _ => parse_prefix_in::<Ipv6>(input, expect),
    }
}

/// `strict` of the cases says that host bits are refused. Where they are not, an address without a length and
/// a mask are read too: that is `LENIENT`. Masks are netmasks or else hostmasks, and of IPv4 only. A zone is
/// read there and never here, so that `::1%scope/pudding` has two faults here: its length is told first.
fn parse_prefix_in<A: Address>(input: &Value, expect: &Value) {
    let text = input["text"].as_str().expect("a text");
    let reading = if input["strict"] == true { Reading::STRICT } else { Reading::LENIENT };
    if expect["error"].is_string() {
        return refused::<Prefix<A>>(text, &[reading], &expect["error"]);
    }
    let prefix: Prefix<A> = reading.read(text).expect(text);
    assert_eq!(prefix.to_string(), expect["canonical"]);
    if let Some(count) = expect["count"].as_str() {
        assert_eq!(prefix.size().to_string(), count);
    }
}

/// There a text without a family; here also in each family.
fn parse_range(input: &Value, expect: &Value) {
    let text = input["text"].as_str().expect("a text");
    let readings = [Reading::STRICT, Reading::LENIENT];
    refused::<IpRange>(text, &readings, &expect["error"]);
    refused::<IpInterval>(text, &readings, &expect["error"]);
    refused::<Interval<Ipv4>>(text, &readings, &expect["error"]);
    refused::<Interval<Ipv6>>(text, &readings, &expect["error"]);
}

/// A number is read where numbers are asked for, and only in a family that is named.
fn address_of_number(input: &Value, expect: &Value) {
    let text = input["int"].as_str().expect("a number");
    let reading = Reading { numbers: Numbers::Read, ..Reading::STRICT };
    let (address, bits) = match family(input) {
        Family::Ipv4 => {
            let address: Ipv4 = reading.read(text).expect(text);
            (address.to_string(), address.to_bits())
        }
        _ => {
            let address: Ipv6 = reading.read(text).expect(text);
            (address.to_string(), address.to_bits())
        }
    };
    assert_eq!(address, expect["canonical"]);
    assert_eq!(bits.to_string(), text);
    assert_eq!(reading.read::<IpAddress>(text).expect_err(text).code(), "ipam.family_unknown");
    assert!(Reading::LENIENT.read::<Ipv4>(text).is_err() && Reading::LENIENT.read::<Ipv6>(text).is_err());
}

/// An IPv4-mapped address is IPv6, and IPv4 where that is asked for.
fn mapped(input: &Value, expect: &Value) {
    let text = input["text"].as_str().expect("a text");
    let kept: IpAddress = Reading::LENIENT.read(text).expect(text);
    assert_eq!(kept.family(), Family::Ipv6);
    let asked: IpAddress = Reading { mapped: Mapped::AsIpv4, ..Reading::LENIENT }.read(text).expect(text);
    assert_eq!((asked.family(), asked.to_string().as_str()), (Family::Ipv4, expect.as_str().expect("an address")));
    let mapped: Ipv6 = Reading::LENIENT.read(text).expect(text);
    assert_eq!(mapped.to_mapped_ipv4().map(IpAddress::from), Some(asked));
}

fn last_address(input: &Value, expect: &Value) {
    let last = match prefix(input) {
        IpPrefix::V4(prefix) => prefix.last().to_string(),
        IpPrefix::V6(prefix) => prefix.last().to_string(),
    };
    assert_eq!(last, expect.as_str().expect("an address"));
}

fn count(input: &Value, expect: &Value) {
    let size = match prefix(input) {
        IpPrefix::V4(prefix) => prefix.size(),
        IpPrefix::V6(prefix) => prefix.size(),
    };
    assert_eq!(size.to_string(), expect.as_str().expect("a count"));
}

fn prefix(input: &Value) -> IpPrefix {
    let text = input["prefix"].as_str().expect("a network");
    text.parse().expect(text)
}
