//! What other libraries print for sets, ranges and lookups (`ip_peers.json`), with each choice of ours named.
//!
//! | op | ours |
//! |---|---|
//! | everywhere | a bare address is the network of that one address; `::192.0.2.0` is read as a spelling of IPv6 |
//! | `aggregate`, `set_…`, `subtract` | members of both families are parted first, IPv4 before IPv6: a set of ours is of one family |
//! | `aggregate_same_family`, `subset_of` | asked of two families at once, `ipam.mixed_families` |
//! | `range_overlaps` | ranges of two families share nothing: asked of each family apart, the answer is no |
//! | `set_contains` | an address with a zone is no address (R-I2), and so in no set |
//! | `set_program` | every step is for the family of its text; a complement is of both |
//! | `range_to_prefixes` | R-I10 |
//! | `lpm` | [`LookupTable`] |
//! | `utilization` | the union of what is used, inside the parent, each address once |

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test: a fault must stop it"
)]

mod shared;

use counterfoil::{
    error::IpamError,
    ipam::{
        Address, Interval, IpInterval, IpPrefix, IpSet, Ipv4, Ipv6, LookupTable, Prefix, Reading, Shapes, Spelling,
    },
};
use serde_json::{Value, json};

const OPS: [(&str, usize); 15] = [
    ("range_to_prefixes", 8),
    ("aggregate", 5),
    ("aggregate_same_family", 1),
    ("set_program", 4),
    ("set_contains", 5),
    ("set_overlaps", 2),
    ("set_union", 2),
    ("set_difference", 1),
    ("set_symdiff", 3),
    ("subtract", 2),
    ("range_overlaps", 4),
    ("subset_of", 1),
    ("overlaps", 1),
    ("lpm", 1),
    ("utilization", 1),
];

const READING: Reading = Reading { shapes: Shapes::Any, spelling: Spelling::Any, ..Reading::STRICT };

/// The members of each family, apart.
#[derive(Debug, Default, PartialEq)]
struct Both {
    v4: IpSet<Ipv4>,
    v6: IpSet<Ipv6>,
}

impl Both {
    fn of(members: &Value) -> Result<Self, IpamError> {
        let mut both = Self::default();
        for member in members.as_array().expect("members") {
            match interval(member)? {
                IpInterval::V4(interval) => both.v4.insert(interval),
                IpInterval::V6(interval) => both.v6.insert(interval),
            }
        }
        Ok(both)
    }

    fn by(
        &self,
        other: &Self,
        v4: fn(&IpSet<Ipv4>, &IpSet<Ipv4>) -> IpSet<Ipv4>,
        v6: fn(&IpSet<Ipv6>, &IpSet<Ipv6>) -> IpSet<Ipv6>,
    ) -> Self {
        Self { v4: v4(&self.v4, &other.v4), v6: v6(&self.v6, &other.v6) }
    }

    fn prefixes(&self) -> Value {
        let v4 = self.v4.cidrs().map(|prefix| prefix.to_string());
        v4.chain(self.v6.cidrs().map(|prefix| prefix.to_string())).collect()
    }

    fn ranges(&self) -> Value {
        let v4 = self.v4.intervals().iter().map(Interval::to_string);
        v4.chain(self.v6.intervals().iter().map(Interval::to_string)).collect()
    }

    /// The set that steps make.
    fn run(steps: &Value) -> Result<Self, IpamError> {
        let mut both = Self::default();
        for step in steps.as_array().expect("steps") {
            let (sign, member) = step.as_str().expect("a step").split_at(1);
            if sign == "!" {
                both = Self { v4: both.v4.complement(), v6: both.v6.complement() };
                continue;
            }
            let other = Self::of(&json!([member]))?;
            both = match sign {
                "+" => both.by(&other, IpSet::union, IpSet::union),
                "-" => both.by(&other, IpSet::difference, IpSet::difference),
                "&" => both.by(&other, IpSet::intersection, IpSet::intersection),
                _ => panic!("{sign}"),
            };
        }
        Ok(both)
    }

    fn overlaps(&self, other: &Self) -> bool {
        !self.v4.is_disjoint(&other.v4) || !self.v6.is_disjoint(&other.v6)
    }
}

fn interval(text: &Value) -> Result<IpInterval, IpamError> {
    READING.read(text.as_str().expect("a text"))
}

#[test]
fn peers() {
    for (op, count) in OPS {
        let Some(cases) = shared::ip_peers(op, count) else { return };
        for case in cases {
            let answer = run(op, &case["input"], &case["expect"]);
            let answer = answer.unwrap_or_else(|error| json!({ "error": class(error.code()) }));
            assert_eq!(answer, case["expect"], "{} {op} {}", case["id"], case["input"]);
        }
    }
}

/// Their coarse class of an error.
fn class(code: &str) -> &str {
    match code {
        "ipam.mixed_families" => "mixed_family",
        "ipam.reversed" => "reversed",
        other => other,
    }
}

fn run(op: &str, input: &Value, expect: &Value) -> Result<Value, IpamError> {
    let both = |key: &str| Both::of(&input[key]);
    Ok(match op {
        "range_to_prefixes" => {
            let range = format!("{}-{}", input["start"].as_str().unwrap(), input["end"].as_str().unwrap());
            Both::of(&json!([range]))?.prefixes()
        }
        "aggregate" => Both::of(input)?.prefixes(),
        "aggregate_same_family" => one_family(input.as_array().unwrap())?,
        "set_program" => {
            let set = Both::run(input)?;
            // Some of them tell the prefixes too.
            let mut answer = json!({ "ranges": set.ranges() });
            if expect.get("prefixes").is_some() {
                answer["prefixes"] = set.prefixes();
            }
            answer
        }
        "set_contains" => match interval(&input["addr"]) {
            Err(error) if error.code() == "ipam.address" => json!(false),
            Err(error) => return Err(error),
            Ok(_) => json!(Both::of(&json!([input["addr"]]))?.overlaps(&both("set")?)),
        },
        "set_overlaps" => json!(Both::run(&input["a"])?.overlaps(&Both::run(&input["b"])?)),
        "range_overlaps" | "overlaps" => {
            let [a, b] = ["a", "b"].map(|key| Both::of(&json!([input[key]])));
            json!(a?.overlaps(&b?))
        }
        "set_union" => both("a")?.by(&both("b")?, IpSet::union, IpSet::union).prefixes(),
        "set_difference" => both("a")?.by(&both("b")?, IpSet::difference, IpSet::difference).prefixes(),
        "set_symdiff" => {
            both("a")?.by(&both("b")?, IpSet::symmetric_difference, IpSet::symmetric_difference).prefixes()
        }
        "subtract" => both("base")?.by(&both("remove")?, IpSet::difference, IpSet::difference).prefixes(),
        "subset_of" => {
            let [a, b] = ["a", "b"].map(|key| READING.read::<IpPrefix>(input[key].as_str().unwrap()));
            match b? {
                IpPrefix::V4(b) => json!(b.covers(Prefix::<Ipv4>::try_from(a?)?)),
                IpPrefix::V6(b) => json!(b.covers(Prefix::<Ipv6>::try_from(a?)?)),
            }
        }
        "lpm" => {
            let table = input["table"].as_array().unwrap();
            let table = table.iter().map(|text| Ok((READING.read(text.as_str().unwrap())?, ())));
            let table = LookupTable::<Ipv4, ()>::new(table.collect::<Result<Vec<_>, IpamError>>()?)?;
            let found = table.longest_match(input["addr"].as_str().unwrap().parse()?);
            json!(found.map(|found| found.prefix().to_string()))
        }
        "utilization" => {
            let (parent, used) = (Both::of(&json!([input["parent"]]))?.v4, both("used")?.v4);
            let used = used.intersection(&parent);
            let [used, size] = [used.size(), parent.size()].map(|size| size.to_u128().unwrap());
            assert_eq!(used * 100 % size, 0, "a whole percent");
            json!({ "percent": used * 100 / size, "used": used.to_string(), "size": size.to_string() })
        }
        _ => panic!("{op}"),
    })
}

/// The aggregate of members that are all of the family of the first.
fn one_family(members: &[Value]) -> Result<Value, IpamError> {
    fn of<A: Address>(members: &[Value]) -> Result<Value, IpamError> {
        let members = members.iter().map(|member| READING.read::<Interval<A>>(member.as_str().unwrap()));
        let set: IpSet<A> = members.collect::<Result<Vec<_>, _>>()?.into_iter().collect();
        Ok(set.cidrs().map(|prefix| prefix.to_string()).collect())
    }
    match interval(&members[0])? {
        IpInterval::V4(_) => of::<Ipv4>(members),
        IpInterval::V6(_) => of::<Ipv6>(members),
    }
}
