//! Verdicts as columns, where one product that can not be judged costs none of the others.

use super::{
    Seen,
    scan::{Manner, Path, resources},
};
use crate::{
    error::{PlacementError, RowFault},
    placement::{Product, Rules, Snapshot, Stage},
};

/// What became of each product of a catalogue, in the order in which they were given; filled again for
/// each catalogue, so that its memory is used again.
///
/// # Rule
/// R-A1, R-A6
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerdictColumns {
    /// How many nodes take one of it.
    pub nodes: Vec<u64>,
    /// The stage that refused it; none for one that is sellable, or has a fault.
    pub stage: Vec<Option<Stage>>,
    /// The products that have a fault, in order.
    pub faults: Vec<RowFault>,
}

impl Snapshot {
    /// Which products can be deployed now, as columns: the scan of [`check`](Self::check) with nothing told but the
    /// stage, and no string or list for any product. [`check`](Self::check) of one says what is wrong with it.
    ///
    /// # Errors
    /// None of the columns as a whole, but for a fault of the library. In a row: `placement.too_many_resources`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::placement::*;
    ///
    /// let mut node = Node::worker("a");
    /// node.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(4000)));
    /// let snapshot = Snapshot::new([node], [], Sharing::Named)?;
    /// let product = |id: &str, milli| Ok::<_, counterfoil::error::PlacementError>(Product::new(id, Request::new([(Resource::Cpu, milli)])?));
    /// let mut verdicts = VerdictColumns::default();
    /// snapshot.check_columns(&[product("3-core", 3000)?, product("5-core", 5000)?], &Rules::strict(), &mut verdicts)?;
    /// assert_eq!(verdicts.nodes, [1, 0]);
    /// assert_eq!(verdicts.stage, [None, Some(Stage::Dynamic)]);
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A1, R-A6
    pub fn check_columns(
        &self,
        products: &[Product],
        rules: &Rules,
        into: &mut VerdictColumns,
    ) -> Result<(), PlacementError> {
        let VerdictColumns { nodes, stage, faults } = into;
        nodes.clear();
        stage.clear();
        faults.clear();
        let code = |product: &Product| resources(product).err().map(|error| error.code());
        let found =
            products.iter().enumerate().filter_map(|(row, product)| Some(RowFault { row, code: code(product)? }));
        faults.extend(found);
        // As a rule there are none, and then nothing is copied; a scan for each run between two would cost more.
        let good: Vec<Product>;
        let judged = if faults.is_empty() {
            products
        } else {
            good = products.iter().filter(|product| resources(product).is_ok()).cloned().collect();
            &good
        };
        let manner = Manner { path: Path::Fastest, trust: rules.where_unknown.trust(), telling: None };
        let mut faulty = faults.iter().map(|fault| fault.row).peekable();
        self.tell(judged, rules, manner, |batch, index, Seen { available, .. }| {
            while faulty.next_if_eq(&nodes.len()).is_some() {
                nodes.push(0);
                stage.push(None);
            }
            let grey = if *available == 0 { batch.member(index).map(|(group, _)| group.stage) } else { None };
            nodes.push(*available);
            stage.push(grey);
            Ok(())
        })?;
        // Those after the last good one.
        nodes.resize(products.len(), 0);
        stage.resize(products.len(), None);
        Ok(())
    }
}
