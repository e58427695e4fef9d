//! Values that an answer shows as text, with what they are.

use crate::{
    exact::Exact,
    ipam::{Address, Interval, IpAddress, IpInterval, IpPrefix, IpRange, Prefix, Range, Size},
    money::{Money, Ratio},
    placement::ResourceQuantity,
    time::Instant,
    units::Quantity,
};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use std::{fmt, marker::PhantomData};

/// What a text of an answer is, so that a binding can give the value of its own language.
///
/// ```
/// use counterfoil::wire::{Answer, Scalar, answer};
///
/// let Answer::Record { name: "Parsed", members } = answer("money.parse", r#"{"text": "12.30"}"#)? else { panic!() };
/// assert_eq!(members, [("amount", Answer::Scalar(Scalar::Decimal, "12.30".into()))]);
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scalar {
    /// `12.30`
    Decimal,
    /// `20/31`, or a decimal
    Exact,
    /// A whole number that may be longer than JSON's readers take: `340282366920938463463374607431768211456`
    Integer,
    /// `12.30 CNY`
    Money,
    /// `8 GiB`
    Quantity,
    /// `2024-02-20T08:00:00Z`
    Instant,
    /// `2024-02-20`
    Date,
    /// Without an offset: `2024-03-31T02:30:00`
    ClockTime,
    /// `10.0.0.1`
    Address,
    /// `10.0.0.0/8`, with no bit set behind its length
    Prefix,
    /// From an address to an address, with a length as its label: `10.0.0.0-10.0.0.9/24`
    Range,
    /// From an address to an address
    Interval,
    /// Of a resource of a cluster: `1500m`, `8Gi`
    ResourceQuantity,
}

impl Scalar {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Decimal,
        Self::Exact,
        Self::Integer,
        Self::Money,
        Self::Quantity,
        Self::Instant,
        Self::Date,
        Self::ClockTime,
        Self::Address,
        Self::Prefix,
        Self::Range,
        Self::Interval,
        Self::ResourceQuantity,
    ];

    /// Its name, as `ClockTime`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decimal => "Decimal",
            Self::Exact => "Exact",
            Self::Integer => "Integer",
            Self::Money => "Money",
            Self::Quantity => "Quantity",
            Self::Instant => "Instant",
            Self::Date => "Date",
            Self::ClockTime => "ClockTime",
            Self::Address => "Address",
            Self::Prefix => "Prefix",
            Self::Range => "Range",
            Self::Interval => "Interval",
            Self::ResourceQuantity => "ResourceQuantity",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scalar| scalar.name() == name)
    }
}

/// A value as its text. JSON has the text alone.
pub(super) struct Shown<T> {
    text: String,
    of: PhantomData<T>,
}

impl<T: Scaled> Shown<T> {
    fn written(value: impl fmt::Display) -> Self {
        Self { text: value.to_string(), of: PhantomData }
    }
}

impl<T: Scaled> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(T::SCALAR.name(), &self.text)
    }
}

impl Shown<ResourceQuantity> {
    /// So many of what is counted.
    pub(super) fn count(count: u64) -> Self {
        Self::written(count)
    }
}

/// A type that is a scalar.
pub(super) trait Scaled {
    const SCALAR: Scalar;
}

/// What is shown as a scalar.
pub(super) trait Show {
    type As: Scaled;

    fn shown(&self) -> Shown<Self::As>;
}

macro_rules! scalars {
    ($($type:ty => $scalar:ident;)*) => { $(impl Scaled for $type {
        const SCALAR: Scalar = Scalar::$scalar;
    })* };
}
scalars! {
    Decimal => Decimal;
    Exact => Exact;
    u128 => Integer;
    Money => Money;
    Quantity => Quantity;
    Instant => Instant;
    NaiveDate => Date;
    NaiveDateTime => ClockTime;
    IpAddress => Address;
    IpPrefix => Prefix;
    IpRange => Range;
    IpInterval => Interval;
    ResourceQuantity => ResourceQuantity;
}

macro_rules! shown {
    ($($type:ty => $scalar:ty;)*) => { $(impl Show for $type {
        type As = $scalar;

        fn shown(&self) -> Shown<$scalar> {
            Shown::written(self)
        }
    })* };
}
shown! {
    Decimal => Decimal;
    Ratio => Exact;
    Exact => Exact;
    Quantity => Quantity;
    Instant => Instant;
    NaiveDate => NaiveDate;
    NaiveDateTime => NaiveDateTime;
    ResourceQuantity => ResourceQuantity;
    Size => u128;
    u128 => u128;
    i128 => u128;
    u64 => u128;
    i64 => u128;
    usize => u128;
}

impl Show for Money {
    type As = Self;

    /// As it is read back.
    fn shown(&self) -> Shown<Self> {
        Shown::written(format_args!("{self:#}"))
    }
}

impl<A: Address> Show for Prefix<A> {
    type As = IpPrefix;

    fn shown(&self) -> Shown<IpPrefix> {
        Shown::written(self)
    }
}

impl<A: Address> Show for Range<A> {
    type As = IpRange;

    fn shown(&self) -> Shown<IpRange> {
        Shown::written(self)
    }
}

impl<A: Address> Show for Interval<A> {
    type As = IpInterval;

    fn shown(&self) -> Shown<IpInterval> {
        Shown::written(self)
    }
}

/// An address of one family.
pub(super) fn address<A: Address>(address: A) -> Shown<IpAddress> {
    Shown::written(address)
}
