//! What if: changes of a snapshot, and their undoing, without building it again.

use crate::error::PlacementError;
use crate::placement::{
    Node, Running, Snapshot,
    snapshot::state::{Held, NodeState},
};

/// A change of a snapshot.
///
/// # Rule
/// R-A13
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A node more.
    AddNode(Node),
    /// A node less, and with it all that runs there: what if it fails?
    RemoveNode(String),
    /// Another state of the node of that name: labels, taints, what it has. What runs there stays; a share stays on its card
    /// where that is still there, and else is put as if it started now.
    ReplaceNode(Node),
    /// Something more that runs.
    Start(Running),
    /// Something less, by its id.
    Stop(String),
}

/// How a change is undone. Not to undo it is to keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The node or the item that was changed.
    of: String,
    before: u64,
    after: u64,
    inverse: Inverse,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Inverse {
    Remove,
    Restore { state: Box<NodeState>, slot: usize, was_in_order: bool },
    Replace(Box<NodeState>),
    Stop,
    Resume { node: String, held: Box<Held> },
}

/// Which change was made last, of all that were ever made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::placement) struct Version {
    current: u64,
    latest: u64,
}

impl Snapshot {
    /// Makes a change, in time that grows with what it touches. Where it is an error nothing is changed.
    ///
    /// # Errors
    /// `placement.duplicate_node`, `placement.unknown_node`, `placement.duplicate_item`, `placement.unknown_item`,
    /// `placement.card_unnamed`, `placement.unknown_card`, `placement.negative_overcommit`, `placement.amount_overflow`.
    ///
    /// # Examples
    ///
    /// A product of two cores fits once something stopped, and no more when that is undone:
    /// ```
    /// use counterfoil::placement::*;
    ///
    /// let mut worker = Node::worker("w");
    /// worker.supplies.insert(Resource::Cpu, Supply::Known(Capacity::of(4000)));
    /// let request = Request::new([(Resource::Cpu, 2400)])?;
    /// let runs = Running { id: "a".into(), node: "w".into(), request, cards: [].into() };
    /// let mut snapshot = Snapshot::new([worker], [runs], Sharing::Named)?;
    ///
    /// let product = [Product::new("2-core", Request::new([(Resource::Cpu, 2000)])?)];
    /// let greyed = |snapshot: &Snapshot| Ok::<_, counterfoil::error::PlacementError>(snapshot.check(&product, &Rules::strict(), Checking::VERDICTS)?.greyed.len());
    /// assert_eq!(greyed(&snapshot)?, 1);
    /// let undo = snapshot.apply(Change::Stop("a".into()))?;
    /// assert_eq!(greyed(&snapshot)?, 0);
    /// snapshot.undo(&undo)?;
    /// assert_eq!(greyed(&snapshot)?, 1);
    /// assert_eq!(snapshot.undo(&undo).unwrap_err().code(), "placement.undo_out_of_order");
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A13
    pub fn apply(&mut self, change: Change) -> Result<Undo, PlacementError> {
        let (of, inverse) = match change {
            Change::AddNode(node) => self.add_node(node)?,
            Change::RemoveNode(name) => self.remove_node(name)?,
            Change::ReplaceNode(node) => self.replace_node(node)?,
            Change::Start(item) => self.start(item)?,
            Change::Stop(id) => self.stop(id)?,
        };
        let before = self.version.current;
        let after = self.version.latest.wrapping_add(1);
        self.version = Version { current: after, latest: after };
        Ok(Undo { of, before, after, inverse })
    }

    /// Undoes the last change that is not undone yet: the snapshot is what it was before.
    ///
    /// # Errors
    /// `placement.undo_out_of_order` where it is not the last one, or one of another snapshot; nothing is changed then.
    ///
    /// # Rule
    /// R-A13
    pub fn undo(&mut self, undo: &Undo) -> Result<(), PlacementError> {
        let out_of_order = || PlacementError::UndoOutOfOrder { of: undo.of.clone() };
        if self.version.current != undo.after || !self.is_as_left_by(undo) {
            return Err(out_of_order());
        }
        match &undo.inverse {
            Inverse::Remove => self.remove_node(undo.of.clone()).map(drop),
            Inverse::Stop => self.stop(undo.of.clone()).map(drop),
            Inverse::Resume { node, held } => self.resume(&undo.of, node, held),
            Inverse::Restore { state, slot, was_in_order } => {
                self.restore(state, *slot, *was_in_order);
                Ok(())
            }
            Inverse::Replace(state) => {
                self.exchange((**state).clone());
                Ok(())
            }
        }?;
        self.version.current = undo.before;
        Ok(())
    }

    /// Looks at the snapshot as it would be after changes, and undoes them.
    ///
    /// # Errors
    /// As [`apply`](Self::apply); nothing is changed then.
    ///
    /// # Rule
    /// R-A13
    pub fn what_if<T>(
        &mut self,
        changes: impl IntoIterator<Item = Change>,
        look: impl FnOnce(&Self) -> T,
    ) -> Result<T, PlacementError> {
        let mut undos = Vec::new();
        let applied = changes.into_iter().try_for_each(|change| {
            undos.push(self.apply(change)?);
            Ok(())
        });
        let seen = applied.map(|()| look(self));
        undos.iter().rev().try_for_each(|undo| self.undo(undo))?;
        seen
    }

    fn add_node(&mut self, node: Node) -> Result<(String, Inverse), PlacementError> {
        if self.nodes.contains_key(&node.name) {
            return Err(PlacementError::DuplicateNode { node: node.name });
        }
        let state = NodeState::new(node)?;
        let name = state.node.name.clone();
        self.columns.push(&state);
        self.nodes.insert(name.clone(), state);
        Ok((name, Inverse::Remove))
    }

    fn remove_node(&mut self, name: String) -> Result<(String, Inverse), PlacementError> {
        let Some(state) = self.nodes.get(&name) else { return Err(PlacementError::UnknownNode { node: name }) };
        let was_in_order = self.columns.is_in_order();
        let slot = self.columns.remove(state, |name| self.nodes.get(name));
        for id in state.running.keys() {
            self.places.remove(id);
        }
        match (self.nodes.remove(&name), slot) {
            (Some(state), Some(slot)) => Ok((name, Inverse::Restore { state: Box::new(state), slot, was_in_order })),
            _ => Err(PlacementError::UnknownNode { node: name }),
        }
    }

    fn replace_node(&mut self, node: Node) -> Result<(String, Inverse), PlacementError> {
        let name = node.name.clone();
        let Some(old) = self.nodes.get(&name) else { return Err(PlacementError::UnknownNode { node: name }) };
        let mut new = NodeState::new(node)?;
        for (id, held) in &old.running {
            new.restart(id, held, self.sharing)?;
        }
        match self.exchange(new) {
            Some(old) => Ok((name, Inverse::Replace(Box::new(old)))),
            None => Err(PlacementError::UnknownNode { node: name }),
        }
    }

    fn start(&mut self, item: Running) -> Result<(String, Inverse), PlacementError> {
        self.book(&item)?;
        if let Some(state) = self.nodes.get(&item.node) {
            self.columns.touch(state, &item.request);
        }
        Ok((item.id, Inverse::Stop))
    }

    fn stop(&mut self, id: String) -> Result<(String, Inverse), PlacementError> {
        let Some(state) = self.places.get(&id).and_then(|node| self.nodes.get_mut(node)) else {
            return Err(PlacementError::UnknownItem { item: id });
        };
        let Some(held) = state.stop(&id)? else { return Err(PlacementError::UnknownItem { item: id }) };
        self.columns.touch(state, &held.request);
        let node = self.places.remove(&id).unwrap_or_default();
        Ok((id, Inverse::Resume { node, held: Box::new(held) }))
    }

    fn resume(&mut self, id: &str, node: &str, held: &Held) -> Result<(), PlacementError> {
        let unknown = || PlacementError::UnknownNode { node: node.to_owned() };
        let state = self.nodes.get_mut(node).ok_or_else(unknown)?;
        state.resume(id.to_owned(), held.clone())?;
        self.columns.touch(state, &held.request);
        self.places.insert(id.to_owned(), node.to_owned());
        Ok(())
    }

    fn restore(&mut self, state: &NodeState, slot: usize, was_in_order: bool) {
        self.columns.restore(state, slot, was_in_order, |name| self.nodes.get(name));
        let name = &state.node.name;
        self.places.extend(state.running.keys().map(|id| (id.clone(), name.clone())));
        self.nodes.insert(name.clone(), state.clone());
    }

    /// Puts another state in the place of one of the same name, with the same things running.
    fn exchange(&mut self, new: NodeState) -> Option<NodeState> {
        let state = self.nodes.get_mut(&new.node.name)?;
        self.columns.replace(state, &new);
        Some(std::mem::replace(state, new))
    }

    /// Whether what a change concerns is what it was when the change was made.
    fn is_as_left_by(&self, undo: &Undo) -> bool {
        let node = self.nodes.get(&undo.of);
        let runs = |id: &String| self.places.contains_key(id);
        match &undo.inverse {
            Inverse::Remove => node.is_some_and(|state| state.running.is_empty()),
            Inverse::Restore { state, .. } => node.is_none() && !state.running.keys().any(runs),
            Inverse::Replace(old) => node.is_some_and(|state| state.running.keys().eq(old.running.keys())),
            Inverse::Stop => runs(&undo.of),
            Inverse::Resume { node, .. } => self.nodes.contains_key(node) && !runs(&undo.of),
        }
    }
}
