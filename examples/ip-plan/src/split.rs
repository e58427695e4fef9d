//! Cutting a range: flat, as little as possible, and as the portal does.

use crate::{
    args::Output,
    map::{Look, Piece},
    show,
};
use anyhow::{Context, Result};
use counterfoil::ipam::{Address, Demand, MiniSplitDiff, MinimalPlan, PrefixLen, Purpose, Range, Size};
use std::io::Write;

/// The most pieces that a map shows.
const DRAWN: usize = 20_000;

/// Pieces of one length. Only what is shown is computed.
///
/// # Errors
/// What the range or the length is wrong in.
pub(crate) fn flat<A: Address>(range: &str, into: u8, output: &Output, to: &mut impl Write) -> Result<()> {
    let range: Range<A> = range.parse()?;
    let split = range.split(PrefixLen::new(into)?)?;
    writeln!(to, "{range} in {} of /{into}\n", pieces(split.pieces()))?;
    let look = |piece: Range<A>| if piece.is_full() { Look::Wanted } else { Look::Rest };
    list(range, split.clone().map(|piece| (piece, look(piece))), split.pieces(), output, to)
}

/// The fewest pieces that hold what is wanted.
///
/// # Errors
/// What is wrong with the range or the demands; where they do not fit, how many do.
pub(crate) fn minimal<A: Address>(range: &str, want: &[String], output: &Output, to: &mut impl Write) -> Result<()> {
    let range: Range<A> = range.parse()?;
    let plan = MinimalPlan::of(range, &demands(want)?)?;
    writeln!(to, "{range} in {}, of which {} wanted\n", pieces(plan.pieces()), show::grouped(plan.wanted()))?;
    let looks =
        plan.iter().zip(plan.runs().iter().flat_map(|run| std::iter::repeat_n(run.purpose(), many(run.count()))));
    let looked =
        looks.map(|(piece, purpose)| (piece, if purpose == Purpose::Wanted { Look::Wanted } else { Look::Rest }));
    list(range, looked, plan.pieces(), output, to)
}

/// What the portal's own small split gives.
///
/// # Errors
/// What is wrong with the range, the length or the difference.
pub(crate) fn mini<A: Address>(range: &str, into: u8, diff: u8, output: &Output, to: &mut impl Write) -> Result<()> {
    let range: Range<A> = range.parse()?;
    let length = PrefixLen::new(into)?;
    let plan = range.mini_split(length, MiniSplitDiff::new(diff)?)?;
    let count = Size::from(u128::try_from(plan.ranges().len())?);
    let look = |piece: Range<A>| if piece.length() == length && piece.is_full() { Look::Wanted } else { Look::Rest };
    let wanted = plan.ranges().iter().filter(|piece| look(**piece) == Look::Wanted).count();
    writeln!(to, "{range} in {}, of which {wanted} full of /{into}\n", pieces(count))?;
    list(range, plan.ranges().iter().map(|piece| (*piece, look(*piece))), count, output, to)
}

/// Demands as they are written: `24`, `24:8`.
///
/// # Errors
/// Where one is written otherwise, or its length does not exist.
pub(crate) fn demands<A: Address>(want: &[String]) -> Result<Vec<Demand<A>>> {
    let demand = |text: &String| {
        let (length, count) = text.split_once(':').unwrap_or((text, "1"));
        let count: u128 = count.parse().with_context(|| format!("`{text}` is not `length` or `length:count`"))?;
        Ok(Demand { length: length.parse()?, count: Size::from(count) })
    };
    want.iter().map(demand).collect()
}

/// The table of the first pieces, and the map of all.
fn list<A: Address>(
    range: Range<A>,
    all: impl Iterator<Item = (Range<A>, Look)> + Clone,
    count: Size,
    output: &Output,
    to: &mut impl Write,
) -> Result<()> {
    let mut table = show::table(&["piece", "first", "last", "addresses", "for"], 3);
    for (piece, look) in all.clone().take(output.show) {
        let [name, first, last, size] = show::cells(piece);
        table.add_row([name, first, last, size, look.name().to_owned()]);
    }
    let shown = Size::from(u128::try_from(output.show)?).min(count);
    show::print(&table, Some(count.minus(shown)?), to)?;
    if output.svg.is_some() {
        let drawn: Vec<Piece<A>> = all
            .take(DRAWN)
            .map(|(piece, look)| Piece { interval: piece.interval(), look, label: piece.to_string() })
            .collect();
        show::draw(range.network(), format!("{range}: {}", pieces(count)), &drawn, output, to)?;
    }
    Ok(())
}

fn pieces(count: Size) -> String {
    if count == Size::from(1) { "1 piece".to_owned() } else { format!("{} pieces", show::grouped(count)) }
}

/// As many as a list could have.
fn many(count: Size) -> usize {
    count.to_u128().and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX)
}
