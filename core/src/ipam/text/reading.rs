use super::Readable;
use crate::error::{IpamError, excerpt};
use std::{fmt, str::FromStr};

/// What a text may look like, choice by choice.
///
/// Whatever is chosen, a number with leading zeros (octal to some programs, decimal to others) and a zone
/// are errors, and a canonical text has the same meaning everywhere.
///
/// Written as a preset and what differs from it: `strict`, `lenient host_bits=refuse numbers=read`.
///
/// # Examples
/// ```
/// use counterfoil::ipam::{HostBits, Interval, Ipv4, Ipv6, Numbers, Prefix, Reading};
///
/// let lenient = Reading::LENIENT;
/// assert_eq!(lenient.read::<Prefix<Ipv4>>("10.0.0.9/255.255.255.0")?.to_string(), "10.0.0.0/24");
/// assert_eq!(lenient.read::<Prefix<Ipv4>>("10.0.0.0 - 10.0.0.255")?.to_string(), "10.0.0.0/24");
/// assert_eq!(lenient.read::<Interval<Ipv6>>("2001:DB8::/127")?.to_string(), "2001:db8::-2001:db8::1");
/// assert_eq!(lenient.read::<Prefix<Ipv4>>("010.0.0.0/8").unwrap_err().code(), "ipam.address");
///
/// let lenient = Reading { host_bits: HostBits::Refuse, numbers: Numbers::Read, ..Reading::LENIENT };
/// assert_eq!(lenient.read::<Ipv4>("0x0a000001")?.to_string(), "10.0.0.1");
/// assert_eq!(lenient.read::<Prefix<Ipv4>>("10.0.0.9/24").unwrap_err().code(), "ipam.host_bits");
/// assert_eq!(lenient.to_string(), "lenient host_bits=refuse numbers=read");
/// # Ok::<(), counterfoil::error::IpamError>(())
/// ```
///
/// # Rule
/// R-I2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reading {
    /// IPv6 in other spellings.
    pub spelling: Spelling,
    /// Blanks around it.
    pub spaces: Spaces,
    /// One kind of thing where another is wanted.
    pub shapes: Shapes,
    /// Host bits of a network.
    pub host_bits: HostBits,
    /// A mask where a length is wanted.
    pub masks: Masks,
    /// A number where an address is wanted.
    pub numbers: Numbers,
    /// IPv4-mapped IPv6 addresses.
    pub mapped: Mapped,
}

impl Reading {
    /// Canonical text only. It is what `parse` does.
    pub const STRICT: Self = Self {
        spelling: Spelling::Canonical,
        spaces: Spaces::Refuse,
        shapes: Shapes::Own,
        host_bits: HostBits::Refuse,
        masks: Masks::Refuse,
        numbers: Numbers::Refuse,
        mapped: Mapped::KeepIpv6,
    };

    /// Whatever has one meaning as a text. A bare number is still refused, since `42` is a mistyped
    /// address more often than it is `0.0.0.42`; and an IPv4-mapped address is IPv6.
    pub const LENIENT: Self = Self {
        spelling: Spelling::Any,
        spaces: Spaces::Trim,
        shapes: Shapes::Any,
        host_bits: HostBits::Clear,
        masks: Masks::NetmaskOrHostmask,
        numbers: Numbers::Refuse,
        mapped: Mapped::KeepIpv6,
    };

    const PRESETS: [(&str, Self); 2] = [("strict", Self::STRICT), ("lenient", Self::LENIENT)];

    /// Reads an address, a length, a network, an interval or a range, of one family or of either.
    ///
    /// # Errors
    /// Those of the type, as its `FromStr` names them. Where several faults apply, what can not be read at all
    /// comes before what is not allowed: `ipam.format`; `ipam.address`, `ipam.mixed_families`,
    /// `ipam.beyond_family`, from the first to the last address; `ipam.length`, `ipam.mask`; then a zone
    /// (`ipam.address`) and `ipam.not_canonical`; then what the values are wrong in (`ipam.host_bits`,
    /// `ipam.reversed`, `ipam.not_one_network`, `ipam.not_a_network`).
    pub fn read<T: Readable>(self, text: &str) -> Result<T, IpamError> {
        if self.mapped == Mapped::KeepIpv6
            && let Some((value, [])) = T::scan(text.as_bytes())
        {
            return Ok(value);
        }
        T::read(self, text)
    }
}

macro_rules! choices {
    ($($(#[$about:meta])* $name:ident ($key:literal) { $($(#[$doc:meta])* $choice:ident = $word:literal,)* })*) => { $(
        $(#[$about])*
        ///
        /// # Rule
        /// R-I2
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $choice,)*
        }

        impl $name {
            /// Every choice.
            pub const ALL: &[Self] = &[$(Self::$choice),*];

            /// Its name, in small letters.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$choice => $word,)*
                }
            }

            fn named(text: &str) -> Result<Self, IpamError> {
                const KNOWN: &str = concat!($($word, ", "),*);
                Self::ALL.iter().copied().find(|choice| choice.name() == text).ok_or_else(|| IpamError::UnknownWord {
                    what: $key,
                    text: excerpt(text),
                    known: KNOWN.strip_suffix(", ").unwrap_or(KNOWN),
                })
            }
        }
    )* };
}
choices! {
    /// Whether IPv6 addresses may be spelled otherwise than RFC 5952 does: `2001:DB8:0::1`. IPv4 has one spelling.
    Spelling ("spelling") {
        /// No: the error says the canonical text.
        Canonical = "canonical",
        /// Yes.
        Any = "any",
    }
    /// Whether blanks (space, tab) may stand around the text and around a `-`.
    Spaces ("spaces") {
        /// No.
        Refuse = "refuse",
        /// Yes.
        Trim = "trim",
    }
    /// Whether a text of another shape may be read where it means the same addresses.
    Shapes ("shapes") {
        /// No: an interval is `first-last`, a network `network/length`, a range one of `first-last/length` and `network/length`.
        Own = "own",
        /// Yes: an address is also a network of its own, a network an interval; an interval is a network where it is all
        /// of one, and a range of its tightest length.
        Any = "any",
    }
    /// What becomes of a network's host bits that are set: `10.0.0.9/24`.
    HostBits ("host_bits") {
        /// An error.
        Refuse = "refuse",
        /// They are cleared.
        Clear = "clear",
    }
    /// Whether an IPv4 mask may stand where a length does. IPv6 has none.
    Masks ("masks") {
        /// No.
        Refuse = "refuse",
        /// A netmask, `255.255.255.0`.
        Netmask = "netmask",
        /// A netmask, or else a hostmask (also *wildcard mask*), `0.0.0.255`. All zeros is the netmask of 0.
        NetmaskOrHostmask = "netmask_or_hostmask",
    }
    /// Whether a number may stand for an address: decimal, `167772161`, or hexadecimal, `0x0a000001`.
    ///
    /// By itself or as both ends of an interval; never before a `/`, where `10/8` is a network in short for some programs.
    Numbers ("numbers") {
        /// No.
        Refuse = "refuse",
        /// Yes.
        Read = "read",
    }
    /// What an IPv4-mapped IPv6 address is: `::ffff:10.0.0.1`.
    Mapped ("mapped") {
        /// IPv6.
        KeepIpv6 = "keep_ipv6",
        /// IPv4, also in a network of length 96 and longer and where both ends of an interval are mapped.
        AsIpv4 = "as_ipv4",
    }
}

impl Reading {
    fn words(self) -> [(&'static str, &'static str); 7] {
        [
            ("spelling", self.spelling.name()),
            ("spaces", self.spaces.name()),
            ("shapes", self.shapes.name()),
            ("host_bits", self.host_bits.name()),
            ("masks", self.masks.name()),
            ("numbers", self.numbers.name()),
            ("mapped", self.mapped.name()),
        ]
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let differing = |preset: &Self| self.words().iter().zip(preset.words()).filter(|(a, b)| *a != b).count();
        let [strict, lenient] = Self::PRESETS;
        let (name, preset) = if differing(&lenient.1) < differing(&strict.1) { lenient } else { strict };
        f.write_str(name)?;
        for ((key, word), (_, usual)) in self.words().into_iter().zip(preset.words()) {
            if word != usual {
                write!(f, " {key}={word}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Reading {
    type Err = IpamError;

    /// # Errors
    /// `ipam.unknown_word`; `ipam.format` for a choice that is not `key=word`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        let unknown = |what, text, known| IpamError::UnknownWord { what, text: excerpt(text), known };
        let mut words = text.split(' ');
        let name = words.next().unwrap_or_default();
        let preset = Self::PRESETS.into_iter().find(|(known, _)| *known == name);
        let (_, mut reading) = preset.ok_or_else(|| unknown("reading", name, "strict, lenient"))?;
        for choice in words {
            let (key, word) = choice
                .split_once('=')
                .ok_or_else(|| IpamError::Format { text: excerpt(choice), shape: "`choice=word`" })?;
            match key {
                "spelling" => reading.spelling = Spelling::named(word)?,
                "spaces" => reading.spaces = Spaces::named(word)?,
                "shapes" => reading.shapes = Shapes::named(word)?,
                "host_bits" => reading.host_bits = HostBits::named(word)?,
                "masks" => reading.masks = Masks::named(word)?,
                "numbers" => reading.numbers = Numbers::named(word)?,
                "mapped" => reading.mapped = Mapped::named(word)?,
                _ => {
                    let known = "spelling, spaces, shapes, host_bits, masks, numbers, mapped";
                    return Err(unknown("choice of a reading", key, known));
                }
            }
        }
        Ok(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_is_what_it_is_written_as() {
        let mut readings = vec![];
        for &spelling in Spelling::ALL {
            for &spaces in Spaces::ALL {
                for &shapes in Shapes::ALL {
                    for &host_bits in HostBits::ALL {
                        for &masks in Masks::ALL {
                            for &numbers in Numbers::ALL {
                                for &mapped in Mapped::ALL {
                                    readings.push(Reading {
                                        spelling,
                                        spaces,
                                        shapes,
                                        host_bits,
                                        masks,
                                        numbers,
                                        mapped,
                                    });
                                }
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(readings.len(), 192);
        for reading in readings {
            assert_eq!(reading.to_string().parse(), Ok(reading), "{reading}");
        }
        assert_eq!((Reading::STRICT.to_string(), Reading::LENIENT.to_string()), ("strict".into(), "lenient".into()));
    }

    #[test]
    fn other_words_are_refused() {
        for (text, code) in [
            ("", "ipam.unknown_word"),
            ("Strict", "ipam.unknown_word"),
            ("strict masks=all", "ipam.unknown_word"),
            ("strict octal=read", "ipam.unknown_word"),
            ("strict masks", "ipam.format"),
            ("strict  masks=netmask", "ipam.format"),
        ] {
            assert_eq!(text.parse::<Reading>().unwrap_err().code(), code, "{text}");
        }
    }
}
