//! Small worlds of nodes and products with everything in them that can go wrong, and the slow, obvious answers about
//! them: every node asked by itself, by `Snapshot::refusals`.

#![allow(dead_code, reason = "each test takes what it needs of it")]

use counterfoil::placement::*;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers that follow from a seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(u64::try_from(choices.len()).unwrap())).unwrap()].clone()
    }
}

pub(crate) fn resources() -> Vec<Resource> {
    [
        "cpu",
        "memory",
        "disk[SYS]",
        "disk[DATA]",
        "gpu[A100]",
        "gpu",
        "mig[A100/1g.10gb]",
        "example.com/x",
        "other.org/y",
    ]
    .map(|text| text.parse().unwrap())
    .to_vec()
}

/// Around the ends of what 32 and 64 bits hold, and small.
const AMOUNTS: [u64; 22] = [
    0,
    1,
    2,
    3,
    4,
    5,
    999,
    1000,
    1600,
    2000,
    (1 << 20) - 1,
    1 << 20,
    3 << 20,
    (1 << 31) - 1,
    1 << 31,
    (1 << 31) + 1,
    (1 << 32) - 1,
    1 << 32,
    (1 << 51) - (1 << 20),
    1 << 51,
    (1 << 63) - 2,
    (1 << 63) - 1,
];

fn amount(dice: &mut Dice, resource: &Resource) -> u64 {
    match resource {
        Resource::Gpu(_) => dice.of(&[0, 1, 300, 460, 500, 999, 1000, 1000, 2000, 3000, 8000]),
        Resource::Mig { .. } => dice.below(4),
        _ if dice.one_in(2) => dice.below(6),
        _ => dice.of(&AMOUNTS),
    }
}

pub(crate) fn node(dice: &mut Dice, name: String) -> Node {
    let mut node = Node::worker(name);
    node.role = if dice.one_in(8) { Role::Control } else { Role::Worker };
    node.ready = !dice.one_in(8);
    node.cordoned = dice.one_in(8);
    for (key, values) in [("zone", ["a", "b", "c"]), ("n", ["5", "-7", "x"]), ("kyy-gpu", ["true", "false", ""])] {
        if !dice.one_in(3) {
            node.labels.insert(key.into(), dice.of(&values).into());
        }
    }
    while dice.one_in(3) {
        node.taints.push(Taint {
            key: dice.of(&["dedicated", "sla"]).into(),
            value: dice.of(&["user1", "950", "800", ""]).into(),
            effect: dice.of(&[Effect::NoSchedule, Effect::NoExecute, Effect::PreferNoSchedule]),
        });
    }
    node.slots = dice.of(&[None, Some(0), Some(1), Some(2), Some(110), Some(u64::MAX)]);
    node.unlisted = dice.of(&[Unlisted::Nothing, Unlisted::Nothing, Unlisted::Unknown]);
    node.cards_of_unknown_model = dice.of(&[0, 0, 0, 1, 2]);
    for resource in resources() {
        let supply = match dice.below(6) {
            0 => continue,
            1 => Supply::Unknown,
            _ => {
                let total = amount(dice, &resource);
                let reserved = if dice.one_in(4) { amount(dice, &resource) % (1 << 62) } else { 0 };
                Supply::Known(Capacity { total, reserved, ..Capacity::of(0) })
            }
        };
        node.supplies.insert(resource, supply);
    }
    node
}

pub(crate) fn request(dice: &mut Dice) -> Request {
    let mut parts = Vec::new();
    for resource in resources() {
        if dice.one_in(3) {
            let amount = amount(dice, &resource);
            parts.push((resource, amount));
        }
    }
    Request::new(parts).unwrap()
}

/// Something that runs, if the node's figures can bear it.
pub(crate) fn running(dice: &mut Dice, id: String, nodes: &[Node]) -> Running {
    let node = dice.of(nodes);
    let mut parts = Vec::new();
    let mut cards = BTreeMap::new();
    for resource in resources() {
        if !dice.one_in(3) {
            continue;
        }
        let amount = amount(dice, &resource) % (1 << 32);
        if let (Resource::Gpu(model), Supply::Known(capacity)) = (&resource, node.supply(&resource))
            && !amount.is_multiple_of(1000)
        {
            let card = dice.below(3);
            let whole = capacity.total.saturating_sub(capacity.reserved) / 1000;
            if card >= whole {
                continue;
            }
            cards.insert(model.clone(), card);
        }
        parts.push((resource, amount));
    }
    Running { id, node: node.name, request: Request::new(parts).unwrap(), cards }
}

fn requirement(dice: &mut Dice) -> Requirement {
    let operators =
        [Operator::In, Operator::NotIn, Operator::Exists, Operator::DoesNotExist, Operator::Gt, Operator::Lt];
    let operator = dice.of(&operators);
    let values = match operator {
        Operator::In | Operator::NotIn => dice.below(3),
        Operator::Gt | Operator::Lt => 1,
        _ => dice.below(5) / 4,
    };
    Requirement {
        key: dice.of(&["zone", "n", "kyy-gpu", "nobody"]).into(),
        operator,
        values: (0..values).map(|_| dice.of(&["a", "b", "true", "false", "5", "0", "-8", "", "x"]).into()).collect(),
    }
}

fn terms(dice: &mut Dice, names: &[String]) -> Vec<Term> {
    let mut terms = Vec::new();
    for _ in 0..dice.below(3) {
        let mut term = Term::default();
        for _ in 0..dice.below(3) {
            term.expressions.push(requirement(dice));
        }
        if dice.one_in(4) {
            term.fields.push(FieldRequirement {
                key: dice.of(&["metadata.name", "metadata.name", "metadata.name", "spec.x"]).into(),
                operator: dice.of(&[Operator::In, Operator::NotIn, Operator::Exists]),
                values: (0..dice.of(&[1, 1, 1, 2])).map(|_| dice.of(names)).collect(),
            });
        }
        terms.push(term);
    }
    terms
}

fn toleration(dice: &mut Dice) -> Toleration {
    let operators =
        [TolerationOperator::Equal, TolerationOperator::Exists, TolerationOperator::Gt, TolerationOperator::Lt];
    Toleration {
        key: dice.of(&["dedicated", "sla", ""]).into(),
        operator: dice.of(&operators),
        value: dice.of(&["user1", "900", ""]).into(),
        effect: dice.of(&[None, None, Some(Effect::NoSchedule), Some(Effect::NoExecute)]),
    }
}

pub(crate) fn product(dice: &mut Dice, id: String, names: &[String]) -> Product {
    let mut product = Product::new(id, request(dice));
    if dice.one_in(3) {
        product.constraints.node_selector.insert("zone".into(), dice.of(&["a", "b", "z"]).into());
    }
    if dice.one_in(3) {
        product.constraints.affinity = Some(terms(dice, names));
    }
    while dice.one_in(2) {
        product.constraints.tolerations.push(toleration(dice));
    }
    product
}

pub(crate) fn rules(dice: &mut Dice, names: &[String]) -> Rules {
    let mut rules = Rules::strict();
    if dice.one_in(4) {
        rules.required_labels.insert("kyy-gpu".into(), dice.of(&["true", "false"]).into());
    }
    if dice.one_in(6) {
        rules.added_affinity = Some(terms(dice, names));
    }
    if dice.one_in(4) {
        rules.ignored_groups = BTreeSet::from(["example.com".into()]);
    }
    rules.where_unknown = dice.of(&[WhereUnknown::Grey, WhereUnknown::Grey, WhereUnknown::Stock, WhereUnknown::Allow]);
    rules
}

pub(crate) struct World {
    pub(crate) nodes: Vec<Node>,
    pub(crate) running: Vec<Running>,
    pub(crate) products: Vec<Product>,
    pub(crate) rules: Rules,
}

impl World {
    pub(crate) fn new(seed: u64, nodes: usize, running: usize, products: usize) -> Self {
        let dice = &mut Dice(seed);
        let nodes: Vec<Node> = (0..nodes).map(|index| node(dice, format!("n{index:04}"))).collect();
        let names: Vec<String> = nodes.iter().map(|node| node.name.clone()).chain(["nobody".into()]).collect();
        let running = if nodes.is_empty() { 0 } else { running };
        let running = (0..running).map(|index| self::running(dice, format!("r{index}"), &nodes)).collect();
        let products = (0..products).map(|index| product(dice, format!("p{index}"), &names)).collect();
        Self { running, products, rules: rules(dice, &names), nodes }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot::new(self.nodes.clone(), self.running.clone(), Sharing::Named).unwrap()
    }
}

/// The slow answer: every node by itself.
pub(crate) struct Model<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) rules: &'s Rules,
}

impl Model<'_> {
    fn refusals(&self, product: &Product) -> Vec<(&Node, Vec<Refusal>)> {
        let of = |node: &Node| self.snapshot.refusals(&node.name, product, self.rules).unwrap();
        self.snapshot.nodes().map(|node| (node, of(node))).collect()
    }

    pub(crate) fn stage(&self, product: &Product) -> Stage {
        let refusals = self.refusals(product);
        let workers: Vec<_> = refusals.iter().filter(|(node, _)| node.role == Role::Worker).collect();
        let is_label =
            |refusal: &Refusal| matches!(refusal, Refusal::RequiredLabel | Refusal::AddedAffinity | Refusal::Affinity);
        let is_taint = |refusal: &Refusal| matches!(refusal, Refusal::Taint { .. });
        let labelled: Vec<_> = workers.iter().filter(|(_, refusals)| !refusals.iter().any(is_label)).collect();
        if !workers.is_empty() && labelled.is_empty() {
            Stage::Label
        } else if !labelled.is_empty() && labelled.iter().all(|(_, refusals)| refusals.iter().any(is_taint)) {
            Stage::Taint
        } else {
            Stage::Dynamic
        }
    }

    pub(crate) fn explanation(&self, product: &Product, telling: Telling) -> Explanation {
        let refusals = self.refusals(product);
        let mut first = FirstReasons::default();
        let mut available = 0;
        let mut reasons: BTreeMap<Refusal, ReasonCount> = BTreeMap::new();
        for (node, refusals) in &refusals {
            let Some(reason) = refusals.first() else {
                available += 1;
                continue;
            };
            *match reason {
                Refusal::NotWorker => &mut first.role,
                Refusal::NotReady => &mut first.ready,
                Refusal::Cordoned => &mut first.cordoned,
                Refusal::RequiredLabel | Refusal::AddedAffinity | Refusal::Affinity => &mut first.label,
                Refusal::Taint { .. } => &mut first.taint,
                Refusal::Unknown { .. } => &mut first.unknown,
                Refusal::TooManyPods | Refusal::Insufficient { .. } => &mut first.parts,
            } += 1;
            let is_of_parts = |refusal: &Refusal| {
                matches!(refusal, Refusal::Unknown { .. } | Refusal::TooManyPods | Refusal::Insufficient { .. })
            };
            let told = if telling == Telling::FirstCheck && !is_of_parts(reason) { 1 } else { refusals.len() };
            for refusal in &refusals[..told] {
                let (key, shortfall) = match refusal {
                    Refusal::Insufficient { resource, needed, free } => (
                        Refusal::Insufficient { resource: resource.clone(), needed: *needed, free: 0 },
                        Some(u64::try_from(i128::from(*needed) - i128::from(*free)).unwrap()),
                    ),
                    other => (other.clone(), None),
                };
                let count = ReasonCount { reason: refusal.clone(), nodes: 0, shortfall, nearest: node.name.clone() };
                let counted = reasons.entry(key).or_insert(count.clone());
                // By name: of equals the first stays.
                if shortfall < counted.shortfall {
                    *counted = ReasonCount { nodes: counted.nodes, ..count };
                }
                counted.nodes += 1;
            }
        }
        let mut reasons: Vec<ReasonCount> = reasons.into_values().collect();
        reasons.sort_by(|a, b| (b.nodes, &a.reason).cmp(&(a.nodes, &b.reason)));
        let nearest = refusals.iter().filter(|_| available == 0).min_by(|(_, a), (_, b)| {
            let (a, b) = ((a.len(), missing(a)), (b.len(), missing(b)));
            a.0.cmp(&b.0).then_with(|| (a.1.0 * b.1.1).cmp(&(b.1.0 * a.1.1)))
        });
        let nearest = nearest.map(|(node, refusals)| Nearest { node: node.name.clone(), refusals: refusals.clone() });
        Explanation { nodes: u64::try_from(refusals.len()).unwrap(), available, reasons, first, nearest }
    }

    pub(crate) fn verdict(&self, product: &Product, checking: Checking) -> Verdict {
        let explanation = self.explanation(product, checking.telling);
        if explanation.available > 0 {
            return Verdict::Sellable { nodes: explanation.available };
        }
        let explanation = match checking.detail {
            Detail::Verdicts => None,
            Detail::Reasons => Some(Explanation { nearest: None, ..explanation }),
            Detail::Nearest => Some(explanation),
        };
        Verdict::Grey { stage: self.stage(product), explanation }
    }

    pub(crate) fn check(&self, products: &[Product], checking: Checking) -> Check {
        let verdicts: Vec<Verdict> = products.iter().map(|product| self.verdict(product, checking)).collect();
        let mut greyed: Vec<String> = Vec::new();
        for (product, verdict) in products.iter().zip(&verdicts) {
            if matches!(verdict, Verdict::Grey { .. }) && !greyed.contains(&product.id) {
                greyed.push(product.id.clone());
            }
        }
        Check { greyed, verdicts }
    }

    /// By node, where nothing that is unknown is taken to be there.
    pub(crate) fn count(&self, product: &Product) -> Count {
        let judged = product.request.iter().filter(|(resource, _)| match resource {
            Resource::Named(name) => {
                !name.as_str().split_once('/').is_some_and(|(group, _)| self.rules.ignored_groups.contains(group))
            }
            _ => true,
        });
        let request = Request::new(judged.map(|(resource, amount)| (resource.clone(), amount))).unwrap();
        let mut sum = Count::Exactly(0);
        for (node, refusals) in self.refusals(product) {
            if refusals.is_empty() {
                let parts = request.iter().map(|(resource, amount)| self.times(&node.name, resource, amount));
                let times = parts.chain(self.snapshot.slots(&node.name).unwrap()).min();
                sum = sum.plus(times.map_or(Count::Unlimited, Count::Exactly)).unwrap();
            }
        }
        sum
    }

    /// How often a node has an amount: of cards, one card after the other.
    fn times(&self, node: &str, resource: &Resource, amount: u64) -> u64 {
        if let Resource::Gpu(model) = resource {
            let Some(cards) = self.snapshot.cards(node, model) else { return 0 };
            return match amount {
                ..1000 => {
                    cards.untouched * (1000 / amount) + cards.begun.values().map(|room| room / amount).sum::<u64>()
                }
                _ => cards.untouched / (amount / 1000),
            };
        }
        match self.snapshot.free(node, resource) {
            Some(Level::Known(free)) => u64::try_from(free).unwrap_or(0) / amount,
            _ => 0,
        }
    }
}

/// The largest part that is missing, as a fraction; what is not measured is missing as a whole.
fn missing(refusals: &[Refusal]) -> (u128, u128) {
    let part = |refusal: &Refusal| match refusal {
        Refusal::Insufficient { needed, free, .. } => {
            (u128::try_from(i128::from(*needed) - i128::from(*free)).unwrap(), u128::from(*needed))
        }
        _ => (1, 1),
    };
    refusals.iter().map(part).max_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1))).unwrap_or((0, 1))
}
