use super::{
    Explanation, Hint, Ledger, ModelMap, Product, QuotaExcess, Refusal, Request, Resource, Rules, Snapshot, Stage,
    StockShortage, Telling, TenantQuota, WhereUnknown, live,
};
use crate::error::PlacementError;
use std::{borrow::Cow, collections::BTreeSet};

/// All that decides whether a product can be sold: the books, the tenant's quota, and the nodes.
///
/// It is asked in that order, and the first stage that refuses is told (R-A6). Every product is judged alone against the
/// same state. A ledger and a quota that are not given refuse nothing.
///
/// The ledger is that of the nodes: to judge one cluster, give its nodes and `ledger.of_cluster(…)`.
///
/// # Examples
/// ```
/// use counterfoil::{error::Language, placement::*};
///
/// let mut worker = Node::worker("k8s-worker-1");
/// worker.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(1_600)));
/// let snapshot = Snapshot::new([worker], [], Sharing::Named)?;
/// let rows = [StockRow { cluster: "X".into(), resource: Resource::Cpu, stock: 10_000, consumed: 4_000 }];
/// let ledger = Ledger::new(rows, Unstocked::NotJudged)?;
/// let rules = Rules::strict();
/// let centre = Centre::new(&snapshot, &rules).with_ledger(&ledger);
///
/// let product = |id: &str, milli| Ok::<_, PlacementError>(Product::new(id, Request::new([(Resource::Cpu, milli)])?));
/// # use counterfoil::error::PlacementError;
/// let judged = centre.judge(&[product("1-core", 1_000)?, product("2-core", 2_000)?, product("8-core", 8_000)?])?;
/// let stages: Vec<Option<Stage>> = judged.iter().map(|judged| judged.ruling.stage()).collect();
/// assert_eq!(stages, [None, Some(Stage::Dynamic), Some(Stage::Stock)]);
///
/// let why = centre.explain(&product("2-core", 2_000)?)?;
/// assert_eq!(why.text(Language::English)?, "0/1 nodes are available: 1 Insufficient cpu.");
/// let hint = why.hint.map(|hint| hint.text(Language::English));
/// assert_eq!(hint.as_deref(), Some("short of 400m cpu on k8s-worker-1: ask for at most 1600m cpu"));
/// # Ok::<(), PlacementError>(())
/// ```
///
/// # Rule
/// R-A1, R-A6
#[derive(Debug, Clone)]
pub struct Centre<'a> {
    snapshot: &'a Snapshot,
    rules: &'a Rules,
    ledger: Option<&'a Ledger>,
    quota: Option<&'a TenantQuota>,
    models: Option<&'a ModelMap>,
    telling: Telling,
}

/// What became of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Its id.
    pub id: String,
    /// What became of it.
    pub ruling: Ruling,
}

/// Whether a product can be sold, by all stages.
///
/// # Rule
/// R-A6
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// Now.
    Sellable {
        /// How many nodes take one.
        nodes: u64,
    },
    /// Not now.
    Grey {
        /// The first stage that refuses it.
        stage: Stage,
        /// What that stage says.
        why: Why,
    },
}

impl Ruling {
    /// The stage that refuses it; none where it can be sold.
    pub const fn stage(&self) -> Option<Stage> {
        match self {
            Self::Sellable { .. } => None,
            Self::Grey { stage, .. } => Some(*stage),
        }
    }
}

/// What a stage says of a product.
///
/// # Rule
/// R-A6, R-A7
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The parts of which the ledger has less than is asked for.
    Stock(Vec<StockShortage>),
    /// The resources of which the tenant would have more than is allowed.
    Quota(Vec<QuotaExcess>),
    /// What the nodes say.
    Nodes(Explanation),
}

/// Why a product can be sold or not, and what to do about it.
///
/// # Rule
/// R-A7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Its id.
    pub id: String,
    /// The stage that refuses it; none where it can be sold.
    pub stage: Option<Stage>,
    /// What that stage says, or the nodes where none refuses.
    pub why: Why,
    /// The most useful thing to do; none where it can be sold.
    pub hint: Option<Hint>,
}

impl<'a> Centre<'a> {
    /// The nodes, and how the portal judges.
    pub const fn new(snapshot: &'a Snapshot, rules: &'a Rules) -> Self {
        Self { snapshot, rules, ledger: None, quota: None, models: None, telling: Telling::Every }
    }

    /// With its books.
    pub const fn with_ledger(self, ledger: &'a Ledger) -> Self {
        Self { ledger: Some(ledger), ..self }
    }

    /// With what the tenant may have.
    pub const fn with_quota(self, quota: &'a TenantQuota) -> Self {
        Self { quota: Some(quota), ..self }
    }

    /// With models that are meant by others.
    pub const fn with_models(self, models: &'a ModelMap) -> Self {
        Self { models: Some(models), ..self }
    }

    /// With other reasons counted than every one.
    pub const fn with_telling(self, telling: Telling) -> Self {
        Self { telling, ..self }
    }

    /// What becomes of each product, in the order given, each judged alone.
    ///
    /// O(products × nodes × parts).
    ///
    /// # Errors
    /// Those of [`ModelMap::apply`].
    pub fn judge(&self, products: &[Product]) -> Result<Vec<Judged>, PlacementError> {
        products.iter().map(|product| self.judge_one(product)).collect()
    }

    /// What becomes of one product.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub fn judge_one(&self, product: &Product) -> Result<Judged, PlacementError> {
        let product = self.meant(product)?;
        Ok(Judged { id: product.id.clone(), ruling: self.ruling(&product) })
    }

    /// The ids of the products that can not be sold now, in the order given, none twice.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub fn greyed(&self, products: &[Product]) -> Result<Vec<String>, PlacementError> {
        let mut told = BTreeSet::new();
        let judged = self.judge(products)?.into_iter().filter(|judged| judged.ruling.stage().is_some());
        Ok(judged.map(|judged| judged.id).filter(|id| told.insert(id.clone())).collect())
    }

    /// Why a product can be sold or not, and what to do about it.
    ///
    /// # Errors
    /// Those of [`ModelMap::apply`].
    pub fn explain(&self, product: &Product) -> Result<Explained, PlacementError> {
        let product = self.meant(product)?;
        let (stage, why) = match self.ruling(&product) {
            Ruling::Grey { stage, why } => (Some(stage), why),
            Ruling::Sellable { .. } => (None, Why::Nodes(self.nodes(&product))),
        };
        let hint = stage.and_then(|_| self.hint(&product, &why));
        Ok(Explained { id: product.id.clone(), stage, why, hint })
    }

    /// The product with the models that are meant.
    fn meant<'p>(&self, product: &'p Product) -> Result<Cow<'p, Product>, PlacementError> {
        let Some(models) = self.models else { return Ok(Cow::Borrowed(product)) };
        Ok(Cow::Owned(Product { request: models.apply(&product.request)?, ..product.clone() }))
    }

    fn ruling(&self, product: &Product) -> Ruling {
        let short = self.shortages(&product.request);
        if !short.is_empty() {
            return Ruling::Grey { stage: Stage::Stock, why: Why::Stock(short) };
        }
        let over = self.excesses(&product.request);
        if !over.is_empty() {
            return Ruling::Grey { stage: Stage::Quota, why: Why::Quota(over) };
        }
        let explanation = self.nodes(product);
        match explanation.available {
            0 => Ruling::Grey { stage: live::stage(&explanation.first), why: Why::Nodes(explanation) },
            nodes => Ruling::Sellable { nodes },
        }
    }

    fn shortages(&self, request: &Request) -> Vec<StockShortage> {
        self.ledger.map(|ledger| ledger.shortages(request, self.rules)).unwrap_or_default()
    }

    pub(super) fn excesses(&self, request: &Request) -> Vec<QuotaExcess> {
        self.quota.map(|quota| quota.excesses(request, self.rules)).unwrap_or_default()
    }

    /// What the nodes say.
    pub(super) fn nodes(&self, product: &Product) -> Explanation {
        let nodes = self.snapshot.nodes().map(|node| (node.name.as_str(), self.refusals(&node.name, product)));
        live::explained(nodes, self.telling)
    }

    /// What keeps a product off a node. A figure that nobody knows is taken to be there where the rules leave it to the
    /// ledger and the ledger lists the part: that it has enough of it, its own stage has judged.
    pub(super) fn refusals(&self, node: &str, product: &Product) -> Vec<Refusal> {
        let by_stock = self.rules.where_unknown == WhereUnknown::Stock;
        let strict = by_stock.then(|| Rules { where_unknown: WhereUnknown::Grey, ..self.rules.clone() });
        let rules = strict.as_ref().unwrap_or(self.rules);
        let mut refusals = self.snapshot.refusals(node, product, rules).unwrap_or_default();
        if by_stock {
            let is_there = |resource: &Resource| self.ledger.is_some_and(|ledger| ledger.judges(resource));
            refusals.retain(|refusal| !matches!(refusal, Refusal::Unknown { resource } if is_there(resource)));
        }
        refusals
    }

    pub(super) const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    pub(super) const fn rules(&self) -> &'a Rules {
        self.rules
    }
}
