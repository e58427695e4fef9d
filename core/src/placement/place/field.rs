//! The nodes as a table of numbers: the one place where a snapshot is read for placing.

use super::{
    item::{Item, Looks, Spread},
    state::{Columns, State, UNLIMITED},
    steps::{Spent, Steps},
};
use crate::{
    placement::{Constraints, Product, Resource, Rules, Snapshot, request::CARD, snapshot::standing},
    units::Name,
};
use std::collections::BTreeMap;

/// Nodes and kinds of copies, by number.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// By name: the order in which ties are decided.
    pub(super) names: Vec<String>,
    /// Resources that add up.
    pub(super) lanes: Vec<Resource>,
    /// Models of cards.
    pub(super) models: Vec<Name>,
    pub(super) kinds: Vec<Kind>,
    /// The nodes that have cards of a model at all, by model; then all nodes.
    candidates: Vec<Vec<usize>>,
    /// Which nodes may run a kind, by [`Kind::eligible`].
    eligible: Vec<Vec<bool>>,
    /// The domains of a spread, by [`Kind::spread`].
    pub(super) domains: Vec<Domains>,
    pub(super) state: State,
}

/// One copy of an item, by numbers.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub(super) id: String,
    /// What a row must have at least, by column: enough for one copy.
    needs: Vec<(usize, u64)>,
    /// What one copy takes of a lane or of the cards of a model, as a part of all there is, by the place of its weight.
    pub(super) parts: Vec<(usize, u128)>,
    /// The sum of these parts.
    pub(super) size: u128,
    pub(super) amounts: Vec<(usize, u64)>,
    /// Whole cards, by model.
    pub(super) whole: Vec<(usize, u64)>,
    /// A share of a card in milli-cards, by model.
    pub(super) shares: Vec<(usize, u64)>,
    eligible: usize,
    pub(super) replicas: u64,
    pub(super) max_per_node: u64,
    pub(super) spread: Option<KindSpread>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct KindSpread {
    pub(super) max_skew: u64,
    pub(super) domains: usize,
}

/// The values of a label on the nodes that may run a kind.
#[derive(Debug, Clone)]
pub(super) struct Domains {
    pub(super) values: Vec<String>,
    of: Vec<Option<usize>>,
}

impl Domains {
    pub(super) fn of(&self, node: usize) -> Option<usize> {
        self.of.get(node).copied().flatten()
    }
}

impl Field {
    /// Reads a snapshot for some items.
    pub(super) fn read(snapshot: &Snapshot, items: &[&Item], rules: &Rules, steps: &mut Steps) -> Result<Self, Spent> {
        let judged = |product: &Product| -> Vec<(Resource, u64)> {
            let parts = product.request.iter().filter(|(resource, _)| !rules.ignores(resource));
            parts.map(|(resource, amount)| (resource.clone(), amount)).collect()
        };
        let mut lanes: BTreeMap<Resource, usize> = BTreeMap::new();
        let mut models: BTreeMap<Name, usize> = BTreeMap::new();
        for (resource, _) in items.iter().flat_map(|item| judged(&item.product)) {
            match resource {
                Resource::Gpu(model) => _ = models.insert(model, 0),
                resource => _ = lanes.insert(resource, 0),
            }
        }
        (0..).zip(lanes.values_mut()).for_each(|(number, lane)| *lane = number);
        (0..).zip(models.values_mut()).for_each(|(number, model)| *model = number);
        let columns = Columns { lanes: lanes.len(), models: models.len() };
        steps.take_table(snapshot.nodes().len(), columns.width())?;
        let state = State::read(snapshot, &lanes, &models, columns, rules);

        let mut field = Self {
            names: snapshot.nodes().map(|node| node.name.clone()).collect(),
            lanes: lanes.keys().cloned().collect(),
            models: models.keys().cloned().collect(),
            kinds: Vec::with_capacity(items.len()),
            candidates: state.candidates(),
            eligible: Vec::new(),
            domains: Vec::new(),
            state,
        };
        let mut known = Eligible { snapshot, rules, constraints: BTreeMap::new(), spreads: BTreeMap::new() };
        for item in items {
            let eligible = known.constraints(&item.product.constraints, &mut field, steps)?;
            let spread = match &item.spread {
                Some(spread) => Some(known.spread(eligible, spread, &mut field, steps)?),
                None => None,
            };
            let mut kind = Kind {
                id: item.product.id.clone(),
                needs: vec![(columns.slots(), 1)],
                parts: Vec::new(),
                size: 0,
                amounts: Vec::new(),
                whole: Vec::new(),
                shares: Vec::new(),
                eligible,
                replicas: item.replicas,
                max_per_node: item.max_per_node.unwrap_or(UNLIMITED),
                spread,
            };
            for (resource, amount) in judged(&item.product) {
                match &resource {
                    Resource::Gpu(model) => kind.asks_cards(models.get(model).copied().unwrap_or(0), amount, columns),
                    _ => kind.asks(lanes.get(&resource).copied().unwrap_or(0), amount),
                }
            }
            kind.size = field.state.weigh(&mut kind.parts);
            field.kinds.push(kind);
        }
        Ok(field)
    }

    pub(super) fn is_eligible(&self, kind: &Kind, node: usize) -> bool {
        let may_run = self.eligible.get(kind.eligible).and_then(|nodes| nodes.get(node)).copied().unwrap_or(false);
        may_run && (kind.spread.is_none() || self.domain(kind, node).is_some())
    }

    /// The domain of a node, of a kind that is spread.
    pub(super) fn domain(&self, kind: &Kind, node: usize) -> Option<usize> {
        self.domains.get(kind.spread?.domains)?.of(node)
    }

    /// The nodes that may run a kind, each with its row; those without any card that it asks for are left out.
    pub(super) fn rows(&self, kind: &Kind) -> impl Iterator<Item = (usize, &[u64])> {
        let may_run = self.eligible.get(kind.eligible).map_or(&[][..], Vec::as_slice);
        let domains = kind.spread.and_then(|spread| self.domains.get(spread.domains));
        let candidates = self.candidates.get(kind.candidates(self.models.len())).map_or(&[][..], Vec::as_slice);
        let is_eligible = move |node: &usize| {
            may_run.get(*node) == Some(&true) && domains.is_none_or(|domains| domains.of(*node).is_some())
        };
        candidates.iter().copied().filter(is_eligible).map(|node| (node, self.state.row(node)))
    }
}

impl Kind {
    fn asks(&mut self, lane: usize, amount: u64) {
        self.needs.push((lane, amount));
        self.amounts.push((lane, amount));
        self.parts.push((lane, u128::from(amount)));
    }

    fn asks_cards(&mut self, model: usize, milli: u64, columns: Columns) {
        if milli < CARD {
            // What few nodes have is looked at first.
            self.needs.insert(0, (columns.largest(model), milli));
            self.shares.push((model, milli));
        } else {
            let cards = milli.wrapping_div(CARD);
            self.needs.insert(0, (columns.untouched(model), cards));
            self.whole.push((model, cards));
        }
        self.parts.push((columns.lanes.saturating_add(model), u128::from(milli)));
    }

    /// The place of its list of candidates.
    fn candidates(&self, all: usize) -> usize {
        self.whole.iter().chain(&self.shares).map(|(model, _)| *model).next().unwrap_or(all)
    }

    /// Whether a row has enough for one copy.
    pub(super) fn fits(&self, row: &[u64]) -> bool {
        self.needs.iter().all(|(column, need)| row.get(*column).is_some_and(|free| free >= need))
    }
}

/// Which nodes may run what, each set of constraints and each spread once.
struct Eligible<'s> {
    snapshot: &'s Snapshot,
    rules: &'s Rules,
    constraints: BTreeMap<Constraints, usize>,
    spreads: BTreeMap<(usize, String), usize>,
}

impl Eligible<'_> {
    fn constraints(&mut self, constraints: &Constraints, field: &mut Field, steps: &mut Steps) -> Result<usize, Spent> {
        if let Some(known) = self.constraints.get(constraints) {
            return Ok(*known);
        }
        steps.take_table(self.snapshot.nodes().len(), 1)?;
        let looks = Looks::of(constraints, self.rules);
        let more = self.snapshot.nodes().map(|node| looks.at(node)).fold(0, usize::saturating_add);
        steps.take_table(more, 1)?;
        let may_run = self.snapshot.nodes().map(|node| standing(node, constraints, self.rules).is_empty());
        field.eligible.push(may_run.collect());
        let number = self.constraints.len();
        self.constraints.insert(constraints.clone(), number);
        Ok(number)
    }

    fn spread(
        &mut self,
        eligible: usize,
        spread: &Spread,
        field: &mut Field,
        steps: &mut Steps,
    ) -> Result<KindSpread, Spent> {
        let key = (eligible, spread.key.clone());
        let known = self.spreads.get(&key).copied();
        if let Some(domains) = known {
            return Ok(KindSpread { max_skew: spread.max_skew, domains });
        }
        steps.take_table(self.snapshot.nodes().len(), 1)?;
        let may_run = field.eligible.get(eligible).map_or(&[][..], Vec::as_slice);
        let labels = self.snapshot.nodes().zip(may_run).map(|(node, may_run)| {
            let value = node.labels.get(&spread.key);
            value.filter(|_| *may_run)
        });
        let labels: Vec<Option<&String>> = labels.collect();
        let mut values: BTreeMap<&String, usize> = labels.iter().flatten().map(|value| (*value, 0)).collect();
        (0..).zip(values.values_mut()).for_each(|(number, value)| *value = number);
        let of = labels.iter().map(|value| values.get((*value)?).copied()).collect();
        let values = values.into_keys().cloned().collect();
        let domains = field.domains.len();
        field.domains.push(Domains { values, of });
        self.spreads.insert(key, domains);
        Ok(KindSpread { max_skew: spread.max_skew, domains })
    }
}
