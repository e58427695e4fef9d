use super::super::RowStatus;
use crate::error::IpamError;
use std::{fmt, str::FromStr};

/// What is done to rows, and the kind of the record of it.
///
/// # Rule
/// R-I12
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowAction {
    /// A row is entered.
    Add,
    /// It is kept for an owner.
    Reserve,
    /// It is given to an owner.
    Assign,
    /// It is taken back from its owner.
    Recover,
    /// It is cut into several, which are rows of their own from then on.
    Split,
    /// Several become one.
    Merge,
    /// Its range or its ASN is corrected.
    Change,
    /// It is removed.
    Delete,
}

/// One row of the table [`LIFE`]: what is in `from` and meets `action` is in `to` from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifeStep {
    /// The state before; none where there is no row yet.
    pub from: Option<RowStatus>,
    /// What is done.
    pub action: RowAction,
    /// The state after; none where there is no row any more.
    pub to: Option<RowStatus>,
}

/// The life of a row: what no line says is not allowed.
///
/// | from | action | to |
/// |---|---|---|
/// | – | add | wait |
/// | wait | reserve | reserved |
/// | wait, reserved | assign | assigned; a reserved one only to its own owner |
/// | reserved, assigned | recover | wait |
/// | wait, reserved | split, merge | the same |
/// | any | change | the same; the range only in wait |
/// | wait | delete | – |
///
/// # Rule
/// R-I12
pub const LIFE: [LifeStep; 14] = {
    use RowAction::{Add, Assign, Change, Delete, Merge, Recover, Reserve, Split};
    const WAIT: Option<RowStatus> = Some(RowStatus::Wait);
    const RESERVED: Option<RowStatus> = Some(RowStatus::Reserved);
    const ASSIGNED: Option<RowStatus> = Some(RowStatus::Assigned);
    const fn step(from: Option<RowStatus>, action: RowAction, to: Option<RowStatus>) -> LifeStep {
        LifeStep { from, action, to }
    }
    [
        step(None, Add, WAIT),
        step(WAIT, Reserve, RESERVED),
        step(WAIT, Assign, ASSIGNED),
        step(WAIT, Split, WAIT),
        step(WAIT, Merge, WAIT),
        step(WAIT, Change, WAIT),
        step(WAIT, Delete, None),
        step(RESERVED, Assign, ASSIGNED),
        step(RESERVED, Recover, WAIT),
        step(RESERVED, Split, RESERVED),
        step(RESERVED, Merge, RESERVED),
        step(RESERVED, Change, RESERVED),
        step(ASSIGNED, Recover, WAIT),
        step(ASSIGNED, Change, ASSIGNED),
    ]
};

impl RowAction {
    /// Every action.
    pub const ALL: [Self; 8] =
        [Self::Add, Self::Reserve, Self::Assign, Self::Recover, Self::Split, Self::Merge, Self::Change, Self::Delete];

    /// Its name, as `assign`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Reserve => "reserve",
            Self::Assign => "assign",
            Self::Recover => "recover",
            Self::Split => "split",
            Self::Merge => "merge",
            Self::Change => "change",
            Self::Delete => "delete",
        }
    }

    /// The state after it, by the table [`LIFE`]; none stands for no row.
    ///
    /// # Errors
    /// `ipam.illegal_change`, which names the state, the action, the state that it leads to, and what is possible
    /// instead.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::ipam::{RowAction, RowStatus};
    ///
    /// assert_eq!(RowAction::Recover.after(Some(RowStatus::Assigned))?, Some(RowStatus::Wait));
    /// assert_eq!(RowAction::Delete.after(Some(RowStatus::Wait))?, None);
    ///
    /// let error = RowAction::Split.after(Some(RowStatus::Assigned)).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "`split` does not lead from `assigned` to `assigned`: from `assigned` there is `recover`, `change`"
    /// );
    /// # Ok::<(), counterfoil::error::IpamError>(())
    /// ```
    ///
    /// # Rule
    /// R-I12
    pub fn after(self, from: Option<RowStatus>) -> Result<Option<RowStatus>, IpamError> {
        match LIFE.iter().find(|step| step.from == from && step.action == self) {
            Some(step) => Ok(step.to),
            None => Err(self.illegal(from, self.aim(from))),
        }
    }

    /// Where it leads, from wherever it may be done; from here on for what keeps the state.
    fn aim(self, from: Option<RowStatus>) -> Option<RowStatus> {
        match self {
            Self::Split | Self::Merge | Self::Change => from,
            _ => LIFE.iter().find(|step| step.action == self).and_then(|step| step.to),
        }
    }

    /// The error of a way that the table does not have.
    pub(super) fn illegal(self, from: Option<RowStatus>, to: Option<RowStatus>) -> IpamError {
        let ways: Vec<String> =
            LIFE.iter().filter(|step| step.from == from).map(|step| format!("`{}`", step.action)).collect();
        IpamError::IllegalChange {
            action: self.name(),
            from: state_name(from),
            to: state_name(to),
            ways: ways.join(", "),
        }
    }
}

/// The name of a state in words, `nothing` where there is no row.
fn state_name(state: Option<RowStatus>) -> &'static str {
    state.map_or("nothing", RowStatus::name)
}

impl fmt::Display for RowAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for RowAction {
    type Err = IpamError;

    /// # Errors
    /// `ipam.unknown_word`.
    fn from_str(text: &str) -> Result<Self, IpamError> {
        Self::ALL.into_iter().find(|action| action.name() == text).ok_or_else(|| IpamError::UnknownWord {
            what: "action",
            text: text.to_owned(),
            known: "add, reserve, assign, recover, split, merge, change, delete",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RowAction::{Add, Assign, Change, Delete, Merge, Recover, Reserve, Split};
    use RowStatus::{Assigned, Reserved, Wait};

    /// R-I12, written down again and apart from the table: where each action leads from each state.
    fn said(from: Option<RowStatus>, action: RowAction) -> Option<Option<RowStatus>> {
        match (from, action) {
            (None, Add) => Some(Some(Wait)),
            (Some(Wait), Reserve) => Some(Some(Reserved)),
            (Some(Wait | Reserved), Assign) => Some(Some(Assigned)),
            (Some(Reserved | Assigned), Recover) => Some(Some(Wait)),
            (Some(Wait | Reserved), Split | Merge) => Some(from),
            (Some(_), Change) => Some(from),
            (Some(Wait), Delete) => Some(None),
            _ => None,
        }
    }

    #[test]
    fn every_state_and_action() {
        let states = [None, Some(Wait), Some(Reserved), Some(Assigned)];
        let mut legal = 0;
        for from in states {
            for action in RowAction::ALL {
                match (action.after(from), said(from, action)) {
                    (Ok(to), Some(expected)) => {
                        assert_eq!(to, expected, "{from:?} {action}");
                        legal += 1;
                    }
                    (Err(error), None) => {
                        assert_eq!(error.code(), "ipam.illegal_change");
                        let message = error.to_string();
                        for name in [state_name(from), action.name(), state_name(action.aim(from))] {
                            assert!(message.contains(&format!("`{name}`")), "{message} does not name `{name}`");
                        }
                        for other in RowAction::ALL {
                            let named = message.split(" there is ").nth(1).unwrap().contains(&format!("`{other}`"));
                            assert_eq!(named, said(from, other).is_some(), "{message}: {other}");
                        }
                    }
                    (answer, expected) => panic!("{from:?} {action}: {answer:?}, not {expected:?}"),
                }
            }
        }
        assert_eq!(legal, LIFE.len());
    }

    #[test]
    fn words_are_read_back() {
        for action in RowAction::ALL {
            assert_eq!(action.name().parse(), Ok(action));
        }
        assert_eq!("give".parse::<RowAction>().unwrap_err().code(), "ipam.unknown_word");
    }
}
