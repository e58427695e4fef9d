use super::{
    list::Item,
    nodes::{At, Resolved, amounts, core, resolved},
    objects::{Affinity, Figures, PodObject, PodSpec, RequirementObject, Resources, TermObject, TolerationObject},
    policy::Policy,
};
use crate::{Fault, InventoryError, Object, cells::shaped};
use counterfoil::{
    exact::RoundingMode,
    placement::{
        Constraints, FieldRequirement, Node, Operator, PodRequest, Product, Request, Requirement, Resource, Term,
        Toleration, TolerationOperator,
    },
};
use std::collections::BTreeMap;

/// A pod of a list, whether it runs or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pod {
    /// Its namespace and its name, `default/web-0`.
    pub id: String,
    /// The node that it was given.
    pub node: Option<String>,
    /// Its phase, empty where none is told.
    pub phase: String,
    /// Which nodes it may run on.
    pub constraints: Constraints,
    /// What it asks for; cards by the names of their vendors.
    request: Request,
    /// The path of the first demand that no constraint can say.
    unsupported: Option<String>,
}

impl Pod {
    /// Whether it holds something of a node: it has one, and has not ended.
    pub fn holds(&self) -> bool {
        self.node.is_some() && !matches!(self.phase.as_str(), "Succeeded" | "Failed")
    }

    /// What it asks for; cards by the names that their vendors have for them, as whole ones.
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// What it asks of a node, as a product.
    ///
    /// # Errors
    /// As [`products`](super::products).
    pub fn product(&self, policy: &Policy) -> Result<Product, Fault> {
        if let Some(path) = &self.unsupported {
            return Err(self.fault((path.clone(), InventoryError::Unsupported)));
        }
        let wanted = self.wanted_labels();
        let mut parts = Vec::new();
        for (resource, amount) in self.request.iter() {
            parts.push(match resolved(resource.clone(), amount, &wanted, policy).map_err(|at| self.fault(at))? {
                Resolved::Of(resource, amount) => (resource, amount),
                Resolved::CardsOfUnknownModel(cards, names) => {
                    let unknown = || InventoryError::CardModelUnknown {
                        resource: resource.to_string(),
                        label: names.model_label.clone(),
                    };
                    let model = policy.unnamed_model.as_ref();
                    let model = model.ok_or_else(|| self.fault(("spec.containers".to_owned(), unknown())))?;
                    // Whole cards of a request are far below 63 bits in milli-cards, or the sum refuses them.
                    (Resource::Gpu(model.clone()), cards.saturating_mul(1000))
                }
            });
        }
        let request = Request::new(parts).map_err(|error| self.fault(("spec.containers".to_owned(), core(error))))?;
        Ok(Product { constraints: self.constraints.clone(), ..Product::new(&self.id, request) })
    }

    /// What it holds of its node, and how many cards of an unknown model.
    pub(super) fn held(&self, node: &Node, policy: &Policy) -> Result<(Request, u64), Fault> {
        let (mut parts, mut unknown) = (Vec::new(), 0_u64);
        for (resource, amount) in self.request.iter() {
            match resolved(resource.clone(), amount, &node.labels, policy).map_err(|at| self.fault(at))? {
                Resolved::Of(resource, amount) => parts.push((resource, amount)),
                Resolved::CardsOfUnknownModel(cards, _) => unknown = unknown.saturating_add(cards),
            }
        }
        let request = Request::new(parts).map_err(|error| self.fault(("spec.containers".to_owned(), core(error))))?;
        Ok((request, unknown))
    }

    /// The labels that its node has in any case: those of its selector, and those that every way to its node names.
    fn wanted_labels(&self) -> BTreeMap<String, String> {
        let mut wanted = self.constraints.node_selector.clone();
        if let Some([term]) = self.constraints.affinity.as_deref() {
            for requirement in &term.expressions {
                if let (Operator::In, [value]) = (requirement.operator, requirement.values.as_slice()) {
                    wanted.entry(requirement.key.clone()).or_insert_with(|| value.clone());
                }
            }
        }
        wanted
    }

    fn fault(&self, (field, error): At) -> Fault {
        Fault { object: Object::Pod(self.id.clone()), field, error }
    }
}

pub(super) fn pod(item: &Item<'_>, policy: &Policy) -> Result<Pod, Fault> {
    let fault = |(field, error): At| Fault { object: Object::Pod(item.called()), field, error };
    let PodObject { metadata, spec, status } = shaped(&item.json).map_err(fault)?;
    let name = metadata.name.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| fault(("metadata.name".to_owned(), InventoryError::Missing)))?;
    let id = match metadata.namespace.filter(|namespace| !namespace.is_empty()) {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name,
    };
    let request = request(&spec).map_err(fault)?;
    check_names(&request, policy).map_err(fault)?;
    Ok(Pod {
        id,
        request,
        unsupported: unsupported(&spec),
        constraints: Constraints {
            node_selector: spec.node_selector,
            affinity: affinity(spec.affinity).map_err(fault)?,
            tolerations: tolerations(spec.tolerations).map_err(fault)?,
        },
        node: spec.node_name.filter(|node| !node.is_empty()),
        phase: status.phase.unwrap_or_default(),
    })
}

/// What a pod asks for: its containers as Kubernetes counts them; its own figures in their place; its overhead.
fn request(spec: &PodSpec) -> Result<Request, At> {
    let of = |resources: &Resources, path: String| amounts_of(resources, &path);
    let containers = spec.containers.iter().enumerate();
    let init = spec.init_containers.iter().enumerate();
    let pod = PodRequest {
        containers: containers
            .map(|(place, it)| of(&it.resources, format!("spec.containers[{place}].resources")))
            .collect::<Result<_, At>>()?,
        init: init
            .map(|(place, it)| {
                let amounts = of(&it.resources, format!("spec.initContainers[{place}].resources"))?;
                Ok((amounts, it.restart_policy.as_deref() == Some("Always")))
            })
            .collect::<Result<_, At>>()?,
        overhead: Vec::new(),
    };
    let too_much = |error| ("spec.containers".to_owned(), core(error));
    let containers = pod.effective().map_err(too_much)?;
    let own = own_amounts(&spec.resources, &containers)?;
    let overhead = amounts(&spec.overhead, RoundingMode::Ceiling, "spec.overhead")?;
    let rest = containers.iter().filter(|(resource, _)| !own.contains_key(resource));
    let rest: Vec<(Resource, u64)> = rest.map(|(resource, amount)| (resource.clone(), amount)).collect();
    Request::new(rest.into_iter().chain(own).chain(overhead)).map_err(too_much)
}

/// Requests, and limits of what has no request.
fn amounts_of(resources: &Resources, path: &str) -> Result<Vec<(Resource, u64)>, At> {
    let mut all = amounts(&resources.requests, RoundingMode::Ceiling, &format!("{path}.requests"))?;
    let limits: Figures = resources
        .limits
        .iter()
        .filter(|(name, _)| !resources.requests.contains_key(*name))
        .map(|(name, figure)| (name.clone(), figure.clone()))
        .collect();
    all.append(&mut amounts(&limits, RoundingMode::Ceiling, &format!("{path}.limits"))?);
    Ok(all)
}

/// What a pod asks for as a whole, of the resources that it may; a limit counts where no container asks for any.
fn own_amounts(resources: &Resources, containers: &Request) -> Result<BTreeMap<Resource, u64>, At> {
    let may = |name: &str| matches!(name, "cpu" | "memory") || name.starts_with("hugepages-");
    let of = |figures: &Figures, path: &str| {
        let figures = figures.iter().filter(|(name, _)| may(name));
        let figures = figures.map(|(name, figure)| (name.clone(), figure.clone())).collect();
        amounts(&figures, RoundingMode::Ceiling, path)
    };
    let limits = of(&resources.limits, "spec.resources.limits")?;
    let limits = limits.into_iter().filter(|(resource, _)| containers.amount(resource) == 0);
    let requests = of(&resources.requests, "spec.resources.requests")?;
    Ok(limits.chain(requests).collect())
}

/// Whether slices have names that a profile can have, so that what a pod holds is never in doubt later.
fn check_names(request: &Request, policy: &Policy) -> Result<(), At> {
    request
        .iter()
        .try_for_each(|(resource, amount)| resolved(resource.clone(), amount, &BTreeMap::new(), policy).map(|_| ()))
}

fn affinity(affinity: Affinity) -> Result<Option<Vec<Term>>, At> {
    let Some(required) = affinity.node_affinity.required else { return Ok(None) };
    let path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    let term = |(place, term): (usize, TermObject)| {
        let expression = |(index, it): (usize, RequirementObject)| {
            let operator = operator(&it.operator, || format!("{path}[{place}].matchExpressions[{index}].operator"))?;
            Ok(Requirement { key: it.key, operator, values: it.values })
        };
        let field = |(index, it): (usize, RequirementObject)| {
            let operator = operator(&it.operator, || format!("{path}[{place}].matchFields[{index}].operator"))?;
            Ok(FieldRequirement { key: it.key, operator, values: it.values })
        };
        Ok(Term {
            expressions: term.match_expressions.into_iter().enumerate().map(expression).collect::<Result<_, At>>()?,
            fields: term.match_fields.into_iter().enumerate().map(field).collect::<Result<_, At>>()?,
        })
    };
    required.node_selector_terms.into_iter().enumerate().map(term).collect::<Result<_, At>>().map(Some)
}

fn operator(text: &str, path: impl FnOnce() -> String) -> Result<Operator, At> {
    text.parse().map_err(|error| (path(), core(error)))
}

fn tolerations(tolerations: Vec<TolerationObject>) -> Result<Vec<Toleration>, At> {
    let toleration = |(place, it): (usize, TolerationObject)| {
        let at = |field: &str| format!("spec.tolerations[{place}].{field}");
        let operator = match it.operator.as_str() {
            "" => Ok(TolerationOperator::Equal),
            word => word.parse().map_err(|error| (at("operator"), core(error))),
        };
        let effect = match it.effect.as_str() {
            "" => Ok(None),
            word => word.parse().map(Some).map_err(|error| (at("effect"), core(error))),
        };
        Ok(Toleration { key: it.key, operator: operator?, value: it.value, effect: effect? })
    };
    tolerations.into_iter().enumerate().map(toleration).collect()
}

fn unsupported(spec: &PodSpec) -> Option<String> {
    let required = |name: &str| format!("spec.affinity.{name}.requiredDuringSchedulingIgnoredDuringExecution");
    if !spec.affinity.pod_affinity.required.is_empty() {
        return Some(required("podAffinity"));
    }
    if !spec.affinity.pod_anti_affinity.required.is_empty() {
        return Some(required("podAntiAffinity"));
    }
    let forbids = spec.topology_spread_constraints.iter().position(|it| it.when_unsatisfiable != "ScheduleAnyway");
    forbids.map(|place| format!("spec.topologySpreadConstraints[{place}]"))
}
