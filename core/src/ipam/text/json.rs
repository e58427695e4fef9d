//! In serialized form everything is its canonical text, and a length a number. Both are read strictly.

use crate::ipam::{
    Address, Interval, IpAddress, IpInterval, IpPrefix, IpRange, Ipv4, Ipv6, Prefix, PrefixLen, Range, Toy,
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
};
use std::{fmt, marker::PhantomData, str::FromStr};

macro_rules! as_text {
    ($([$($of:tt)*] $name:ty),* $(,)?) => { $(
        impl<$($of)*> Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de, $($of)*> Deserialize<'de> for $name {
            /// Strictly, as its `FromStr`.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text(PhantomData))
            }
        }
    )* };
}
as_text!(
    [] Ipv4, [] Ipv6, [] Toy, [] IpAddress, [] IpPrefix, [] IpInterval, [] IpRange,
    [A: Address] Prefix<A>, [A: Address] Interval<A>, [A: Address] Range<A>,
);

impl<A> Serialize for PrefixLen<A>
where
    A: Address,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.get())
    }
}

impl<'de, A: Address> Deserialize<'de> for PrefixLen<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(u8::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

struct Text<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address or a range as text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
