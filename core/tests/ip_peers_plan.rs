//! What other libraries and tools print for splits, allocations and orders (`ip_peers.json`), with each choice of ours named.
//!
//! | op | ours |
//! |---|---|
//! | `split`, `split_summary`, `nth_subnet` | R-I3; a length that is shorter than the network's is `ipam.shorter_than_label`, one beyond W `ipam.length` |
//! | `next_prefix` | the network of the same length that begins after the last address; it never wraps |
//! | `supernet`, `supernet_chain` | R-I1; a chain goes from the shortest length to one less than the network's own |
//! | `vlsm` | R-I7 with [`Policy::Leftmost`]: from the large to the small, answered in the order of the requests |
//! | `allocate_n` | R-I7 with [`Policy::Leftmost`] |
//! | `first_free_host` | [`Hosts::Usable`]: the network's own address and its broadcast address are no hosts |
//! | `plan_disjoint_within` | pinned requests: blocks that share addresses are `ipam.pinned_twice`, one outside is `ipam.pinned_taken` |
//! | `rfc3531`, `rfc3531_first` | RFC 3531; its centermost order counts in the bits as they are chosen |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unreachable,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]
#![allow(clippy::disallowed_methods, reason = "what stands beside the project is read as files")]

mod shared;

use counterfoil::{
    error::IpamError,
    ipam::{
        Address, Hosts, Interval, Ipv4, Ipv6, Placement, Policy, Pool, Prefix, PrefixLen, Range, Request,
        rfc3531::{Order, Sequence},
    },
};
use serde_json::{Value, json};

const OPS: [(&str, usize); 12] = [
    ("split", 3),
    ("split_summary", 1),
    ("nth_subnet", 3),
    ("next_prefix", 1),
    ("supernet", 1),
    ("supernet_chain", 2),
    ("vlsm", 1),
    ("allocate_n", 1),
    ("first_free_host", 1),
    ("plan_disjoint_within", 1),
    ("rfc3531", 1),
    ("rfc3531_first", 1),
];

type Answered = Result<Value, IpamError>;

#[test]
fn peers() {
    for (op, count) in OPS {
        let Some(cases) = shared::ip_peers(op, count) else { return };
        for case in cases {
            let input = &case["input"];
            let texts = ["prefix", "parent"].into_iter().find_map(|key| input[key].as_str());
            let text = texts.or_else(|| input["free"][0].as_str()).unwrap_or_default();
            let answer = if text.contains(':') { run::<Ipv6>(op, input) } else { run::<Ipv4>(op, input) };
            let answer = answer.unwrap_or_else(|error| json!({ "error": class(error.code()) }));
            assert_eq!(answer, case["expect"], "{} {op} {input}", case["id"]);
        }
    }
}

/// The coarse classes of the file.
fn class(code: &str) -> &str {
    match code {
        "ipam.length" => "prefix_len",
        "ipam.shorter_than_label" => "shorter",
        "ipam.pinned_twice" => "overlap",
        other => other,
    }
}

fn run<A: Address>(op: &str, input: &Value) -> Answered {
    let prefix = |key: &str| -> Result<Prefix<A>, IpamError> { input[key].as_str().expect(key).parse() };
    let bits = |key: &str| -> u8 { input[key].as_u64().expect(key).try_into().expect("a length") };
    Ok(match op {
        "split" => {
            let pieces = Range::from(prefix("prefix")?).split(length(bits("new_len"))?)?;
            json!(pieces.map(|piece| piece.to_string()).collect::<Vec<_>>())
        }
        "split_summary" => {
            let pieces = Range::from(prefix("prefix")?).split(length(bits("new_len"))?)?;
            let last: Vec<String> = pieces.clone().rev().take(3).map(|piece| piece.to_string()).collect();
            json!({
                "count": pieces.pieces().to_string(),
                "first": pieces.take(3).map(|piece| piece.to_string()).collect::<Vec<_>>(),
                "last": last.into_iter().rev().collect::<Vec<_>>(),
            })
        }
        "nth_subnet" => {
            let prefix = prefix("prefix")?;
            let new = length(prefix.length().get() + bits("newbits"))?;
            let index = input["index"].as_str().expect("index").parse().expect("a number");
            let piece = Range::from(prefix).split(new)?.piece(index);
            json!(piece.map(|piece| piece.to_string()))
        }
        "next_prefix" => {
            let prefix = prefix("prefix")?;
            let next = prefix.last().next().map(|first| Prefix::containing(first, prefix.length()).to_string());
            json!({ "prefix": next, "wrapped": false })
        }
        "supernet" => json!(prefix("prefix")?.supernet(length(bits("new_len"))?)?.to_string()),
        "supernet_chain" => {
            let prefix = prefix("prefix")?;
            let lengths = bits("to")..prefix.length().get();
            let chain: Result<Vec<String>, IpamError> =
                lengths.map(|bits| Ok(prefix.supernet(length(bits)?)?.to_string())).collect();
            json!(chain?)
        }
        "vlsm" => {
            let lens = input["lens"].as_array().expect("lens").iter();
            let requests: Result<Vec<Request<A>>, IpamError> = lens
                .map(|bits| Ok(Request::Any(length(bits.as_u64().expect("bits").try_into().expect("a length"))?)))
                .collect();
            let pool = Pool::within(prefix("prefix")?, []);
            let allocation = pool.allocate(&requests?, &Placement::by(Policy::Leftmost))?;
            json!(allocation.blocks().iter().map(Prefix::to_string).collect::<Vec<_>>())
        }
        "allocate_n" => {
            let free: Result<Vec<Interval<A>>, IpamError> = texts(&input["free"]).map(interval).collect();
            let requests = vec![Request::Any(length(bits("len"))?); bits("n").into()];
            let allocation = Pool::of_free(free?).allocate(&requests, &Placement::by(Policy::Leftmost))?;
            json!({
                "got": allocation.blocks().iter().map(Prefix::to_string).collect::<Vec<_>>(),
                "free": allocation.after().free().iter().map(Interval::to_string).collect::<Vec<_>>(),
            })
        }
        "first_free_host" => {
            let used: Result<Vec<Interval<A>>, IpamError> = texts(&input["used"]).map(interval).collect();
            let host = Pool::within(prefix("parent")?, used?).first_host(Hosts::Usable);
            json!(host.map(|host| host.to_string()))
        }
        "plan_disjoint_within" => {
            let children: Result<Vec<Request<A>>, IpamError> =
                texts(&input["children"]).map(|child| Ok(Request::Pinned(child.parse()?))).collect();
            let pool = Pool::within(prefix("parent")?, []);
            pool.allocate(&children?, &Placement::by(Policy::Leftmost))?;
            json!(true)
        }
        "rfc3531" | "rfc3531_first" => {
            let order: Order = input["mode"].as_str().expect("mode").parse()?;
            json!(Sequence::new(order, bits("bits"))?.iter().take(16).collect::<Vec<u128>>())
        }
        other => unreachable!("{other}"),
    })
}

fn length<A: Address>(bits: u8) -> Result<PrefixLen<A>, IpamError> {
    PrefixLen::new(bits)
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("text"))
}

fn interval<A: Address>(text: &str) -> Result<Interval<A>, IpamError> {
    if text.contains('/') { text.parse::<Prefix<A>>().map(Prefix::interval) } else { A::parse(text).map(Interval::of) }
}
