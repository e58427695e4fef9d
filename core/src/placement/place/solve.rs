//! From a question to its answer: rules of thumb, bounds, a complete search, a proof.

use super::{
    bounds,
    certificate::{Certificate, GroupOutcome, Outcome, Seat, Witness},
    exact::{self, Outlook},
    field::Field,
    frontier::{self, Reached},
    greedy::{Attempt, Heuristic, Seating},
    item::{Group, Item, check_ids},
    pattern::{Pattern, shares_of},
    question::{Question, spread_out},
    steps::{Spent, Steps, WorkBudget},
    verify::{Checker, Verification},
};
use crate::{
    error::PlacementError,
    placement::{Rules, Snapshot},
};
use std::collections::BTreeMap;

/// Places groups of items, each whole or not at all, in the order given, each on what the ones before it left.
///
/// First the rules of thumb ([`Heuristic::ALL`]), then bounds that prove that there is no way, then a complete search by node
/// in which equal nodes are not told apart. Nodes are taken by name, so the order of the inventory changes nothing, and
/// equal questions have equal answers to the last card.
///
/// A node takes what is free on it: of cards whole ones, and shares that fit on one card each; one pod slot for each copy. What
/// nobody knows is not used, unless the rules allow it ([`WhereUnknown::Allow`](crate::placement::WhereUnknown::Allow), and
/// [`Stock`](crate::placement::WhereUnknown::Stock), where the ledger has judged before): then it is taken to be there
/// without limit. Cards of an unknown model are of no model, and never used.
///
/// Work is bounded by the budget, whatever is asked; the search for one answer is exponential at worst.
///
/// # Errors
/// `placement.repeated_item` where an id stands twice, in one group or in two; `placement.answer_not_verified` where the
/// library contradicts itself, which is a fault of it.
///
/// # Examples
///
/// First-fit would put the small item on the only large node:
/// ```
/// use counterfoil::placement::*;
///
/// let node = |name: &str, cores: u64| {
///     let mut node = Node::worker(name);
///     node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(cores * 1000)));
///     node
/// };
/// let item = |id: &str, cores: u64, replicas| {
///     let request = Request::new([(Resource::Cpu, cores * 1000)])?;
///     Ok::<_, counterfoil::error::PlacementError>(Item::new(Product::new(id, request), replicas))
/// };
/// let snapshot = Snapshot::new([node("big", 8), node("small", 4)], [], Sharing::Named)?;
/// let both = Group::new("both", [item("s", 4, 1)?, item("b", 8, 1)?]);
/// let answer = place(&snapshot, &[both], &Rules::strict(), WorkBudget::DEFAULT)?.remove(0);
/// let Outcome::Placed(witness) = answer.outcome else { panic!("it fits") };
/// let seats: Vec<_> = witness.seats.iter().map(|seat| (seat.item.as_str(), seat.node.as_str())).collect();
/// assert_eq!(seats, [("s", "small"), ("b", "big")]);
///
/// // Three of 2 in 3 + 3: each node holds one.
/// let snapshot = Snapshot::new([node("a", 3), node("b", 3)], [], Sharing::Named)?;
/// let three = Group::new("three", [item("t", 2, 3)?]);
/// let answer = place(&snapshot, &[three], &Rules::strict(), WorkBudget::DEFAULT)?.remove(0);
/// assert_eq!(answer.outcome, Outcome::Impossible(Certificate::Count { item: "t".into(), asked: 3, fits: 2 }));
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A10
pub fn place(
    snapshot: &Snapshot,
    groups: &[Group],
    rules: &Rules,
    budget: WorkBudget,
) -> Result<Vec<GroupOutcome>, PlacementError> {
    answer(snapshot, groups, rules, budget, &Heuristic::ALL, Field::solve)
}

/// Places groups by one rule of thumb alone, as a scheduler would: `Placed`, or `GaveUp` with what it placed.
///
/// # Errors
/// As [`place`].
///
/// # Rule
/// R-A10
pub fn place_by(
    heuristic: Heuristic,
    snapshot: &Snapshot,
    groups: &[Group],
    rules: &Rules,
    budget: WorkBudget,
) -> Result<Vec<GroupOutcome>, PlacementError> {
    answer(snapshot, groups, rules, budget, &[heuristic], |_, _, _| Ok(None))
}

/// What is known of a group beside a witness that a rule of thumb found.
type Proof = Option<Result<Vec<Seating>, Certificate>>;

fn answer(
    snapshot: &Snapshot,
    groups: &[Group],
    rules: &Rules,
    budget: WorkBudget,
    heuristics: &[Heuristic],
    solve: impl Fn(&Field, &[usize], &mut Steps) -> Result<Proof, Spent>,
) -> Result<Vec<GroupOutcome>, PlacementError> {
    let items: Vec<&Item> = groups.iter().flat_map(|group| &group.items).collect();
    check_ids(items.iter().map(|item| item.id()))?;
    let mut steps = Steps::of(budget);
    let mut field = Field::read(snapshot, &items, rules, &mut steps).ok();
    let mut checker = Checker::new(snapshot, rules);
    let (mut outcomes, mut first) = (Vec::with_capacity(groups.len()), 0_usize);
    let mut spent_before = 0;
    for group in groups {
        let next = first.saturating_add(group.items.len());
        let kinds: Vec<usize> = (first..next).collect();
        first = next;
        let is_empty = group.items.iter().all(|item| item.replicas == 0);
        let outcome = match &mut field {
            _ if is_empty => Outcome::Placed(Witness::default()),
            None => Outcome::GaveUp { best: Witness::default() },
            Some(field) => of_group(field, &kinds, heuristics, &solve, &mut steps),
        };
        let outcome = match (checker.check(group, &outcome, &mut steps), outcome) {
            (Verification::Verified | Verification::NothingClaimed, outcome) => outcome,
            // Found, but too much to be checked within the budget. What was placed is taken of the field and not of the checker,
            // so nothing is said of the groups after it.
            (Verification::Unchecked, Outcome::Placed(_)) => {
                field = None;
                Outcome::GaveUp { best: Witness::default() }
            }
            (Verification::Unchecked, _) => Outcome::GaveUp { best: Witness::default() },
            (Verification::Rejected(rejection), _) => {
                let fault = rejection.name();
                return Err(PlacementError::AnswerNotVerified { group: group.name.clone(), fault });
            }
        };
        let spent = steps.spent().saturating_sub(spent_before);
        spent_before = steps.spent();
        outcomes.push(GroupOutcome { group: group.name.clone(), outcome, spent });
    }
    Ok(outcomes)
}

fn of_group(
    field: &mut Field,
    kinds: &[usize],
    heuristics: &[Heuristic],
    solve: impl Fn(&Field, &[usize], &mut Steps) -> Result<Proof, Spent>,
    steps: &mut Steps,
) -> Outcome {
    let mut best: Option<Attempt> = None;
    for (turn, heuristic) in heuristics.iter().enumerate() {
        // One rule of thumb may cost a quarter of what is left, so that something remains for a proof.
        let attempt =
            steps.part(if heuristics.len() > 1 { 4 } else { 1 }, |steps| field.attempt(kinds, *heuristic, steps));
        let Ok(attempt) = attempt else { break };
        if attempt.is_complete {
            let witness = field.witness(attempt.seatings);
            field.state = attempt.state;
            return Outcome::Placed(witness);
        }
        if best.as_ref().is_none_or(|best| best.placed < attempt.placed) {
            best = Some(attempt);
        }
        if turn == 0
            && let Ok(Some(certificate)) = quick(field, kinds, steps)
        {
            return Outcome::Impossible(certificate);
        }
    }
    match solve(field, kinds, steps) {
        Ok(Some(Err(certificate))) => Outcome::Impossible(certificate),
        Ok(Some(Ok(seatings))) => {
            for Seating { kind, node, copies, cards } in &seatings {
                if let Some(kind) = field.kinds.get(*kind) {
                    field.state.put_on(kind, *node, *copies, cards);
                }
            }
            Outcome::Placed(field.witness(seatings))
        }
        Ok(None) | Err(Spent) => {
            Outcome::GaveUp { best: best.map(|best| field.witness(best.seatings)).unwrap_or_default() }
        }
    }
}

fn quick(field: &Field, kinds: &[usize], steps: &mut Steps) -> Result<Option<Certificate>, Spent> {
    bounds::quick(&Question::new(field, kinds, steps)?, steps)
}

impl Field {
    /// Bounds and complete searches.
    fn solve(&self, kinds: &[usize], steps: &mut Steps) -> Result<Proof, Spent> {
        let question = Question::new(self, kinds, steps)?.classified(steps)?;
        // A bound that costs too much is left, and the search goes on.
        if let Ok(Some(certificate)) = steps.part(4, |steps| bounds::weighted(&question, steps)) {
            return Ok(Some(Err(certificate)));
        }
        let outlook = Outlook::new(&question, steps)?;
        if let Ok(Some(patterns)) = steps.part(2, |steps| exact::search(&outlook, steps)) {
            return Ok(Some(Ok(question.seatings(&outlook, patterns, steps)?)));
        }
        Ok(match steps.part(2, |steps| frontier::search(&question, &outlook, steps))? {
            Reached::Enough(patterns) => Some(Ok(question.seatings(&outlook, patterns, steps)?)),
            Reached::Never(certificate) => Some(Err(certificate)),
        })
    }

    /// Seatings by name, those of one item on one node together.
    pub(super) fn witness(&self, seatings: Vec<Seating>) -> Witness {
        let mut together: BTreeMap<(usize, usize), Seating> = BTreeMap::new();
        for seating in seatings {
            let key = (seating.kind, seating.node);
            let known = together.entry(key).or_insert_with(|| Seating::of(seating.kind, seating.node));
            known.copies = known.copies.saturating_add(seating.copies);
            for (model, cards) in seating.cards {
                match known.cards.iter_mut().find(|(of, _)| *of == model) {
                    Some((_, on)) => on.extend(cards),
                    None => known.cards.push((model, cards)),
                }
            }
        }
        let named = |seating: Seating| {
            let mut cards = BTreeMap::new();
            for (model, mut on) in seating.cards {
                on.sort_unstable();
                cards.insert(self.models.get(model)?.clone(), on);
            }
            Some(Seat {
                item: self.kinds.get(seating.kind)?.id.clone(),
                node: self.names.get(seating.node)?.clone(),
                replicas: seating.copies,
                cards,
            })
        };
        Witness { seats: together.into_values().filter(|seating| seating.copies > 0).filter_map(named).collect() }
    }
}

impl Question<'_> {
    /// Patterns of the first nodes of the row as copies on nodes and cards, without what is more than enough.
    fn seatings(
        &self,
        outlook: &Outlook<'_, '_>,
        mut patterns: Vec<Pattern>,
        steps: &mut Steps,
    ) -> Result<Vec<Seating>, Spent> {
        let mut covered = vec![0; self.coordinates.len()];
        for (place, pattern) in patterns.iter().enumerate() {
            covered = outlook.with(place, &covered, pattern);
        }
        let mut wanted = Vec::new();
        for (place, (_, kind)) in self.kinds.iter().enumerate() {
            match &kind.spread {
                None => wanted.push(kind.replicas),
                Some(spread) => {
                    wanted.extend(spread_out(self.of_kind(place, &covered), kind.replicas, spread.max_skew));
                }
            }
        }
        let mut too_many: Vec<u64> =
            covered.iter().zip(wanted).map(|(covered, wanted)| covered.saturating_sub(wanted)).collect();
        for (place, pattern) in patterns.iter_mut().enumerate().rev() {
            let Some((class, _)) = outlook.at(place) else { continue };
            for (copies, coordinate) in pattern.iter_mut().zip(&class.coordinate) {
                if let Some(over) = coordinate.and_then(|coordinate| too_many.get_mut(coordinate)) {
                    let fewer = (*over).min(*copies);
                    *copies = copies.saturating_sub(fewer);
                    *over = over.saturating_sub(fewer);
                }
            }
        }
        let mut seatings = Vec::new();
        for (place, pattern) in patterns.iter().enumerate() {
            if let Some((_, node)) = outlook.at(place) {
                seatings.extend(self.seated(node, pattern, steps)?);
            }
        }
        Ok(seatings)
    }

    /// A pattern of one node, each share on its card.
    pub(super) fn seated(&self, node: usize, pattern: &[u64], steps: &mut Steps) -> Result<Vec<Seating>, Spent> {
        let mut seatings: Vec<Seating> = self
            .kinds
            .iter()
            .zip(pattern)
            .map(|((number, _), copies)| Seating { copies: *copies, ..Seating::of(*number, node) })
            .collect();
        for (model, cards) in self.field.state.cards(node).iter().enumerate() {
            let whole = |((_, kind), copies): (&(usize, &super::field::Kind), &u64)| {
                let asked = kind.whole.iter().filter(|(asked, _)| *asked == model);
                asked.fold(0_u64, |sum, (_, cards)| sum.saturating_add(cards.saturating_mul(*copies)))
            };
            let whole = self.kinds.iter().zip(pattern).map(whole).fold(0, u64::saturating_add);
            let shares = shares_of(&self.kinds, pattern, model);
            let (bins, mut names) = cards.bins();
            let sizes: Vec<(u64, u64)> = shares.iter().map(|(milli, copies, _)| (*milli, *copies)).collect();
            let packed = bins.pack(whole, &sizes, steps)?.ok_or(Spent)?;
            let opened = packed.iter().max().map_or(0, |last| last.saturating_add(1)).saturating_sub(names.len());
            names.extend(cards.new_cards(opened));
            let mut packed = packed.into_iter();
            for (_, copies, place) in shares {
                let bins = (0..copies).map_while(|_| packed.next());
                let on: Vec<u64> = bins.filter_map(|bin| names.get(bin).copied()).collect();
                if let Some(seating) = seatings.get_mut(place).filter(|_| !on.is_empty()) {
                    seating.cards.push((model, on));
                }
            }
        }
        seatings.retain(|seating| seating.copies > 0);
        Ok(seatings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::{Capacity, Node, Product, Request, Resource, Sharing, Spread, Supply};

    /// Random small questions, each asked of both complete searches without any bound before them: they say the same, and what
    /// the frontier says no to is verified.
    #[test]
    fn both_searches_agree_and_every_frontier_is_verified() {
        let mut seed = 7_u64;
        let mut next = |most: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % (most + 1)
        };
        let gpu: Resource = "gpu[T4]".parse().expect("a resource");
        let (mut placed, mut proved) = (0, 0);
        for _ in 0..1500 {
            let nodes = (0..2 + next(2)).map(|number| {
                let mut node = Node::worker(format!("n{number}"));
                let supply = |amount| Supply::Known(Capacity::of(amount));
                node.supplies.insert(Resource::Cpu, supply(3 + next(5)));
                node.supplies.insert(gpu.clone(), supply(next(2) * 1000 + next(1) * 500));
                node.labels.insert("zone".into(), next(1).to_string());
                node.slots = (next(3) == 0).then(|| 1 + next(3));
                node
            });
            let snapshot = Snapshot::new(nodes.collect::<Vec<_>>(), [], Sharing::Named).expect("an inventory");
            let items = (0..2 + next(1)).map(|number| {
                let cards = [0, 0, 300, 500, 600, 1000][usize::try_from(next(5)).expect("small")];
                let request = Request::new([(Resource::Cpu, next(4)), (gpu.clone(), cards)]).expect("a request");
                Item {
                    max_per_node: (next(3) == 0).then(|| 1 + next(1)),
                    spread: (next(3) == 0).then(|| Spread { key: "zone".into(), max_skew: next(2) }),
                    ..Item::new(Product::new(format!("i{number}"), request), 1 + next(2))
                }
            });
            let group = Group::new("group", items.collect::<Vec<_>>());
            let items: Vec<&Item> = group.items.iter().collect();
            let rules = Rules::strict();
            let mut steps = Steps::of(WorkBudget::DEFAULT);
            let field = Field::read(&snapshot, &items, &rules, &mut steps).expect("a small field");
            let kinds: Vec<usize> = (0..items.len()).collect();
            let question =
                Question::new(&field, &kinds, &mut steps).and_then(|question| question.classified(&mut steps));
            let question = question.expect("a small question");
            let outlook = Outlook::new(&question, &mut steps).expect("a small outlook");

            let deep = exact::search(&outlook, &mut steps).expect("the budget suffices");
            let wide = frontier::search(&question, &outlook, &mut steps).expect("the budget suffices");
            let mut checker = Checker::new(&snapshot, &rules);
            match (deep, wide) {
                (Some(deep), Reached::Enough(wide)) => {
                    placed += 1;
                    for patterns in [deep, wide] {
                        let seatings = question.seatings(&outlook, patterns, &mut steps).expect("it was found");
                        let outcome = Outcome::Placed(field.witness(seatings));
                        let mut checker = Checker::new(&snapshot, &rules);
                        assert_eq!(checker.check(&group, &outcome, &mut steps), Verification::Verified, "{outcome:?}");
                    }
                }
                (None, Reached::Never(certificate)) => {
                    proved += 1;
                    let outcome = Outcome::Impossible(certificate);
                    assert_eq!(checker.check(&group, &outcome, &mut steps), Verification::Verified, "{outcome:?}");
                }
                (deep, _) => panic!("depth first says {}: {group:?} {snapshot:?}", deep.is_some()),
            }
        }
        assert!(placed > 200 && proved > 200, "{placed} {proved}");
    }
}
