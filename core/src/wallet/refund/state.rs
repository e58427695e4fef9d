use crate::error::{WalletError, excerpt};
use std::{fmt, str::FromStr};

/// What became of a refund.
///
/// # Rule
/// R-W19
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefundState {
    /// It is planned, and its legs are not carried out yet.
    Wait,
    /// Its legs are carried out.
    Success,
    /// Carrying it out failed. It keeps its amount, so that the same legs can be tried again under
    /// the same id.
    Error,
    /// It was given up before anything was returned. Its amount is free again.
    Closed,
}

/// What happens to a refund.
///
/// # Rule
/// R-W19
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefundEvent {
    /// Its legs were carried out.
    Succeed,
    /// They could not be.
    Fail,
    /// They are tried again.
    Retry,
    /// It is given up.
    Close,
}

/// Every step that there is: from a state, by an event, to a state.
///
/// `success` and `closed` are the ends: what was returned is not taken back, and what was given up is
/// asked for anew, under another id.
///
/// # Rule
/// R-W19
pub const REFUND_TRANSITIONS: [(RefundState, RefundEvent, RefundState); 5] = [
    (RefundState::Wait, RefundEvent::Succeed, RefundState::Success),
    (RefundState::Wait, RefundEvent::Fail, RefundState::Error),
    (RefundState::Wait, RefundEvent::Close, RefundState::Closed),
    (RefundState::Error, RefundEvent::Retry, RefundState::Wait),
    (RefundState::Error, RefundEvent::Close, RefundState::Closed),
];

impl RefundState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Wait, Self::Success, Self::Error, Self::Closed];

    /// The name, as `wait`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Success => "success",
            Self::Error => "error",
            Self::Closed => "closed",
        }
    }

    /// Whether its amount is out of what can still be refunded: every state but `closed`.
    pub const fn counts(self) -> bool {
        match self {
            Self::Wait | Self::Success | Self::Error => true,
            Self::Closed => false,
        }
    }

    /// The state after an event.
    ///
    /// # Errors
    /// `wallet.refund_transition`, naming both states.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::wallet::{RefundEvent, RefundState};
    ///
    /// assert_eq!(RefundState::Error.after(RefundEvent::Retry)?, RefundState::Wait);
    /// let twice = RefundState::Success.after(RefundEvent::Succeed).unwrap_err();
    /// assert_eq!(twice.to_string(), "a refund that is `success` can not become `success`: only `wait` can");
    /// # Ok::<(), counterfoil::error::WalletError>(())
    /// ```
    ///
    /// # Rule
    /// R-W19
    pub fn after(self, event: RefundEvent) -> Result<Self, WalletError> {
        let step = REFUND_TRANSITIONS.iter().find(|(from, by, _)| (*from, *by) == (self, event));
        step.map(|(_, _, to)| *to).ok_or_else(|| WalletError::RefundTransition {
            from: self.name(),
            to: event.target().name(),
            legal: event.sources(),
        })
    }
}

impl RefundEvent {
    /// Every event.
    pub const ALL: [Self; 4] = [Self::Succeed, Self::Fail, Self::Retry, Self::Close];

    /// The name, as `succeed`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Succeed => "succeed",
            Self::Fail => "fail",
            Self::Retry => "retry",
            Self::Close => "close",
        }
    }

    /// The state that it leads to.
    const fn target(self) -> RefundState {
        match self {
            Self::Succeed => RefundState::Success,
            Self::Fail => RefundState::Error,
            Self::Retry => RefundState::Wait,
            Self::Close => RefundState::Closed,
        }
    }

    /// The states that it can happen to, as text; a test holds it to the table.
    const fn sources(self) -> &'static str {
        match self {
            Self::Succeed | Self::Fail => "`wait`",
            Self::Retry => "`error`",
            Self::Close => "`wait` or `error`",
        }
    }
}

impl fmt::Display for RefundState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for RefundEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RefundState {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|state| state.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "refund state",
            text: excerpt(text),
            known: "wait, success, error, closed",
        })
    }
}

impl FromStr for RefundEvent {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        Self::ALL.into_iter().find(|event| event.name() == text).ok_or_else(|| WalletError::UnknownWord {
            what: "refund event",
            text: excerpt(text),
            known: "succeed, fail, retry, close",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R-W19: every state with every event, against the table written out.
    #[test]
    fn every_step() {
        let after = |state: RefundState| {
            RefundEvent::ALL.map(|event| state.after(event).map_or_else(|error| error.code(), RefundState::name))
        };
        let no = "wallet.refund_transition";
        assert_eq!(after(RefundState::Wait), ["success", "error", no, "closed"]);
        assert_eq!(after(RefundState::Success), [no, no, no, no]);
        assert_eq!(after(RefundState::Error), [no, no, "wait", "closed"]);
        assert_eq!(after(RefundState::Closed), [no, no, no, no]);
    }

    #[test]
    fn what_an_error_says_is_in_the_table() {
        for event in RefundEvent::ALL {
            let rows = REFUND_TRANSITIONS.iter().filter(|(_, by, _)| *by == event);
            let froms: Vec<String> = rows
                .map(|(from, _, to)| {
                    assert_eq!(*to, event.target());
                    format!("`{from}`")
                })
                .collect();
            assert_eq!(froms.join(" or "), event.sources());
        }
    }

    #[test]
    fn names_are_read_back() {
        for state in RefundState::ALL {
            assert_eq!(state.name().parse::<RefundState>().unwrap(), state);
        }
        for event in RefundEvent::ALL {
            assert_eq!(event.name().parse::<RefundEvent>().unwrap(), event);
        }
        assert_eq!("done".parse::<RefundState>().unwrap_err().code(), "wallet.unknown_word");
        assert_eq!("undo".parse::<RefundEvent>().unwrap_err().code(), "wallet.unknown_word");
    }
}
