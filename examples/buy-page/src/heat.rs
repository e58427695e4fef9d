//! A cluster as a picture: one square for each node, by model of its cards, the darker the more is free.

use crate::show::thousands;
use anyhow::Result;
use askama::Template;
use counterfoil::{
    exact::RoundingMode,
    placement::{Level, Node, Resource, Role, Snapshot, Supply},
};
use std::collections::BTreeMap;

/// Squares in a line, and the side of one, with the gap to the next.
const COLUMNS: u32 = 60;
const SIDE: u32 = 14;
const PITCH: u32 = 17;
/// Where the first group begins, and what its name takes.
const TOP: u32 = 98;
const NAME: u32 = 12;
const MARGIN: u32 = 16;
/// Nodes without cards, whose squares tell of cores.
const NO_CARDS: &str = "no cards";

/// How much is free, in steps that are told apart also without red or green.
const STEPS: [(&str, &str); 6] = [
    ("nothing free", "#f4f1ec"),
    ("up to 1/4", "#d5e3ee"),
    ("up to 1/2", "#9fc3de"),
    ("up to 3/4", "#5b99c7"),
    ("less than all", "#2a6ca5"),
    ("all free", "#0b3d6b"),
];
const CLOSED: (&str, &str) = ("takes nothing new", "#e0b4a8");
const UNKNOWN: (&str, &str) = ("unknown", "#ffffff");

#[derive(Template)]
#[template(path = "heat.svg", escape = "html")]
struct Picture {
    title: String,
    subtitle: String,
    width: u32,
    height: u32,
    side: u32,
    keys: Vec<Key>,
    groups: Vec<Group>,
}

struct Key {
    x: u32,
    name: &'static str,
    colour: &'static str,
}

struct Group {
    name: String,
    about: String,
    name_y: u32,
    cells: Vec<Cell>,
}

struct Cell {
    x: u32,
    y: u32,
    colour: &'static str,
    title: String,
}

/// What is free of a resource, of what there is; none where nobody knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Free {
    free: u64,
    total: u64,
}

/// Draws what is free, by model of cards; nodes without cards by their cores.
pub(crate) fn draw(snapshot: &Snapshot, title: &str, subtitle: &str) -> Result<String> {
    let mut by_model: BTreeMap<String, Vec<(&Node, Resource)>> = BTreeMap::new();
    for node in snapshot.nodes() {
        let cards: Vec<&Resource> = node.supplies.keys().filter(|resource| resource.model().is_some()).collect();
        for resource in &cards {
            let name = resource.to_string();
            by_model.entry(name).or_default().push((node, (*resource).clone()));
        }
        if cards.is_empty() {
            by_model.entry(NO_CARDS.to_owned()).or_default().push((node, Resource::Cpu));
        }
    }
    let (mut groups, mut top) = (Vec::new(), TOP);
    for (name, nodes) in &by_model {
        let cells = (0..).zip(nodes).map(|(place, (node, resource))| cell(snapshot, node, resource, place, top + NAME));
        let (cells, about) = (cells.collect(), about(snapshot, nodes));
        groups.push(Group { name: name.clone(), about, name_y: top, cells });
        let lines = u32::try_from(nodes.len())?.div_ceil(COLUMNS);
        top += NAME + lines * PITCH + 26;
    }
    let looks = STEPS.iter().chain([&CLOSED, &UNKNOWN]);
    let key =
        |(place, (name, colour)): (u32, &(&'static str, &'static str))| Key { x: MARGIN + place * 132, name, colour };
    let picture = Picture {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        width: 2 * MARGIN + COLUMNS.max(63) * PITCH,
        height: top,
        side: SIDE,
        keys: (0..).zip(looks).map(key).collect(),
        groups,
    };
    Ok(picture.render()?)
}

/// The sums of a group, in words.
fn about(snapshot: &Snapshot, nodes: &[(&Node, Resource)]) -> String {
    let sum = nodes.iter().filter_map(|(node, resource)| free_of(snapshot, node, resource));
    let sum = sum.fold(Free::default(), |sum, of| Free {
        free: sum.free.saturating_add(of.free),
        total: sum.total.saturating_add(of.total),
    });
    let resource = nodes.first().map_or(Resource::Cpu, |(_, resource)| resource.clone());
    let unit = match &resource {
        Resource::Gpu(_) => "cards",
        Resource::Mig { .. } => "instances",
        _ => "cores",
    };
    let count = thousands(nodes.len());
    format!("{count} nodes, {} of {} {unit} free", shown(&resource, sum.free), shown(&resource, sum.total))
}

fn cell(snapshot: &Snapshot, node: &Node, resource: &Resource, place: u32, top: u32) -> Cell {
    let free = free_of(snapshot, node, resource);
    let (look, colour) = match free {
        _ if node.role != Role::Worker || !node.ready || node.cordoned => CLOSED,
        None => UNKNOWN,
        Some(free) => step(free),
    };
    let figures = free.map_or_else(
        || "unknown".to_owned(),
        |free| format!("{} of {} {resource} free", shown(resource, free.free), shown(resource, free.total)),
    );
    let title = if (look, colour) == CLOSED {
        format!("{}: {figures}, {look}", node.name)
    } else {
        format!("{}: {figures}", node.name)
    };
    Cell { x: MARGIN + place % COLUMNS * PITCH, y: top + place / COLUMNS * PITCH, colour, title }
}

fn free_of(snapshot: &Snapshot, node: &Node, resource: &Resource) -> Option<Free> {
    let (Level::Known(free), Supply::Known(capacity)) = (snapshot.free(&node.name, resource)?, node.supply(resource))
    else {
        return None;
    };
    Some(Free { free: u64::try_from(free).unwrap_or(0), total: capacity.total })
}

/// No more than there is, with two digits where the unit has parts.
fn shown(resource: &Resource, amount: u64) -> String {
    resource.shown(amount, RoundingMode::Floor)
}

/// Which step a part is: quarters, and the two ends by themselves.
fn step(free: Free) -> (&'static str, &'static str) {
    let is_up_to = |quarters: u128| u128::from(free.free) * 4 <= u128::from(free.total) * quarters;
    let step = match free {
        Free { free: 0, .. } => 0,
        Free { free, total } if free >= total => 5,
        _ if is_up_to(1) => 1,
        _ if is_up_to(2) => 2,
        _ if is_up_to(3) => 3,
        _ => 4,
    };
    STEPS.into_iter().nth(step).unwrap_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil::placement::{Capacity, Sharing};

    #[test]
    fn steps_are_quarters_and_both_ends_stand_alone() {
        let name = |free, total| step(Free { free, total }).0;
        assert_eq!(name(0, 8), "nothing free");
        assert_eq!(name(1, 8), "up to 1/4");
        assert_eq!(name(2, 8), "up to 1/4");
        assert_eq!(name(3, 8), "up to 1/2");
        assert_eq!(name(6, 8), "up to 3/4");
        assert_eq!(name(7, 8), "less than all");
        assert_eq!(name(8, 8), "all free");
    }

    #[test]
    fn every_node_is_drawn_once_with_its_figures() {
        let mut gpu = Node::worker("g <1>");
        gpu.supplies.insert("gpu[T4]".parse().unwrap(), Supply::Known(Capacity::of(4000)));
        let mut cpu = Node::worker("c1");
        cpu.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(32_000)));
        cpu.cordoned = true;
        let snapshot = Snapshot::new([gpu, cpu], [], Sharing::Named).unwrap();
        let picture = draw(&snapshot, "a", "b").unwrap();
        assert_eq!(picture.matches("class=\"node\"").count(), 2);
        assert!(picture.contains("g &#60;1&#62;: 4.00 of 4.00 gpu[T4] free"), "{picture}");
        assert!(picture.contains("c1: 32.00 of 32.00 cpu free, takes nothing new"));
        assert!(picture.contains("1 nodes, 4.00 of 4.00 cards free"));
    }
}
