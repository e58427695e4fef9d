use crate::error::PlacementError;
use crate::placement::{
    Checking, Count, Explanation, Hint, Ledger, ModelMap, Product, QuotaExcess, Refusal, Request, Rules, Snapshot,
    Stage, StockShortage, Telling, TenantQuota, Verdict, WhereUnknown, rules::Trust,
};
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
    /// What the nodes say, who were asked why.
    fn of_nodes(verdict: Verdict) -> Result<Self, PlacementError> {
        match verdict {
            Verdict::Sellable { nodes } => Ok(Self::Sellable { nodes }),
            Verdict::Grey { stage, explanation: Some(why) } => Ok(Self::Grey { stage, why: Why::Nodes(why) }),
            Verdict::Grey { explanation: None, .. } => {
                Err(PlacementError::ExplanationNotConserved { nodes: 0, counted: 0 })
            }
        }
    }

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
    /// # Complexity
    /// As [`Snapshot::check`], once for all products that the books let pass.
    ///
    /// # Errors
    /// Those of [`ModelMap::apply`] and [`Snapshot::check`].
    pub fn judge(&self, products: &[Product]) -> Result<Vec<Judged>, PlacementError> {
        let products = self.meant(products)?;
        let (by_books, asked) = self.ask_books(&products);
        let checking = Checking { telling: self.telling, ..Checking::NEAREST };
        let check = self.snapshot.check_trusting(&asked, self.rules, self.trust(), checking)?;
        let mut verdicts = check.verdicts.into_iter();
        let judged = |(product, by_books): (&Product, Option<Ruling>)| {
            let by_nodes = || verdicts.next().map(Ruling::of_nodes);
            let ruling = by_books.map(Ok).or_else(by_nodes).unwrap_or_else(|| Err(self.unjudged()))?;
            Ok(Judged { id: product.id.clone(), ruling })
        };
        products.iter().zip(by_books).map(judged).collect()
    }

    /// What becomes of one product.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub fn judge_one(&self, product: &Product) -> Result<Judged, PlacementError> {
        let products = self.meant(std::slice::from_ref(product))?;
        let product = products.first().unwrap_or(product);
        Ok(Judged { id: product.id.clone(), ruling: self.judge_meant(product)? })
    }

    /// How many of each product can still be sold on the nodes, if no other is; none of what is refused before.
    ///
    /// # Errors
    /// Those of [`ModelMap::apply`] and [`Snapshot::counts`].
    ///
    /// # Rule
    /// R-A9
    pub fn counts(&self, products: &[Product]) -> Result<Vec<Count>, PlacementError> {
        let products = self.meant(products)?;
        let counts = self.snapshot.counts_trusting(&products, self.rules, self.trust())?;
        let sellable = |(product, count): (&Product, Count)| match self.refused_by_books(&product.request) {
            Some(_) => Count::Exactly(0),
            None => count,
        };
        Ok(products.iter().zip(counts).map(sellable).collect())
    }

    /// The ids of the products that can not be sold now, in the order given, none twice.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub fn greyed(&self, products: &[Product]) -> Result<Vec<String>, PlacementError> {
        let products = self.meant(products)?;
        let (by_books, asked) = self.ask_books(&products);
        let by_nodes = self.snapshot.check_trusting(&asked, self.rules, self.trust(), Checking::VERDICTS)?.greyed;
        let refused = products.iter().zip(by_books).filter(|(_, ruling)| ruling.is_some());
        let mut grey: BTreeSet<&str> = refused.map(|(product, _)| product.id.as_str()).collect();
        grey.extend(by_nodes.iter().map(String::as_str));
        Ok(products
            .iter()
            .filter(|product| grey.remove(product.id.as_str()))
            .map(|product| product.id.clone())
            .collect())
    }

    /// Why a product can be sold or not, and what to do about it.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub fn explain(&self, product: &Product) -> Result<Explained, PlacementError> {
        let products = self.meant(std::slice::from_ref(product))?;
        let product = products.first().unwrap_or(product);
        let (stage, why) = match self.judge_meant(product)? {
            Ruling::Grey { stage, why } => (Some(stage), why),
            Ruling::Sellable { .. } => (None, Why::Nodes(self.nodes(product)?)),
        };
        let hint = if stage.is_some() { self.hint(product, &why)? } else { None };
        Ok(Explained { id: product.id.clone(), stage, why, hint })
    }

    /// The products with the models that are meant.
    fn meant<'p>(&self, products: &'p [Product]) -> Result<Cow<'p, [Product]>, PlacementError> {
        let Some(models) = self.models else { return Ok(Cow::Borrowed(products)) };
        let meant = |product: &Product| Ok(Product { request: models.apply(&product.request)?, ..product.clone() });
        Ok(Cow::Owned(products.iter().map(meant).collect::<Result<_, PlacementError>>()?))
    }

    fn judge_meant(&self, product: &Product) -> Result<Ruling, PlacementError> {
        if let Some(ruling) = self.refused_by_books(&product.request) {
            return Ok(ruling);
        }
        let checking = Checking { telling: self.telling, ..Checking::NEAREST };
        let check = self.snapshot.check_trusting(std::slice::from_ref(product), self.rules, self.trust(), checking)?;
        check.verdicts.into_iter().next().map_or_else(|| Err(self.unjudged()), Ruling::of_nodes)
    }

    /// What the stages before the nodes say, where they refuse.
    fn refused_by_books(&self, request: &Request) -> Option<Ruling> {
        let short = self.shortages(request);
        if !short.is_empty() {
            return Some(Ruling::Grey { stage: Stage::Stock, why: Why::Stock(short) });
        }
        let over = self.excesses(request);
        (!over.is_empty()).then_some(Ruling::Grey { stage: Stage::Quota, why: Why::Quota(over) })
    }

    /// What the books say of each product, and the products that they let pass.
    fn ask_books(&self, products: &[Product]) -> (Vec<Option<Ruling>>, Vec<Product>) {
        let by_books: Vec<_> = products.iter().map(|product| self.refused_by_books(&product.request)).collect();
        let passed = products.iter().zip(&by_books).filter(|(_, ruling)| ruling.is_none());
        let passed = passed.map(|(product, _)| product.clone()).collect();
        (by_books, passed)
    }

    /// An error for a product that the nodes said nothing of: a fault of the library.
    fn unjudged(&self) -> PlacementError {
        let nodes = u64::try_from(self.snapshot.nodes().len()).unwrap_or(u64::MAX);
        PlacementError::ExplanationNotConserved { nodes, counted: 0 }
    }

    /// Of which resources an unknown figure is taken to be enough: with `Stock`, of those that the ledger lists. That it
    /// has enough of them, its own stage has judged.
    fn trust(&self) -> Trust<'a> {
        match (self.rules.where_unknown, self.ledger) {
            (WhereUnknown::Stock, None) => Trust::Nothing,
            (WhereUnknown::Stock, Some(ledger)) => Trust::Books(ledger),
            (WhereUnknown::Grey | WhereUnknown::Allow, _) => self.rules.where_unknown.trust(),
        }
    }

    fn shortages(&self, request: &Request) -> Vec<StockShortage> {
        self.ledger.map(|ledger| ledger.shortages(request, self.rules)).unwrap_or_default()
    }

    pub(in crate::placement) fn excesses(&self, request: &Request) -> Vec<QuotaExcess> {
        self.quota.map(|quota| quota.excesses(request, self.rules)).unwrap_or_default()
    }

    /// What the nodes say.
    pub(in crate::placement) fn nodes(&self, product: &Product) -> Result<Explanation, PlacementError> {
        self.snapshot.explain_trusting(product, self.rules, self.trust(), self.telling)
    }

    /// Whether any node takes it.
    pub(in crate::placement) fn is_taken(&self, product: &Product) -> Result<bool, PlacementError> {
        Ok(self.nodes(product)?.available > 0)
    }

    /// What keeps a product off a node.
    pub(in crate::placement) fn refusals(&self, node: &str, product: &Product) -> Vec<Refusal> {
        self.snapshot.refusals_trusting(node, product, self.rules, self.trust()).unwrap_or_default()
    }

    pub(in crate::placement) const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    pub(in crate::placement) const fn rules(&self) -> &'a Rules {
        self.rules
    }
}
