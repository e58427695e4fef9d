//! Where the next networks would go.

use crate::{
    args::{Output, Policy, Rows},
    map::{Look, Piece},
    show, split, usage,
};
use anyhow::{Result, bail};
use counterfoil::ipam::{Address, Demand, Placement, Pool, Prefix, Request, Row, rfc3531::Order};
use std::io::Write;

/// The most networks that one command places.
const MOST: u128 = 10_000;

/// Places networks beside the rows of a file.
///
/// # Errors
/// What is wrong with the network, the rows or the demands; where they do not fit, how many do.
pub(crate) fn allocate<A: Address>(
    network: &str,
    of: &Rows,
    want: &[String],
    policy: Policy,
    output: &Output,
    to: &mut impl Write,
) -> Result<()> {
    let network: Prefix<A> = network.parse()?;
    let rows = of.read::<A>()?;
    let blocks = beside(network, &rows, want, policy, output, to)?;
    let mut pieces: Vec<Piece<A>> =
        usage::pieces(network, &rows).into_iter().filter(|piece| piece.look != Look::Free).collect();
    pieces.extend(blocks.iter().map(|block| Piece {
        interval: block.interval(),
        look: Look::Wanted,
        label: block.to_string(),
    }));
    show::draw(network, format!("{network} with {} more", blocks.len()), &pieces, output, to)
}

/// Places networks beside rows, and shows what is free then.
pub(crate) fn beside<A: Address>(
    network: Prefix<A>,
    rows: &[Row<A>],
    want: &[String],
    policy: Policy,
    output: &Output,
    to: &mut impl Write,
) -> Result<Vec<Prefix<A>>> {
    let pool = Pool::within(network, rows.iter().map(|row| row.range.interval()));
    let allocation = pool.allocate(&requests(&split::demands(want)?)?, &Placement::by(of(policy)))?;
    let mut table = show::table(&["wanted", "block", "first", "last", "addresses"], 4);
    for block in allocation.blocks().iter().take(output.show) {
        let [name, first, last, size] = show::cells((*block).into());
        table.add_row([format!("/{}", block.length()), name, first, last, size]);
    }
    let left = allocation.blocks().len().saturating_sub(output.show);
    show::print(&table, Some(u128::try_from(left)?.into()), to)?;
    let (blocks, after) = allocation.into_parts();
    let largest = after.free().iter().map(|free| free.size()).max().unwrap_or(counterfoil::ipam::Size::ZERO);
    writeln!(
        to,
        "\nfree then: {} addresses in {} intervals, the longest of {}",
        show::grouped(after.size()),
        after.free().len(),
        show::grouped(largest),
    )?;
    Ok(blocks)
}

/// Each network by itself, as a pool takes them.
fn requests<A: Address>(demands: &[Demand<A>]) -> Result<Vec<Request<A>>> {
    let mut requests = Vec::new();
    for demand in demands {
        let Some(count) = demand.count.to_u128().filter(|count| *count <= MOST) else {
            bail!("{} networks of /{} are more than this command places: {MOST} at once", demand.count, demand.length);
        };
        requests.extend((0..count).map(|_| Request::Any(demand.length)));
    }
    Ok(requests)
}

const fn of(policy: Policy) -> counterfoil::ipam::Policy {
    match policy {
        Policy::Leftmost => counterfoil::ipam::Policy::Leftmost,
        Policy::Rightmost => counterfoil::ipam::Policy::Rightmost,
        Policy::BestFit => counterfoil::ipam::Policy::BestFit,
        Policy::Sparse => counterfoil::ipam::Policy::Sparse,
        Policy::Rfc3531 => counterfoil::ipam::Policy::Rfc3531(Order::Leftmost),
    }
}
