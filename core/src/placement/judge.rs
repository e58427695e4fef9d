use super::{
    Checking, Explanation, Hint, Ledger, ModelMap, Product, QuotaExcess, Refusal, Request, Rules, Snapshot, Stage,
    StockShortage, Telling, TenantQuota, Verdict, WhereUnknown,
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
    rules: Cow<'a, Rules>,
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
    ///
    /// With [`WhereUnknown::Stock`] what is unknown of a resource is taken to be there where the ledger judges that resource,
    /// and stays grey where it does not, or where there is no ledger.
    pub fn new(snapshot: &'a Snapshot, rules: &'a Rules) -> Self {
        let mut rules = Cow::Borrowed(rules);
        if rules.where_unknown == WhereUnknown::Stock {
            rules.to_mut().in_stock = Some(BTreeSet::new());
        }
        Self { snapshot, rules, ledger: None, quota: None, models: None, telling: Telling::Every }
    }

    /// With its books.
    pub fn with_ledger(mut self, ledger: &'a Ledger) -> Self {
        if self.rules.where_unknown == WhereUnknown::Stock {
            self.rules.to_mut().in_stock = Some(ledger.resources().cloned().collect());
        }
        Self { ledger: Some(ledger), ..self }
    }

    /// With what the tenant may have.
    pub fn with_quota(self, quota: &'a TenantQuota) -> Self {
        Self { quota: Some(quota), ..self }
    }

    /// With models that are meant by others.
    pub fn with_models(self, models: &'a ModelMap) -> Self {
        Self { models: Some(models), ..self }
    }

    /// With other reasons counted than every one.
    pub fn with_telling(self, telling: Telling) -> Self {
        Self { telling, ..self }
    }

    /// What becomes of each product, in the order given, each judged alone.
    ///
    /// The nodes are asked once, for all products that come so far.
    ///
    /// # Complexity
    /// That of [`Snapshot::check`], and O(parts) for each product.
    ///
    /// # Errors
    /// Those of [`ModelMap::apply`] and of [`Snapshot::check`].
    pub fn judge(&self, products: &[Product]) -> Result<Vec<Judged>, PlacementError> {
        let products = products.iter().map(|product| self.meant(product)).collect::<Result<Vec<_>, _>>()?;
        let by_books: Vec<Option<Ruling>> = products.iter().map(|product| self.by_books(&product.request)).collect();
        let asked: Vec<Product> = products
            .iter()
            .zip(&by_books)
            .filter(|(_, ruling)| ruling.is_none())
            .map(|(product, _)| Product::clone(product))
            .collect();
        let mut by_nodes = self.by_nodes(&asked)?.into_iter();
        let judged = |(product, by_books): (Cow<'_, Product>, Option<Ruling>)| {
            let id = product.into_owned().id;
            match by_books.or_else(|| by_nodes.next()) {
                Some(ruling) => Ok(Judged { id, ruling }),
                None => {
                    Err(PlacementError::NodesNotConserved { product: id, counted: 0, nodes: self.count_of_nodes() })
                }
            }
        };
        products.into_iter().zip(by_books).map(judged).collect()
    }

    /// The ids of the products that can not be sold now, in the order given, none twice.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub fn greyed(&self, products: &[Product]) -> Result<Vec<String>, PlacementError> {
        let (mut asked, mut greyed) = (Vec::new(), BTreeSet::new());
        for product in products {
            let product = self.meant(product)?;
            match self.by_books(&product.request) {
                Some(_) => drop(greyed.insert(product.into_owned().id)),
                None => asked.push(product.into_owned()),
            }
        }
        greyed.extend(self.snapshot.check(&asked, &self.rules, Checking::VERDICTS)?.greyed);
        let ids = products.iter().map(|product| &product.id);
        Ok(ids.filter(|id| greyed.remove(id.as_str())).cloned().collect())
    }

    /// Why a product can be sold or not, and what to do about it.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub fn explain(&self, product: &Product) -> Result<Explained, PlacementError> {
        let product = self.meant(product)?;
        let grey = match self.by_books(&product.request) {
            Some(ruling) => Some(ruling),
            None => self.by_nodes(std::slice::from_ref(&*product))?.into_iter().next(),
        };
        let (stage, why) = match grey {
            Some(Ruling::Grey { stage, why }) => (Some(stage), why),
            _ => (None, Why::Nodes(self.snapshot.explain(&product, &self.rules, self.telling)?)),
        };
        let hint = stage.map(|_| self.hint(&product, &why)).transpose()?;
        Ok(Explained { id: product.into_owned().id, stage, why, hint })
    }

    /// The product with the models that are meant.
    fn meant<'p>(&self, product: &'p Product) -> Result<Cow<'p, Product>, PlacementError> {
        let Some(models) = self.models else { return Ok(Cow::Borrowed(product)) };
        Ok(Cow::Owned(Product { request: models.apply(&product.request)?, ..product.clone() }))
    }

    /// What the stages before the nodes say; none where they let it pass.
    fn by_books(&self, request: &Request) -> Option<Ruling> {
        let short = self.ledger.map(|ledger| ledger.shortages(request, &self.rules)).unwrap_or_default();
        if !short.is_empty() {
            return Some(Ruling::Grey { stage: Stage::Stock, why: Why::Stock(short) });
        }
        let over = self.excesses(request);
        (!over.is_empty()).then_some(Ruling::Grey { stage: Stage::Quota, why: Why::Quota(over) })
    }

    pub(super) fn excesses(&self, request: &Request) -> Vec<QuotaExcess> {
        self.quota.map(|quota| quota.excesses(request, &self.rules)).unwrap_or_default()
    }

    /// What the nodes say of each.
    fn by_nodes(&self, products: &[Product]) -> Result<Vec<Ruling>, PlacementError> {
        let checking = Checking { telling: self.telling, ..Checking::NEAREST };
        let verdicts = self.snapshot.check(products, &self.rules, checking)?.verdicts;
        let ruling = |(product, verdict): (&Product, Verdict)| {
            Ok(match verdict {
                Verdict::Sellable { nodes } => Ruling::Sellable { nodes },
                Verdict::Grey { stage, explanation: Some(explanation) } => {
                    Ruling::Grey { stage, why: Why::Nodes(explanation) }
                }
                Verdict::Grey { stage, explanation: None } => {
                    let explanation = self.snapshot.explain(product, &self.rules, self.telling)?;
                    Ruling::Grey { stage, why: Why::Nodes(explanation) }
                }
            })
        };
        products.iter().zip(verdicts).map(ruling).collect()
    }

    fn count_of_nodes(&self) -> u64 {
        u64::try_from(self.snapshot.nodes().len()).unwrap_or(u64::MAX)
    }

    /// What keeps a product off a node.
    pub(super) fn refusals(&self, node: &str, product: &Product) -> Vec<Refusal> {
        self.snapshot.refusals(node, product, &self.rules).unwrap_or_default()
    }

    pub(super) const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }
}
