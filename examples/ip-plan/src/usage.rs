//! What of a network is used, and the sample.

use crate::{
    allocate,
    args::{Output, Policy, Rows},
    map::{Look, Piece},
    rows, show,
};
use anyhow::Result;
use counterfoil::{
    exact::RoundingMode,
    ipam::{Address, Interval, IpSet, Ipv4, Ipv6, Prefix, Row, RowStatus, SupernetUsage},
};
use std::{io::Write, path::Path};

/// The networks of the sample, and their rows.
const CAMPUS: (&str, &str) = ("10.40.0.0/20", include_str!("../sample/campus.csv"));
const CAMPUS6: (&str, &str) = ("2001:db8:40::/48", include_str!("../sample/campus6.csv"));

/// The sample: a campus in both families, and where the next networks would go.
///
/// # Errors
/// Where a map can not be written.
pub(crate) fn sample(output: &Output, to: &mut impl Write) -> Result<()> {
    let network: Prefix<Ipv4> = CAMPUS.0.parse()?;
    let rows: Vec<Row<Ipv4>> = rows::parse(CAMPUS.1, "sample/campus.csv")?;
    of_rows(network, &rows, output, to)?;
    writeln!(to, "\nWhere two networks of /25 and one of /24 would go:\n")?;
    let want = ["25:2", "24"].map(str::to_owned);
    allocate::beside(network, &rows, &want, Policy::BestFit, output, to)?;
    let file = output.svg.as_deref().unwrap_or(Path::new("ip-plan.svg"));
    show::draw_to(file, network, format!("{network} by status"), &pieces(network, &rows), output, to)?;

    let network: Prefix<Ipv6> = CAMPUS6.0.parse()?;
    let rows: Vec<Row<Ipv6>> = rows::parse(CAMPUS6.1, "sample/campus6.csv")?;
    writeln!(to)?;
    of_rows(network, &rows, output, to)
}

/// What of a network is used.
///
/// # Errors
/// What is wrong with the network or the rows.
pub(crate) fn usage<A: Address>(network: &str, of: &Rows, output: &Output, to: &mut impl Write) -> Result<()> {
    let network: Prefix<A> = network.parse()?;
    let rows = of.read::<A>()?;
    of_rows(network, &rows, output, to)?;
    show::draw(network, format!("{network} by status"), &pieces(network, &rows), output, to)
}

fn of_rows<A: Address>(network: Prefix<A>, rows: &[Row<A>], output: &Output, to: &mut impl Write) -> Result<()> {
    let usage = SupernetUsage::of(network.interval(), rows)?;
    let percent = usage.percent(2, RoundingMode::HalfEven)?;
    writeln!(
        to,
        "{network}: {} addresses, {percent} % used, {}\n",
        show::grouped(usage.size()),
        usage.state().name().replace('_', " ")
    )?;
    let mut table = show::table(&["status", "addresses", "share"], 1);
    let sizes = [usage.assigned(), usage.reserved(), usage.wait(), usage.free()];
    for (status, size) in ["assigned", "reserved", "wait", "free"].iter().zip(sizes) {
        table.add_row([(*status).to_owned(), show::grouped(size), show::share(size, usage.size())?]);
    }
    show::print(&table, None, to)?;
    writeln!(to)?;

    let mut table = show::table(&["range", "status", "owner", "addresses"], 3);
    let all = pieces_of(network, rows);
    for (interval, row) in all.iter().take(output.show) {
        match row {
            Some(row) => {
                let owner = row.owner.clone().unwrap_or_default();
                table.add_row([row.range.to_string(), row.status.to_string(), owner, show::grouped(row.range.size())])
            }
            None => {
                table.add_row([interval.to_string(), "free".to_owned(), String::new(), show::grouped(interval.size())])
            }
        };
    }
    let left = all.len().saturating_sub(output.show);
    show::print(&table, Some(u128::try_from(left)?.into()), to)?;
    for straddling in usage.straddling() {
        writeln!(to, "  {} lies over the edge: {} of it is inside", straddling.id, straddling.inside)?;
    }
    Ok(())
}

/// The pieces of the map of a network: its rows, and what is free between them.
pub(crate) fn pieces<A: Address>(network: Prefix<A>, rows: &[Row<A>]) -> Vec<Piece<A>> {
    let piece = |(interval, row): (Interval<A>, Option<&Row<A>>)| match row {
        Some(row) => {
            let owner = row.owner.as_ref().map(|owner| format!(" {owner}")).unwrap_or_default();
            let look = match row.status {
                RowStatus::Wait => Look::Wait,
                RowStatus::Reserved => Look::Reserved,
                RowStatus::Assigned => Look::Assigned,
            };
            Piece { interval, look, label: format!("{}{owner}", row.range) }
        }
        None => Piece { interval, look: Look::Free, label: interval.to_string() },
    };
    pieces_of(network, rows).into_iter().map(piece).collect()
}

/// The rows that lie in a network, and the free intervals between them, in order.
fn pieces_of<A: Address>(network: Prefix<A>, rows: &[Row<A>]) -> Vec<(Interval<A>, Option<&Row<A>>)> {
    let used: IpSet<A> = rows.iter().map(|row| row.range).collect();
    let free = used.free_within(network.interval()).free;
    let inside = rows.iter().filter(|row| row.range.interval().overlaps(network.interval()));
    let mut pieces: Vec<(Interval<A>, Option<&Row<A>>)> = inside.map(|row| (row.range.interval(), Some(row))).collect();
    pieces.extend(free.intervals().iter().map(|interval| (*interval, None)));
    pieces.sort_by_key(|(interval, _)| *interval);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_what_is_free_between_them_fill_the_network() {
        let network: Prefix<Ipv4> = CAMPUS.0.parse().unwrap();
        let rows: Vec<Row<Ipv4>> = rows::parse(CAMPUS.1, "sample").unwrap();
        let pieces = pieces_of(network, &rows);
        assert!(pieces.windows(2).all(|pair| pair[0].0.precedes(pair[1].0)));
        assert_eq!(pieces[0].0.first(), network.first());
        assert!(pieces.last().unwrap().0.last() >= network.last());
    }
}
