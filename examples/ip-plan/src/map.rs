//! A supernet as a picture: one line for each of its equal parts, one bar for each piece in it.
//!
//! A line stands for a network and is 1,024 pixels wide, so a pixel is a power of two of addresses and
//! every bar lies exactly where its addresses are; only what is narrower than a pixel is drawn as one.

use anyhow::{Result, bail};
use askama::Template;
use counterfoil::ipam::{Address, Interval, Prefix, PrefixLen};

/// The pixels of a line, as a power of two.
const WIDTH_BITS: u8 = 10;
/// The height of a line and the gap under it.
const LINE: (u32, u32) = (22, 6);
/// Where the first line begins: right of the names, under the title and the legend.
const ORIGIN: (u32, u32) = (210, 74);
/// The lines that a picture may have.
const MOST_LINES: u8 = 8;
/// The pixels that a letter takes at least.
const LETTER: u32 = 7;

/// What a piece of a map is, and so its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Look {
    Assigned,
    Reserved,
    Wait,
    Free,
    /// A block that a plan cuts out.
    Wanted,
    /// What a plan leaves over.
    Rest,
    /// A prefix of a list.
    Listed,
}

impl Look {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Reserved => "reserved",
            Self::Wait => "wait",
            Self::Free => "free",
            Self::Wanted => "wanted",
            Self::Rest => "rest",
            Self::Listed => "listed",
        }
    }

    /// Colours that are told apart also without red or green.
    const fn colour(self) -> &'static str {
        match self {
            Self::Assigned | Self::Wanted | Self::Listed => "#1f5a99",
            Self::Reserved => "#e69f00",
            Self::Wait => "#7cc8a4",
            Self::Free => "#e9ecef",
            Self::Rest => "#bcd3e8",
        }
    }

    /// Ink that is read on the colour.
    const fn ink(self) -> &'static str {
        match self {
            Self::Assigned | Self::Wanted | Self::Listed => "#ffffff",
            Self::Reserved | Self::Wait | Self::Free | Self::Rest => "#1b1f23",
        }
    }
}

/// One piece of a map.
#[derive(Debug, Clone)]
pub(crate) struct Piece<A> {
    pub(crate) interval: Interval<A>,
    pub(crate) look: Look,
    /// What stands in it where there is room, and in its tooltip.
    pub(crate) label: String,
}

/// The picture.
#[derive(Template)]
#[template(path = "map.svg", escape = "html")]
struct Picture {
    title: String,
    subtitle: String,
    width: u32,
    height: u32,
    name_x: u32,
    origin_x: u32,
    line_width: u32,
    line_height: u32,
    keys: Vec<Key>,
    lines: Vec<Line>,
    bars: Vec<Bar>,
}

struct Key {
    x: u32,
    name: &'static str,
    colour: &'static str,
}

struct Line {
    y: u32,
    text_y: u32,
    name: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Bar {
    x: u32,
    y: u32,
    width: u32,
    colour: &'static str,
    ink: &'static str,
    text: String,
    text_x: u32,
    text_y: u32,
    title: String,
}

/// Draws the pieces that lie in a network, with lines of the length `line`, or of [`usual_line`].
///
/// # Errors
/// Where the lines would be too many, or are longer than the network.
pub(crate) fn draw<A: Address>(
    network: Prefix<A>,
    line: Option<PrefixLen<A>>,
    title: String,
    pieces: &[Piece<A>],
) -> Result<String> {
    let line = line.unwrap_or_else(|| usual_line(network.length()));
    let Some(bits) = line.get().checked_sub(network.length().get()) else {
        bail!("a line of /{line} is longer than {network}: give a length from {} on", network.length());
    };
    if bits > MOST_LINES {
        bail!(
            "{network} in lines of /{line} has 2^{bits} lines: give a length up to {}",
            network.length().get() + MOST_LINES
        );
    }
    let mut lines = Vec::new();
    let mut first = Some(network.first());
    while let Some(address) = first.filter(|address| network.contains(*address)) {
        let of_line = Prefix::containing(address, line);
        lines.push(of_line);
        first = of_line.last().next();
    }
    let mut bars = Vec::new();
    for (number, of_line) in (0_u32..).zip(&lines) {
        // Pieces are few thousands and lines at most 256: every pair is looked at.
        for piece in pieces {
            if let Some(part) = piece.interval.overlap(of_line.interval()) {
                bars.push(bar(*of_line, number, part, piece));
            }
        }
    }
    let height = LINE.0 + LINE.1;
    let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let mut looks: Vec<Look> = pieces.iter().map(|piece| piece.look).collect();
    looks.sort_unstable();
    looks.dedup();
    let picture = Picture {
        title,
        subtitle: format!("{network}, one line for each /{line}"),
        width: ORIGIN.0 + (1 << WIDTH_BITS) + 20,
        height: ORIGIN.1 + count * height + 14,
        name_x: ORIGIN.0 - 10,
        origin_x: ORIGIN.0,
        line_width: 1 << WIDTH_BITS,
        line_height: LINE.0,
        keys: (0..)
            .zip(&looks)
            .map(|(number, look)| Key { x: ORIGIN.0 + number * 120, name: look.name(), colour: look.colour() })
            .collect(),
        lines: (0..)
            .zip(&lines)
            .map(|(number, line)| {
                let y = ORIGIN.1 + number * height;
                Line { y, text_y: y + 15, name: line.to_string() }
            })
            .collect(),
        bars,
    };
    Ok(picture.render()?)
}

/// The length of a line, where none is asked for: two to five bits longer than the network's, where a
/// digit of the address ends.
fn usual_line<A: Address>(network: PrefixLen<A>) -> PrefixLen<A> {
    let longer = (2..=5).filter_map(|bits| network.longer(bits));
    longer.rev().find(|length| length.get().is_multiple_of(4)).unwrap_or(PrefixLen::HOST)
}

fn bar<A: Address>(line: Prefix<A>, number: u32, part: Interval<A>, piece: &Piece<A>) -> Bar {
    let start = pixel(line, part.first());
    // The pixel after the last address, which a narrow piece may share with its first.
    let end = pixel(line, part.last()) + pixel_width(line);
    let width = end.saturating_sub(start).max(1);
    let (x, y) = (ORIGIN.0 + start, ORIGIN.1 + number * (LINE.0 + LINE.1));
    let letters = u32::try_from(piece.label.chars().count()).unwrap_or(u32::MAX);
    let fits = letters.saturating_mul(LETTER) + 8 <= width;
    Bar {
        x,
        y,
        width,
        colour: piece.look.colour(),
        ink: piece.look.ink(),
        text: if fits { piece.label.clone() } else { String::new() },
        text_x: x + width / 2,
        text_y: y + 15,
        title: format!("{} ({}): {} addresses", piece.label, piece.look.name(), piece.interval.size()),
    }
}

/// The pixel of an address in its line.
fn pixel<A: Address>(line: Prefix<A>, address: A) -> u32 {
    let offset = address.distance(line.first());
    let bits = line.length().host_bits();
    let pixel = match bits.checked_sub(WIDTH_BITS) {
        Some(narrower) => offset >> narrower,
        None => offset << (WIDTH_BITS - bits),
    };
    u32::try_from(pixel).unwrap_or(u32::MAX)
}

/// How many pixels an address takes: one, if it is narrower.
fn pixel_width<A: Address>(line: Prefix<A>) -> u32 {
    1 << WIDTH_BITS.saturating_sub(line.length().host_bits())
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil::ipam::{Ipv4, Ipv6};

    fn bars<A: Address>(network: Prefix<A>, pieces: &[Interval<A>]) -> Vec<(u32, u32)> {
        let of = |interval: &Interval<A>| {
            let piece = Piece { interval: *interval, look: Look::Free, label: String::new() };
            let bar = bar(network, 0, *interval, &piece);
            (bar.x - ORIGIN.0, bar.width)
        };
        pieces.iter().map(of).collect()
    }

    #[test]
    fn a_bar_lies_where_its_addresses_are() {
        let network: Prefix<Ipv4> = "10.0.0.0/16".parse().unwrap();
        let pieces = ["10.0.0.0-10.0.255.255", "10.0.128.0-10.0.191.255", "10.0.255.255-10.0.255.255"];
        let pieces = pieces.map(|piece| piece.parse().unwrap());
        assert_eq!(bars(network, &pieces), [(0, 1024), (512, 256), (1023, 1)]);
        let small: Prefix<Ipv4> = "10.0.0.0/30".parse().unwrap();
        let pieces = ["10.0.0.0-10.0.0.0", "10.0.0.1-10.0.0.3"].map(|piece| piece.parse().unwrap());
        assert_eq!(bars(small, &pieces), [(0, 256), (256, 768)]);
        assert_eq!(bars(Prefix::<Ipv6>::WHOLE, &[Interval::WHOLE]), [(0, 1024)]);
        let half: Prefix<Ipv6> = "8000::/1".parse().unwrap();
        assert_eq!(bars(Prefix::<Ipv6>::WHOLE, &[half.interval()]), [(512, 512)]);
    }

    #[test]
    fn lines_are_bounded_and_what_is_written_is_escaped() {
        let network: Prefix<Ipv4> = "10.0.0.0/16".parse().unwrap();
        let pieces = [Piece { interval: network.interval(), look: Look::Assigned, label: "<b> & co".to_owned() }];
        assert!(draw(network, PrefixLen::new(25).ok(), "x".to_owned(), &pieces).is_err());
        assert!(draw(network, PrefixLen::new(15).ok(), "x".to_owned(), &pieces).is_err());
        let picture = draw(network, None, "<title>".to_owned(), &pieces).unwrap();
        assert!(!picture.contains("<b>") && !picture.contains("<title><title>"));
        assert_eq!(picture.matches("class=\"line\"").count(), 16);
        let host: Prefix<Ipv4> = "10.0.0.1/32".parse().unwrap();
        assert!(draw(host, None, "one address".to_owned(), &[]).is_ok());
    }
}
