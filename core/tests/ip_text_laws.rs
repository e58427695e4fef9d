//! Laws of texts (R-I2): what is written is what is read, in both families and the toy one; nothing that
//! comes in stops a reader; and the pass over canonical text agrees with slow, obvious models.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: a fault must stop it"
)]

use counterfoil::{
    error::IpamError,
    ipam::{
        Address, Hexadecimal, HostBits, Interval, IpAddress, IpInterval, IpPrefix, IpRange, Ipv4, Ipv6, Mapped, Masks,
        Numbers, Prefix, PrefixLen, Range, Readable, Reading, Shapes, Spaces, Spelling, Toy, address_of_bytes,
        bulk::{Ends, Fault, Labelled, Line, Networks, Sorted, Word, lines, texts, write_lines},
    },
};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fmt::Debug,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// Numbers of a width with stretches of zeros and ones, and both ends of the space.
fn bits(width: u8) -> impl Strategy<Value = u128> {
    let most = u128::MAX >> (128 - width);
    let masked = (any::<u128>(), 0..8_u32, 0..8_u32).prop_map(|(bits, from, to)| {
        let (from, to) = (from.min(to) * 16, from.max(to) * 16);
        bits & !(u128::MAX.checked_shr(from).unwrap_or(0) & u128::MAX.checked_shl(128 - to).unwrap_or(0))
    });
    let mapped = any::<u32>().prop_map(|bits| 0xffff_0000_0000 | u128::from(bits));
    prop_oneof![4 => masked, 1 => any::<u128>(), 1 => mapped, 1 => Just(0), 1 => Just(u128::MAX), 1 => 0..300_u128]
        .prop_map(move |bits| bits & most)
}

fn address<A: Address>() -> impl Strategy<Value = A> {
    bits(A::WIDTH).prop_map(|bits| A::from_bits(bits).unwrap())
}

fn length<A: Address>() -> impl Strategy<Value = PrefixLen<A>> {
    (0..=A::WIDTH).prop_map(|bits| PrefixLen::new(bits).unwrap())
}

fn prefix<A: Address>() -> impl Strategy<Value = Prefix<A>> {
    (address(), length()).prop_map(|(address, length)| Prefix::containing(address, length))
}

fn interval<A: Address>() -> impl Strategy<Value = Interval<A>> {
    (address::<A>(), address::<A>()).prop_map(|(a, b)| Interval::new(a.min(b), a.max(b)).unwrap())
}

fn range<A: Address>() -> impl Strategy<Value = Range<A>> {
    prop_oneof![
        prefix().prop_map(Range::from),
        (prefix::<A>(), interval())
            .prop_map(|(network, to)| Range::clipped(network, to).unwrap_or_else(|| Range::from(network))),
        interval::<A>().prop_map(|interval| Range::new(interval, interval.tightest_length()).unwrap()),
    ]
}

fn reading() -> impl Strategy<Value = Reading> {
    (0..192_usize).prop_map(|number| {
        let mut number = number;
        let mut digit = |of: usize| {
            let digit = number % of;
            number /= of;
            digit
        };
        Reading {
            spelling: Spelling::ALL[digit(2)],
            spaces: Spaces::ALL[digit(2)],
            shapes: Shapes::ALL[digit(2)],
            host_bits: HostBits::ALL[digit(2)],
            masks: Masks::ALL[digit(3)],
            numbers: Numbers::ALL[digit(2)],
            mapped: Mapped::ALL[digit(2)],
        }
    })
}

/// Texts near those of both families, as people mistype them.
fn near_text() -> impl Strategy<Value = String> {
    let valid = prop_oneof![
        address::<Ipv4>().prop_map(|value| value.to_string()),
        address::<Ipv6>().prop_map(|value| value.to_string()),
        address::<Ipv6>().prop_map(|value| value.to_string().to_uppercase()),
        address::<Ipv6>().prop_map(|value| {
            let groups = Ipv6Addr::from(value).segments();
            groups.map(|group| format!("{group:04x}")).join(":")
        }),
        prefix::<Ipv4>().prop_map(|value| value.to_string()),
        prefix::<Ipv6>().prop_map(|value| value.to_string()),
        interval::<Ipv4>().prop_map(|value| value.to_string()),
        interval::<Ipv6>().prop_map(|value| value.to_string()),
        range::<Ipv4>().prop_map(|value| value.to_string()),
        range::<Ipv6>().prop_map(|value| value.to_string()),
        prefix::<Ipv4>().prop_map(|value| format!("{}/{}", value.first(), value.length().netmask())),
        prefix::<Ipv4>().prop_map(|value| format!("{}/{}", value.first(), value.length().hostmask())),
        address::<Ipv4>().prop_map(|value| Hexadecimal(value).to_string()),
        address::<Ipv6>().prop_map(|value| value.to_bits().to_string()),
    ];
    let change =
        (any::<prop::sample::Index>(), 0..3_u8, prop::sample::select(b"0123456789afFx:.-/%+ \t#\r\n".as_slice()));
    (valid, prop::collection::vec(change, 0..4)).prop_map(|(text, changes)| {
        let mut text = text.into_bytes();
        for (place, kind, byte) in changes {
            let place = place.index(text.len() + 1);
            match kind {
                0 => text.insert(place, byte),
                1 if place < text.len() => text[place] = byte,
                _ if place < text.len() => drop(text.remove(place)),
                _ => {}
            }
        }
        String::from_utf8(text).unwrap()
    })
}

/// Everything that is read from a text.
fn read_all(reading: Reading, text: &str) -> Vec<Result<String, IpamError>> {
    fn one<T: Readable>(reading: Reading, text: &str) -> Result<String, IpamError> {
        reading.read::<T>(text).map(|value| value.to_string())
    }
    fn family<A: Address + Readable>(reading: Reading, text: &str) -> Vec<Result<String, IpamError>> {
        vec![
            one::<A>(reading, text),
            one::<PrefixLen<A>>(reading, text),
            one::<Prefix<A>>(reading, text),
            one::<Interval<A>>(reading, text),
            one::<Range<A>>(reading, text),
        ]
    }
    let mut all = vec![
        one::<IpAddress>(reading, text),
        one::<IpPrefix>(reading, text),
        one::<IpInterval>(reading, text),
        one::<IpRange>(reading, text),
    ];
    all.extend(family::<Ipv4>(reading, text));
    all.extend(family::<Ipv6>(reading, text));
    all.extend(family::<Toy>(reading, text));
    all
}

/// What is written is what is read, by every writer and every reader.
fn is_read_as_written<T>(value: T, reading: Reading) -> Result<(), TestCaseError>
where
    T: Readable + Copy + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let text = value.to_string();
    prop_assert_eq!(Reading::STRICT.read::<T>(&text), Ok(value));
    prop_assert_eq!(Reading { mapped: Mapped::KeepIpv6, ..reading }.read::<T>(&text), Ok(value), "{}", reading);
    let mut line = String::new();
    write_lines([value], &mut line);
    prop_assert_eq!(line.strip_suffix('\n'), Some(text.as_str()));
    let json = serde_json::to_string(&value).unwrap();
    prop_assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
    Ok(())
}

macro_rules! read_as_written {
    ($($test:ident: $address:ty;)*) => { proptest! { $(
        #[test]
        fn $test(
            one in address::<$address>(),
            length in length::<$address>(),
            prefix in prefix::<$address>(),
            interval in interval::<$address>(),
            range in range::<$address>(),
            reading in reading(),
        ) {
            is_read_as_written(one, reading)?;
            is_read_as_written(length, reading)?;
            is_read_as_written(prefix, reading)?;
            is_read_as_written(interval, reading)?;
            is_read_as_written(range, reading)?;
            let numbers = Reading { numbers: Numbers::Read, ..Reading::STRICT };
            prop_assert_eq!(numbers.read::<$address>(&Hexadecimal(one).to_string()), Ok(one));
            prop_assert_eq!(numbers.read::<$address>(&one.to_bits().to_string()), Ok(one));
            let width = usize::from(<$address>::WIDTH / 8);
            let bytes = &one.to_bits().to_be_bytes()[16 - width..];
            prop_assert_eq!(address_of_bytes::<$address>(bytes), Ok(one));
            prop_assert_eq!(address_of_bytes::<$address>(&bytes[1..]).unwrap_err().code(), "ipam.byte_count");
            prop_assert_eq!(PrefixLen::of_mask(length.netmask()), Ok(length));
        }
    )* } };
}
read_as_written! {
    ipv4_is_read_as_written: Ipv4;
    ipv6_is_read_as_written: Ipv6;
    toy_is_read_as_written: Toy;
}

proptest! {
    #[test]
    fn either_family_is_read_as_written(
        four in (address::<Ipv4>(), prefix::<Ipv4>(), interval::<Ipv4>(), range::<Ipv4>()),
        six in (address::<Ipv6>(), prefix::<Ipv6>(), interval::<Ipv6>(), range::<Ipv6>()),
        reading in reading(),
    ) {
        for address in [IpAddress::from(four.0), six.0.into()] {
            is_read_as_written(address, reading)?;
            prop_assert_eq!(IpAddress::from(IpAddr::from(address)), address);
        }
        for prefix in [IpPrefix::from(four.1), six.1.into()] {
            is_read_as_written(prefix, reading)?;
            prop_assert_eq!(IpPrefix::try_from(IpNet::from(prefix)), Ok(prefix));
        }
        for interval in [IpInterval::from(four.2), six.2.into()] {
            is_read_as_written(interval, reading)?;
        }
        for range in [IpRange::from(four.3), six.3.into()] {
            is_read_as_written(range, reading)?;
        }
    }

    #[test]
    fn a_net_with_host_bits_is_refused(address in address::<Ipv4>(), length in length::<Ipv4>(), six in address::<Ipv6>(), of_six in length::<Ipv6>()) {
        let net = Ipv4Net::new(address.into(), length.get()).unwrap();
        let wanted = Prefix::new(address, length);
        prop_assert_eq!(Prefix::<Ipv4>::try_from(net), wanted.clone());
        prop_assert_eq!(IpPrefix::try_from(IpNet::V4(net)), wanted.map(IpPrefix::V4));
        prop_assert_eq!(Ok(Ipv4Net::from(Prefix::containing(address, length))), Ok::<_, ()>(net.trunc()));
        let net = Ipv6Net::new(six.into(), of_six.get()).unwrap();
        prop_assert_eq!(Prefix::<Ipv6>::try_from(net), Prefix::new(six, of_six));
        prop_assert_eq!(Ipv6Net::from(Prefix::containing(six, of_six)), net.trunc());
    }

    #[test]
    fn nothing_stops_a_reader(bytes in prop::collection::vec(any::<u8>(), 0..60), near in near_text(), reading in reading()) {
        for text in [String::from_utf8_lossy(&bytes).into_owned(), near] {
            for read in read_all(reading, &text) {
                if let Err(error) = read {
                    prop_assert!(!error.to_string().is_empty() && error.code().starts_with("ipam."));
                }
            }
        }
        prop_assert!(lines::<IpRange>(&bytes, reading).count() <= bytes.len());
    }

    /// What is read strictly is read by every reading that leaves mapped addresses alone, as the same.
    #[test]
    fn strict_is_part_of_lenient(text in near_text(), reading in reading()) {
        let reading = Reading { mapped: Mapped::KeepIpv6, ..reading };
        for (strict, lenient) in read_all(Reading::STRICT, &text).into_iter().zip(read_all(reading, &text)) {
            if strict.is_ok() {
                prop_assert_eq!(strict, lenient);
            }
        }
    }

    /// What is allowed can only make more texts readable, never read one otherwise.
    #[test]
    fn a_laxer_choice_reads_no_text_otherwise(text in near_text(), reading in reading()) {
        let laxer = [
            Reading { spelling: Spelling::Any, ..reading },
            Reading { spaces: Spaces::Trim, ..reading },
            Reading { shapes: Shapes::Any, ..reading },
            Reading { host_bits: HostBits::Clear, ..reading },
            Reading { masks: Masks::NetmaskOrHostmask, ..reading },
            Reading { numbers: Numbers::Read, ..reading },
        ];
        for laxer in laxer {
            for (strict, lax) in read_all(reading, &text).into_iter().zip(read_all(laxer, &text)) {
                if strict.is_ok() {
                    prop_assert_eq!(strict, lax, "{} and {}", reading, laxer);
                }
            }
        }
    }

    /// The standard library's parsers, and its text for canonical.
    #[test]
    fn addresses_agree_with_the_standard_library(text in near_text(), any_text in "[0-9a-fA-F:.]{0,20}") {
        for text in [text, any_text] {
            let four = text.parse::<Ipv4Addr>().ok();
            prop_assert_eq!(Ipv4::parse(&text).ok(), four.map(Ipv4::from), "{}", text);
            let six = text.parse::<Ipv6Addr>().ok();
            let canonical = six.filter(|address| address.to_string() == text);
            let strictly = Ipv6::parse(&text);
            prop_assert_eq!(strictly.as_ref().ok().copied(), canonical.map(Ipv6::from), "{}", text);
            prop_assert_eq!(Reading { spelling: Spelling::Any, ..Reading::STRICT }.read(&text).ok(), six.map(Ipv6::from));
            if let (Err(error), Some(address)) = (strictly, six) {
                let canonical = address.to_string();
                prop_assert_eq!(error, IpamError::NotCanonical { text, canonical });
            }
        }
    }

    /// A prefix is an address, a `/` and digits, with no host bits: by the standard library and by hand.
    #[test]
    fn prefixes_agree_with_a_model(text in near_text()) {
        let model = text.split_once('/').and_then(|(address, length)| {
            let address: Ipv4Addr = address.parse().ok()?;
            let bits: u8 = length.parse().ok().filter(|bits: &u8| *bits <= 32 && bits.to_string() == length)?;
            let hosts = u32::MAX.checked_shr(bits.into()).unwrap_or(0);
            (address.to_bits() & hosts == 0).then(|| Ipv4Net::new(address, bits).unwrap())
        });
        prop_assert_eq!(text.parse::<Prefix<Ipv4>>().ok().map(Ipv4Net::from), model, "{}", text);
    }

    /// A block is its lines, one by one.
    #[test]
    fn a_block_is_its_lines(
        texts in prop::collection::vec(prop_oneof![3 => near_text(), 1 => "[ \t]*(#.*)?", 1 => "[ \t]{1,2}10\\.0\\.0\\.0/8[ \t]*(#.*)?"], 0..12),
        carriage in any::<bool>(),
        ends in any::<bool>(),
        reading in reading(),
        most in 0..4_usize,
    ) {
        let end = if carriage { "\r\n" } else { "\n" };
        let block = texts.join(end) + if ends { end } else { "" };
        fn check<T: Readable + Debug + PartialEq + Clone>(block: &str, reading: Reading, most: usize) -> Result<(), TestCaseError> {
            let said = |line: &str| line.split('#').next().unwrap().trim_ascii().to_owned();
            let model: Vec<Line<T>> = (1..).zip(block.split('\n')).map(|(at, line)| (at, said(line)))
                .filter(|(_, text)| !text.is_empty())
                .map(|(at, text)| Line { at, value: reading.read(&text) })
                .collect();
            let read: Vec<Line<T>> = lines(block, reading).collect();
            prop_assert_eq!(&read, &model);
            let sorted = Sorted::of(read, most);
            let good: Vec<T> = model.iter().filter_map(|line| line.value.clone().ok()).collect();
            let faults: Vec<Fault> = model.iter()
                .filter_map(|line| Some(Fault { at: line.at, error: line.value.clone().err()? })).collect();
            prop_assert_eq!(sorted.good, good);
            prop_assert_eq!(sorted.fault_count, faults.len());
            prop_assert_eq!(&sorted.faults[..], &faults[..faults.len().min(most)]);
            Ok(())
        }
        check::<Prefix<Ipv4>>(&block, reading, most)?;
        check::<Range<Ipv6>>(&block, reading, most)?;
        check::<IpInterval>(&block, reading, most)?;
        check::<Ipv4>(&block, reading, most)?;
    }

    /// Texts that a program put together are read as each is by itself.
    #[test]
    fn texts_are_read_as_they_are(
        each in prop::collection::vec(prop_oneof![3 => near_text(), 1 => "[ \t]?(10\\.0\\.0\\.0/8)?[ \t\r]?(#.*)?"], 0..12),
        reading in reading(),
    ) {
        fn check<T: Readable + Debug + PartialEq + Clone>(each: &[String], reading: Reading) -> Result<(), TestCaseError> {
            let block: String = each.iter().map(|text| format!("{text}\n")).collect();
            let model: Vec<Line<T>> =
                (1..).zip(each).map(|(at, text)| Line { at, value: reading.read(text) }).collect();
            prop_assert_eq!(texts(&block, reading).collect::<Vec<Line<T>>>(), model);
            Ok(())
        }
        let each: Vec<String> = each.into_iter().filter(|text| !text.contains('\n')).collect();
        check::<Prefix<Ipv4>>(&each, reading)?;
        check::<Range<Ipv6>>(&each, reading)?;
        check::<IpRange>(&each, reading)?;
    }

    #[test]
    fn columns_keep_every_row(
        four in prop::collection::vec((address::<Ipv4>(), address::<Ipv4>(), 0..40_u8), 0..20),
        six in prop::collection::vec((address::<Ipv6>(), address::<Ipv6>(), 0..140_u8), 0..20),
    ) {
        columns::<u32>(&four)?;
        columns::<[u8; 4]>(&four)?;
        columns::<u128>(&six)?;
        columns::<[u8; 16]>(&six)?;
    }
}

/// Columns of any rows say of each what its parts say, and those of good rows are read as they were.
fn columns<W: Word + Debug + PartialEq>(rows: &[(W::Address, W::Address, u8)]) -> Result<(), TestCaseError> {
    let first: Vec<W> = rows.iter().map(|row| W::of(row.0)).collect();
    let last: Vec<W> = rows.iter().map(|row| W::of(row.1)).collect();
    let length: Vec<u8> = rows.iter().map(|row| row.2).collect();

    let table = Ends { first: &first[..], last: &last[..] };
    let ends: Vec<_> = table.rows::<W>().unwrap().collect();
    let model = rows.iter().map(|row| Interval::new(row.0, row.1));
    prop_assert_eq!(&ends, &model.enumerate().map(|(at, value)| Line { at, value }).collect::<Vec<_>>());
    let good = Sorted::of(ends, 0).good;
    let again: Vec<_> = Ends::<Vec<W>>::of(&good).rows::<W>().unwrap().map(|line| line.value.unwrap()).collect();
    prop_assert_eq!(again, good);

    let table = Networks { network: &first, length: &length };
    let networks: Vec<_> = table.rows::<W>().unwrap().collect();
    let model = rows.iter().map(|row| Prefix::new(row.0, PrefixLen::new(row.2)?));
    prop_assert_eq!(&networks, &model.enumerate().map(|(at, value)| Line { at, value }).collect::<Vec<_>>());
    let good = Sorted::of(networks, 0).good;
    let again: Vec<_> = Networks::<Vec<W>, _>::of(&good).rows::<W>().unwrap().map(|line| line.value.unwrap()).collect();
    prop_assert_eq!(again, good);

    let table = Labelled { first, last, length };
    let ranges: Vec<_> = table.rows::<W>().unwrap().collect();
    let model = rows.iter().map(|row| Range::new(Interval::new(row.0, row.1)?, PrefixLen::new(row.2)?));
    prop_assert_eq!(&ranges, &model.enumerate().map(|(at, value)| Line { at, value }).collect::<Vec<_>>());
    let good = Sorted::of(ranges, 0).good;
    let again: Vec<_> = Labelled::<Vec<W>, _>::of(&good).rows::<W>().unwrap().map(|line| line.value.unwrap()).collect();
    prop_assert_eq!(again, good);
    Ok(())
}

#[test]
fn columns_of_one_table_are_as_long() {
    let code = |error: Option<IpamError>| error.map(|error| error.code());
    let wanted = Some("ipam.column_lengths");
    assert_eq!(code(Ends { first: vec![1_u32, 2], last: vec![3] }.rows::<u32>().err()), wanted);
    assert_eq!(code(Networks { network: vec![1_u32, 2], length: vec![3] }.rows::<u32>().err()), wanted);
    assert_eq!(code(Labelled { first: vec![1_u32], last: vec![], length: vec![3] }.rows::<u32>().err()), wanted);
    assert_eq!(code(Labelled { first: vec![1_u32], last: vec![1], length: vec![] }.rows::<u32>().err()), wanted);
}

/// Every range of the toy family, with every label that it can carry.
#[test]
fn every_range_of_the_toy_family_is_read_as_written() {
    let mut ranges = 0;
    for first in (0..=u8::MAX).map(Toy::new) {
        for last in (first.get()..=u8::MAX).map(Toy::new) {
            let interval = Interval::new(first, last).unwrap();
            assert_eq!(interval.to_string().parse(), Ok(interval));
            for length in 0..=interval.tightest_length().get() {
                let range = Range::new(interval, PrefixLen::new(length).unwrap()).unwrap();
                let both_ends = format!("{first}-{last}/{length}");
                assert_eq!((range.to_string().parse(), both_ends.parse()), (Ok(range), Ok(range)));
                ranges += 1;
            }
        }
    }
    // A network of 2^h addresses has 2^h (2^h + 1) / 2 ranges.
    assert_eq!(ranges, (0..=8).map(|h| (1 << (8 - h)) * (1_u32 << h) * ((1 << h) + 1) / 2).sum::<u32>());
}

/// Every text of up to four of these characters, against a model that splits and compares.
#[test]
fn every_short_text_as_a_toy_network() {
    let alphabet = ["", "0", "1", "2", "8", "9", "/", "-", "+", " ", "x"];
    let number = |text: &str, most: u32| text.parse::<u32>().ok().filter(|n| n.to_string() == text && *n <= most);
    let mut read = 0;
    for a in alphabet {
        for b in alphabet {
            for c in alphabet {
                for d in alphabet {
                    for e in alphabet {
                        let text = [a, b, c, d, e].concat();
                        let model = text.split_once('/').and_then(|(network, length)| {
                            let (network, length) = (number(network, 255)?, number(length, 8)?);
                            (network % (1 << (8 - length)) == 0).then_some((network, length))
                        });
                        let prefix = text.parse::<Prefix<Toy>>().ok();
                        let parts = prefix.map(|prefix| (prefix.first().get().into(), prefix.length().get().into()));
                        assert_eq!(parts, model, "{text}");
                        read += usize::from(prefix.is_some());
                    }
                }
            }
        }
    }
    assert!(read > 100);
}

/// Long texts cost what their length does, and an error shows their beginning.
#[test]
fn long_texts_are_refused() {
    for part in ["1", "1.", ":", "1:", "::", "/", "-", " ", "0x", "é", "#", "9", "%", "10.0.0.0-"] {
        let text = part.repeat(1 << 17);
        for reading in [Reading::STRICT, Reading { numbers: Numbers::Read, mapped: Mapped::AsIpv4, ..Reading::LENIENT }]
        {
            for read in read_all(reading, &text) {
                let error = read.expect_err(part);
                assert!(error.to_string().len() < 1_000, "{part}"); // 80 characters of each text
            }
            assert!(Sorted::<IpRange>::of(lines(&text, reading), 1).good.is_empty());
        }
    }
}

/// Many lines: fast is not tested here, only that each is read.
#[test]
fn a_hundred_thousand_lines() {
    let prefixes: Vec<Prefix<Ipv4>> =
        (0..100_000).map(|row| Prefix::containing(Ipv4::new(row << 12), PrefixLen::new(20).unwrap())).collect();
    let mut block = String::new();
    write_lines(prefixes.iter().copied(), &mut block);
    let read = Sorted::of(lines::<Prefix<Ipv4>>(&block, Reading::STRICT), 0);
    assert_eq!((read.fault_count, read.good == prefixes), (0, true));
}

macro_rules! texts {
    ($($type:ty, $reading:expr => { $($text:expr => $wanted:expr,)* })*) => { $($(
        let read = $reading.read::<$type>($text).map(|value| value.to_string());
        let read = read.as_deref().map_err(IpamError::code);
        assert_eq!(read, $wanted, "`{}` as {} ({})", $text, stringify!($type), $reading);
    )*)* };
}

/// The figures of the rule, and which of several faults is told.
#[test]
fn texts_and_what_they_are() {
    let strict = Reading::STRICT;
    let lenient = Reading::LENIENT;
    let numbers = Reading { numbers: Numbers::Read, ..lenient };
    let mapped = Reading { mapped: Mapped::AsIpv4, ..lenient };
    let careful = Reading { host_bits: HostBits::Refuse, masks: Masks::Netmask, ..lenient };
    texts! {
        Ipv4, strict => {
            "10.0.0.1" => Ok("10.0.0.1"),
            "" => Err("ipam.address"),
            "010.0.0.1" => Err("ipam.address"),
            "0x0a.0.0.1" => Err("ipam.address"),
            "10.1" => Err("ipam.address"),
            "167772161" => Err("ipam.address"),
            " 10.0.0.1" => Err("ipam.address"),
            "10.0.0.1%eth0" => Err("ipam.address"),
            "999.1.1.1" => Err("ipam.address"),
            "１.2.3.4" => Err("ipam.address"),
            "::1" => Err("ipam.mixed_families"),
            "::ffff:10.0.0.1" => Err("ipam.mixed_families"),
        }
        Ipv6, strict => {
            "2001:db8::1" => Ok("2001:db8::1"),
            "::ffff:10.0.0.1" => Ok("::ffff:10.0.0.1"),
            "::ffff:a00:1" => Err("ipam.not_canonical"),
            "2001:DB8::1" => Err("ipam.not_canonical"),
            "0:0:0:0:0:0:0:1" => Err("ipam.not_canonical"),
            "2001:db8:0:1::0:1" => Err("ipam.not_canonical"),
            "::1.2.3.4" => Err("ipam.not_canonical"),
            "fe80::1%eth0" => Err("ipam.address"),
            "::010.0.0.1" => Err("ipam.address"),
            "10.0.0.1" => Err("ipam.mixed_families"),
        }
        Prefix<Ipv4>, strict => {
            "10.0.0.0/8" => Ok("10.0.0.0/8"),
            "10.0.0.0" => Err("ipam.format"),
            "" => Err("ipam.format"),
            "1.2.3.4/32/24" => Err("ipam.format"),
            "1.2.3.4/33" => Err("ipam.length"),
            "999.1.1.1/8" => Err("ipam.address"),
            "999.1.1.1/99" => Err("ipam.address"),
            "1.2.3.4/+1" => Err("ipam.length"),
            "1.2.3.4/08" => Err("ipam.length"),
            "1.2.3.4/256" => Err("ipam.length"),
            "1.2.3.4/255.0.0.0" => Err("ipam.length"),
            "1.2.3.4/8" => Err("ipam.host_bits"),
            "::/33" => Err("ipam.mixed_families"),
            "10.0.0.0/8 " => Err("ipam.length"),
        }
        Prefix<Ipv6>, strict => {
            "::1/-1" => Err("ipam.length"),
            "::1/" => Err("ipam.length"),
            "::1/129" => Err("ipam.length"),
            "::1%lo/129" => Err("ipam.length"),
            "::1%lo/64" => Err("ipam.address"),
            "2001:DB8::1/129" => Err("ipam.length"),
            "2001:DB8::1/64" => Err("ipam.not_canonical"),
            "2001:db8::1/64" => Err("ipam.host_bits"),
        }
        Interval<Ipv4>, strict => {
            "10.0.0.1-10.0.0.9" => Ok("10.0.0.1-10.0.0.9"),
            "10.0.0.1 - 10.0.0.9" => Err("ipam.address"),
            "10.0.0.1" => Err("ipam.format"),
            "10.0.0.0/8" => Err("ipam.format"),
            "10.0.0.1-10.0.0.2-10.0.0.3" => Err("ipam.format"),
            "10.0.0.9-10.0.0.1" => Err("ipam.reversed"),
            "10.0.0.1-::1" => Err("ipam.mixed_families"),
            "10.0.0.1-9" => Err("ipam.address"),
        }
        Interval<Ipv6>, strict => {
            "::1-10.0.0.1" => Err("ipam.mixed_families"),
            "::2-::1" => Err("ipam.reversed"),
            "::2-0::1" => Err("ipam.not_canonical"),
        }
        Range<Ipv4>, strict => {
            "10.0.0.0-10.0.0.255/24" => Ok("10.0.0.0/24"),
            "10.0.0.1-10.0.0.9" => Err("ipam.format"),
            "10.0.0.1-10.0.1.9/24" => Err("ipam.not_one_network"),
            "10.0.0.9-10.0.0.1/33" => Err("ipam.length"),
            "10.0.0.9-10.0.0.1/24" => Err("ipam.reversed"),
        }
        Prefix<Ipv4>, lenient => {
            "10.0.0.9" => Ok("10.0.0.9/32"),
            "10.0.0.9/24" => Ok("10.0.0.0/24"),
            "10.0.0.0/255.255.255.0" => Ok("10.0.0.0/24"),
            "10.0.0.0/0.0.0.255" => Ok("10.0.0.0/24"),
            "10.0.0.0/0.0.0.0" => Ok("0.0.0.0/0"),
            "10.0.0.0/255.0.255.0" => Err("ipam.mask"),
            "10.0.0.0/254.254.255.256" => Err("ipam.length"),
            "10.0.0.0 - 10.0.0.255" => Ok("10.0.0.0/24"),
            "10.0.0.0-10.0.0.254" => Err("ipam.not_a_network"),
            "10.0.0.0-10.0.0.255/16" => Err("ipam.not_a_network"),
            "10.0.0.0 / 24" => Err("ipam.address"),
            "10/8" => Err("ipam.address"),
            "010.0.0.0/8" => Err("ipam.address"),
            "::ffff:10.0.0.0/104" => Err("ipam.mixed_families"),
        }
        Prefix<Ipv4>, careful => {
            "10.0.0.9/24" => Err("ipam.host_bits"),
            "10.0.0.0/255.255.255.0" => Ok("10.0.0.0/24"),
            "10.0.0.0/0.0.0.255" => Err("ipam.mask"),
        }
        Prefix<Ipv6>, lenient => {
            "2001:DB8:0::/32" => Ok("2001:db8::/32"),
            "2001:db8::/ffff:ffff::" => Err("ipam.length"),
            "::1/::" => Err("ipam.length"),
            "::1%lo" => Err("ipam.address"),
            "1.2.3.4" => Err("ipam.mixed_families"),
        }
        Interval<Ipv4>, lenient => {
            "10.0.0.0/30" => Ok("10.0.0.0-10.0.0.3"),
            "\t10.0.0.9 " => Ok("10.0.0.9-10.0.0.9"),
            "10.0.0.1-10.0.0.9/24" => Err("ipam.format"),
            "" => Err("ipam.format"),
            " " => Err("ipam.format"),
        }
        Range<Ipv4>, lenient => {
            "10.0.0.1-10.0.0.9" => Ok("10.0.0.1-10.0.0.9/28"),
            "10.0.0.1-10.0.0.9/255.255.255.0" => Ok("10.0.0.1-10.0.0.9/24"),
            "10.0.0.9" => Ok("10.0.0.9/32"),
        }
        Ipv4, numbers => {
            "0" => Ok("0.0.0.0"),
            "4294967295" => Ok("255.255.255.255"),
            "4294967296" => Err("ipam.beyond_family"),
            "0X0A000001" => Ok("10.0.0.1"),
            "0x100000000" => Err("ipam.beyond_family"),
            "0x" => Err("ipam.address"),
            "012" => Err("ipam.address"),
            "-1" => Err("ipam.address"),
            "1e3" => Err("ipam.address"),
        }
        Ipv6, numbers => {
            "1" => Ok("::1"),
            "340282366920938463463374607431768211455" => Ok("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            "340282366920938463463374607431768211456" => Err("ipam.beyond_family"),
        }
        Interval<Ipv4>, numbers => {
            "1-0xff" => Ok("0.0.0.1-0.0.0.255"),
            "10.0.0.1-9" => Err("ipam.format"),
            "1-10.0.0.1" => Err("ipam.format"),
            "10/8" => Err("ipam.address"),
            "2-1" => Err("ipam.reversed"),
        }
        IpAddress, numbers => {
            "1" => Err("ipam.family_unknown"),
            "0x1" => Err("ipam.family_unknown"),
            "::1" => Ok("::1"),
            "1.2.3.4" => Ok("1.2.3.4"),
        }
        IpInterval, numbers => {
            "1-2" => Err("ipam.family_unknown"),
            "1.2.3.4-1.2.3.9" => Ok("1.2.3.4-1.2.3.9"),
        }
        IpPrefix, mapped => {
            "::ffff:10.0.0.0/104" => Ok("10.0.0.0/8"),
            "::ffff:a00:0/104" => Ok("10.0.0.0/8"),
            "::ffff:0.0.0.0/96" => Ok("0.0.0.0/0"),
            "::ffff:0.0.0.0/95" => Ok("::fffe:0:0/95"),
            "2001:db8::/32" => Ok("2001:db8::/32"),
        }
        Prefix<Ipv4>, mapped => {
            "::ffff:10.0.0.0/104" => Ok("10.0.0.0/8"),
            "::ffff:0.0.0.0/95" => Err("ipam.mixed_families"),
            "2001:db8::/32" => Err("ipam.mixed_families"),
        }
        IpInterval, mapped => {
            "::ffff:10.0.0.1-::ffff:10.0.0.2" => Ok("10.0.0.1-10.0.0.2"),
            "::-::ffff:10.0.0.2" => Ok("::-::ffff:10.0.0.2"),
            "10.0.0.1-::ffff:10.0.0.2" => Err("ipam.mixed_families"),
        }
        Ipv6, mapped => { "::ffff:10.0.0.1" => Ok("::ffff:10.0.0.1"), }
        IpRange, strict => {
            "" => Err("ipam.format"),
            "::/0" => Ok("::/0"),
            "0.0.0.0/0" => Ok("0.0.0.0/0"),
        }
        PrefixLen<Ipv4>, lenient => { "255.255.255.252" => Ok("30"), " 30 " => Ok("30"), "33" => Err("ipam.length"), }
    }
}

#[test]
fn what_is_around_the_lines_of_a_block() {
    let read = |block: &[u8]| -> Vec<(usize, Result<String, &str>)> {
        let lines = lines::<IpPrefix>(block, Reading::STRICT);
        lines.map(|line| (line.at, line.value.map(|value| value.to_string()).map_err(|error| error.code()))).collect()
    };
    let ten = || Ok("10.0.0.0/8".to_owned());
    assert_eq!(read(b""), []);
    assert_eq!(read(b"\n\r\n \t\n#\n# 10.0.0.0/8"), []);
    assert_eq!(read(b"\xef\xbb\xbf10.0.0.0/8\r"), [(1, ten())]);
    assert_eq!(read(b"10.0.0.0/8\n\xef\xbb\xbf10.0.0.0/8"), [(1, ten()), (2, Err("ipam.address"))]);
    assert_eq!(read(b"10.0.0.0/8#x\n 10.0.0.0/8 # y # z\n::/0 "), [(1, ten()), (2, ten()), (3, Ok("::/0".to_owned()))]);
    assert_eq!(read(b"10.0.0.0/8 10.0.0.0/8\n10.0.0.0/8,"), [(1, Err("ipam.format")), (2, Err("ipam.length"))]);
    assert_eq!(read(b"10.0.0.0/8\r\r\n"), [(1, ten())]);
    assert_eq!(read(b"10.0.0.0/8\r10.0.0.0/8"), [(1, Err("ipam.format"))]);
    assert_eq!(read(b"\xff\xfe\n10.0.0.0/8"), [(1, Err("ipam.format")), (2, ten())]);
    assert_eq!(read("10.0.0.0/8\u{a0}".as_bytes()), [(1, Err("ipam.length"))]);
}

#[test]
fn serialized_forms_are_read_strictly() {
    assert_eq!(serde_json::to_string(&"10.0.0.0/8".parse::<Prefix<Ipv4>>().unwrap()).unwrap(), r#""10.0.0.0/8""#);
    assert_eq!(serde_json::to_string(&PrefixLen::<Ipv6>::HOST).unwrap(), "128");
    assert!(serde_json::from_str::<PrefixLen<Ipv4>>("33").is_err());
    assert!(serde_json::from_str::<PrefixLen<Ipv4>>(r#""24""#).is_err());
    for text in [r#""10.0.0.1/8""#, r#""2001:DB8::/32""#, r#""""#, "10", "null"] {
        assert!(serde_json::from_str::<IpPrefix>(text).is_err(), "{text}");
    }
    let error = serde_json::from_str::<IpPrefix>(r#""2001:DB8::/32""#).unwrap_err().to_string();
    assert!(error.contains("write `2001:db8::`"), "{error}");
}
