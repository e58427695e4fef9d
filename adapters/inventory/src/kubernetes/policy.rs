use counterfoil::units::Name;
use std::collections::BTreeMap;

/// How a list of Kubernetes is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Which resources are cards. What is none of them is a resource of its own name.
    pub cards: Vec<CardNames>,
    /// What models are called here, where that is not the value of the label.
    pub models: BTreeMap<String, Name>,
    /// The model that a product asks for which names none; without one that is a fault.
    pub unnamed_model: Option<Name>,
    /// The cluster that the nodes belong to.
    pub cluster: Option<String>,
}

/// How a vendor names its cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardNames {
    /// The resource that counts whole cards.
    pub cards: String,
    /// How resources begin that count slices of a card; the rest is the profile.
    pub slices: Option<String>,
    /// The label of the node that names the model.
    pub model_label: String,
}

impl Policy {
    /// No cards, names as they are.
    pub const fn plain() -> Self {
        Self { cards: Vec::new(), models: BTreeMap::new(), unnamed_model: None, cluster: None }
    }

    /// `nvidia.com/gpu` of the model in the label `nvidia.com/gpu.product`, and `nvidia.com/mig-1g.5gb` as slices.
    pub fn nvidia() -> Self {
        let names = CardNames {
            cards: "nvidia.com/gpu".to_owned(),
            slices: Some("nvidia.com/mig-".to_owned()),
            model_label: "nvidia.com/gpu.product".to_owned(),
        };
        Self { cards: vec![names], ..Self::plain() }
    }

    /// What a resource counts.
    pub(super) fn counted<'p, 'r>(&'p self, resource: &'r str) -> Counted<'p, 'r> {
        let slices = |names: &'p CardNames| Some((names, resource.strip_prefix(names.slices.as_deref()?)?));
        if let Some(names) = self.cards.iter().find(|names| names.cards == resource) {
            return Counted::Cards(names);
        }
        match self.cards.iter().find_map(slices) {
            Some((names, profile)) if !profile.is_empty() => Counted::Slices(names, profile),
            _ => Counted::Itself,
        }
    }
}

/// What a resource of Kubernetes counts.
pub(super) enum Counted<'p, 'r> {
    Cards(&'p CardNames),
    /// Slices of cards, of a profile.
    Slices(&'p CardNames, &'r str),
    Itself,
}
