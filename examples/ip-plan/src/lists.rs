//! Real prefix lists: what they hold, how far they aggregate, which overlap.

use crate::{
    args::Output,
    map::{Look, Piece},
    show,
};
use anyhow::{Context, Result, bail};
use counterfoil::ipam::{
    Address, Family, IpSet, Ipv4, Ipv6, Prefix, RangeTree, Reading, Size,
    bulk::{Sorted, lines},
};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// The most faults of a list that are told.
const FAULTS: usize = 5;

/// A list of one family, as it was read.
struct List<A> {
    name: String,
    prefixes: Vec<Prefix<A>>,
    set: IpSet<A>,
}

/// A table for each family, the overlaps between its lists, and a map of all.
///
/// # Errors
/// Where there is nothing to read. A list with a fault is told and goes on without the line.
pub(crate) fn lists(paths: &[PathBuf], output: &Output, to: &mut impl Write) -> Result<()> {
    let files = files(paths)?;
    if files.is_empty() {
        bail!("no list of prefixes found: name folders with *.txt files, or files");
    }
    let (mut ipv4, mut ipv6) = (Vec::new(), Vec::new());
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| format!("`{}` can not be read", file.display()))?;
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        match Family::of(first.unwrap_or_default()) {
            Family::Ipv6 => ipv6.push(read::<Ipv6>(name, &text, to)?),
            _ => ipv4.push(read::<Ipv4>(name, &text, to)?),
        }
    }
    of_family(&ipv4, output.svg.clone(), output, to)?;
    // The second picture goes beside the first.
    let beside = output.svg.as_ref().map(|file| if ipv4.is_empty() { file.clone() } else { of_ipv6(file) });
    of_family(&ipv6, beside, output, to)
}

/// `map.svg` as `map-ipv6.svg`.
fn of_ipv6(file: &Path) -> PathBuf {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    file.with_file_name(format!("{stem}-ipv6.svg"))
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = fs::read_dir(path).with_context(|| format!("`{}` can not be read", path.display()))?;
            for entry in entries {
                files.push(entry?.path());
            }
        } else {
            files.push(path.clone());
        }
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt") || paths.contains(file));
    files.sort();
    Ok(files)
}

fn read<A: Address>(name: String, text: &str, to: &mut impl Write) -> Result<List<A>> {
    let read: Sorted<Prefix<A>> = Sorted::of(lines(text, Reading::STRICT), FAULTS);
    for fault in &read.faults {
        writeln!(to, "{name}:{}: {} ({})", fault.at, fault.error, fault.error.code())?;
    }
    let more = read.fault_count.saturating_sub(read.faults.len());
    if more > 0 {
        writeln!(to, "{name}: {more} more lines are wrong")?;
    }
    let set = read.good.iter().copied().collect();
    Ok(List { name, prefixes: read.good, set })
}

fn of_family<A: Address>(lists: &[List<A>], svg: Option<PathBuf>, output: &Output, to: &mut impl Write) -> Result<()> {
    if lists.is_empty() {
        return Ok(());
    }
    let header = ["list", "prefixes", "inside others", "aggregated", "intervals", "addresses", "of the family"];
    let mut table = show::table(&header, 1);
    for list in lists {
        let tree = RangeTree::new(list.prefixes.iter().copied());
        let inside = tree.nodes().len().saturating_sub(tree.roots().count());
        table.add_row([
            list.name.clone(),
            list.prefixes.len().to_string(),
            inside.to_string(),
            list.set.cidrs().count().to_string(),
            list.set.intervals().len().to_string(),
            show::grouped(list.set.size()),
            show::share(list.set.size(), Size::power_of_two(A::WIDTH))?,
        ]);
    }
    writeln!(to, "{}\n", A::FAMILY)?;
    show::print(&table, None, to)?;
    writeln!(to)?;

    let mut table = show::table(&["list", "and", "common addresses", "of the first", "of the second"], 2);
    for (number, left) in lists.iter().enumerate() {
        for right in lists.iter().skip(number.saturating_add(1)) {
            let common = left.set.intersection(&right.set).size();
            table.add_row([
                left.name.clone(),
                right.name.clone(),
                show::grouped(common),
                show::share(common, left.set.size())?,
                show::share(common, right.set.size())?,
            ]);
        }
    }
    if lists.len() > 1 {
        show::print(&table, None, to)?;
        writeln!(to)?;
    }
    match svg {
        Some(file) => picture(&file, lists, output, to),
        None => Ok(()),
    }
}

fn picture<A: Address>(file: &Path, lists: &[List<A>], output: &Output, to: &mut impl Write) -> Result<()> {
    let all = lists.iter().fold(IpSet::EMPTY, |all, list| all.union(&list.set));
    let Some(hull) = all.hull() else { return Ok(()) };
    let listed =
        all.cidrs().map(|prefix| Piece { interval: prefix.interval(), look: Look::Listed, label: prefix.to_string() });
    let names: Vec<&str> = lists.iter().map(|list| list.name.as_str()).collect();
    let pieces: Vec<Piece<A>> = listed.collect();
    show::draw_to(file, show::network_of(hull), names.join(", "), &pieces, output, to)
}
