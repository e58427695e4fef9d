//! Which nodes a product may run on at all: roles, states, labels and taints, judged once for each requirement and once
//! for each list of taints.

use crate::placement::{
    Constraints, FieldRequirement, FirstReasons, Operator, Refusal, Requirement, Rules, Stage, Taint, Telling, Term,
    Toleration, snapshot::bits::Bits, snapshot::columns::Columns,
};
use std::collections::BTreeMap;

/// The nodes that products of the same constraints may run on, and why not on the others.
#[derive(Debug, Clone)]
pub(in crate::placement) struct Group {
    pub(in crate::placement) ok: Bits,
    /// What is told, but of what is free.
    pub(in crate::placement) told: Vec<Told>,
    pub(in crate::placement) first: FirstReasons,
    /// What refuses a product of the group that no node takes.
    pub(in crate::placement) stage: Stage,
    /// By reason, the nodes that give it: of all of them, whatever is told.
    pub(in crate::placement) refusing: Vec<Bits>,
}

#[derive(Debug, Clone)]
pub(in crate::placement) struct Told {
    pub(in crate::placement) refusal: Refusal,
    pub(in crate::placement) nodes: u64,
    /// The first by name.
    pub(in crate::placement) slot: usize,
}

/// The rules of a question over the nodes of a snapshot.
pub(in crate::placement) struct Standing<'s> {
    columns: &'s Columns,
    ranks: Option<&'s [usize]>,
    telling: Telling,
    /// The nodes that pass what the rules ask of every product.
    left: Bits,
    /// Workers that carry the labels which the rules ask for.
    labelled_workers: Bits,
    common: Common,
    judged: BTreeMap<Requirement, Bits>,
    tolerating: BTreeMap<Vec<Toleration>, Untolerated>,
}

/// The nodes with a taint that is not tolerated, all of them and by the first taint of each.
#[derive(Clone)]
struct Untolerated {
    all: Bits,
    by_taint: Vec<(Refusal, Vec<usize>)>,
}

/// What holds for every product.
struct Common {
    told: Vec<Told>,
    first: FirstReasons,
    refusing: Vec<Bits>,
}

/// So many judgements of requirements are kept for the next product.
const KEPT: usize = 1024;

impl<'s> Standing<'s> {
    pub(in crate::placement) fn new(
        columns: &'s Columns,
        ranks: Option<&'s [usize]>,
        rules: &Rules,
        telling: Telling,
    ) -> Self {
        let slots = columns.len();
        let common = Common { told: Vec::new(), first: FirstReasons::default(), refusing: Vec::new() };
        let (all, judged, tolerating) = (Bits::all(slots), BTreeMap::new(), BTreeMap::new());
        let mut standing =
            Self { columns, ranks, telling, left: all.clone(), labelled_workers: all, common, judged, tolerating };
        let listed = |listed: &[usize]| Bits::of(slots, listed.iter().copied());
        let not_workers = listed(&columns.index.not_workers);
        let required = standing.selected(&rules.required_labels);
        let added = standing.any_term(rules.added_affinity.as_deref());
        let all = Bits::all(slots);
        standing.labelled_workers = required.both(&added).without(&not_workers);
        let checks = [
            (Refusal::NotWorker, not_workers),
            (Refusal::NotReady, listed(&columns.index.not_ready)),
            (Refusal::Cordoned, listed(&columns.index.cordoned)),
            (Refusal::RequiredLabel, all.without(&required)),
            (Refusal::AddedAffinity, all.without(&added)),
        ];
        for (refusal, failing) in checks {
            let first = failing.both(&standing.left);
            standing.common.first.add(&refusal, first.count());
            let told = standing.told(refusal, if telling == Telling::Every { &failing } else { &first });
            standing.common.told.extend(told);
            standing.left = standing.left.without(&first);
            standing.common.refusing.push(failing);
        }
        standing
    }

    pub(in crate::placement) fn group(&mut self, constraints: &Constraints) -> Group {
        let mut labels = self.selected(&constraints.node_selector);
        labels.keep(&self.any_term(constraints.affinity.as_deref()));
        let mut group = Group {
            ok: self.left.clone(),
            told: self.common.told.clone(),
            first: self.common.first,
            stage: Stage::Dynamic,
            refusing: self.common.refusing.clone(),
        };
        let failing = Bits::all(self.columns.len()).without(&labels);
        let first = failing.both(&group.ok);
        group.first.add(&Refusal::Affinity, first.count());
        group.told.extend(self.told(Refusal::Affinity, if self.telling == Telling::Every { &failing } else { &first }));
        group.ok = group.ok.without(&first);
        group.refusing.push(failing);

        let Untolerated { all: untolerated, by_taint } = self.untolerated(&constraints.tolerations);
        for (refusal, slots) in by_taint {
            let is_told = |slot: &usize| self.telling == Telling::Every || group.ok.contains(*slot);
            let told =
                slots.into_iter().filter(is_told).map(|slot| (1_u64, slot)).reduce(|(nodes, first), (_, slot)| {
                    let first = if self.rank(slot) < self.rank(first) { slot } else { first };
                    (nodes.saturating_add(1), first)
                });
            group.told.extend(told.map(|(nodes, slot)| Told { refusal, nodes, slot }));
        }
        let labelled = self.labelled_workers.both(&labels);
        group.stage = if labelled.is_empty() && self.has_workers() {
            Stage::Label
        } else if labelled.without(&untolerated).is_empty() && !labelled.is_empty() {
            Stage::Taint
        } else {
            Stage::Dynamic
        };
        let first = untolerated.both(&group.ok);
        group.first.taint = first.count();
        group.ok = group.ok.without(&first);
        group.refusing.push(untolerated);
        group
    }

    fn untolerated(&mut self, tolerations: &[Toleration]) -> Untolerated {
        if let Some(judged) = self.tolerating.get(tolerations) {
            return judged.clone();
        }
        let mut all = Bits::none(self.columns.len());
        let mut by_taint: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (taints, slots) in &self.columns.index.taints {
            let Some(taint) = Taint::first_untolerated(taints, tolerations) else { continue };
            slots.iter().for_each(|slot| all.insert(*slot));
            by_taint.entry((&taint.key, &taint.value)).or_default().extend(slots);
        }
        let refusal = |(key, value): (&str, &str)| Refusal::Taint { key: key.to_owned(), value: value.to_owned() };
        let by_taint = by_taint.into_iter().map(|(taint, slots)| (refusal(taint), slots)).collect();
        let untolerated = Untolerated { all, by_taint };
        if self.tolerating.len() < KEPT {
            self.tolerating.insert(tolerations.to_vec(), untolerated.clone());
        }
        untolerated
    }

    fn told(&self, refusal: Refusal, failing: &Bits) -> Option<Told> {
        let slot = match self.ranks {
            None => failing.slots().next(),
            Some(_) => failing.slots().min_by_key(|slot| self.rank(*slot)),
        };
        Some(Told { refusal, nodes: failing.count(), slot: slot? })
    }

    fn rank(&self, slot: usize) -> usize {
        self.ranks.map_or(Some(slot), |ranks| ranks.get(slot).copied()).unwrap_or(usize::MAX)
    }

    fn has_workers(&self) -> bool {
        self.columns.index.not_workers.len() < self.columns.len()
    }

    fn selected(&mut self, labels: &BTreeMap<String, String>) -> Bits {
        let slots = self.columns.len();
        let mut selected = Bits::all(slots);
        for (key, value) in labels {
            let requirement = Requirement { key: key.clone(), operator: Operator::In, values: vec![value.clone()] };
            self.meet(&requirement, &mut selected);
        }
        selected
    }

    fn any_term(&mut self, terms: Option<&[Term]>) -> Bits {
        let slots = self.columns.len();
        let Some(terms) = terms else { return Bits::all(slots) };
        let mut any = Bits::none(slots);
        for term in terms {
            any.add(&self.term(term));
        }
        any
    }

    fn term(&mut self, term: &Term) -> Bits {
        let slots = self.columns.len();
        if term.expressions.is_empty() && term.fields.is_empty() {
            return Bits::none(slots);
        }
        let mut meeting = Bits::all(slots);
        for requirement in &term.expressions {
            self.meet(requirement, &mut meeting);
        }
        for requirement in &term.fields {
            meeting.keep(&self.named(requirement));
        }
        meeting
    }

    fn meet(&mut self, requirement: &Requirement, meeting: &mut Bits) {
        if let Some(met) = self.judged.get(requirement) {
            return meeting.keep(met);
        }
        let met = self.met(requirement);
        meeting.keep(&met);
        if self.judged.len() < KEPT {
            self.judged.insert(requirement.clone(), met);
        }
    }

    fn met(&self, requirement: &Requirement) -> Bits {
        let (slots, index) = (self.columns.len(), &self.columns.index);
        if !requirement.is_valid() {
            return Bits::none(slots);
        }
        let listed = || {
            let mut listed = Bits::none(slots);
            requirement.values.iter().for_each(|value| listed.add(&index.with(slots, &requirement.key, value)));
            listed
        };
        let there = || index.labelled(slots, &requirement.key, |_| true);
        match requirement.operator {
            Operator::In => listed(),
            Operator::NotIn => Bits::all(slots).without(&listed()),
            Operator::Exists => there(),
            Operator::DoesNotExist => Bits::all(slots).without(&there()),
            Operator::Gt | Operator::Lt => {
                index.labelled(slots, &requirement.key, |value| requirement.holds(Some(value)))
            }
        }
    }

    fn named(&self, requirement: &FieldRequirement) -> Bits {
        let slots = self.columns.len();
        let of = |name: &String| Bits::of(slots, self.columns.slot(name));
        match (requirement.is_valid(), requirement.operator) {
            (true, Operator::In) => requirement.values.first().map_or(Bits::none(slots), of),
            (true, _) => Bits::all(slots).without(&requirement.values.first().map_or(Bits::none(slots), of)),
            (false, _) => Bits::none(slots),
        }
    }
}
