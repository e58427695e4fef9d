use crate::error::{WalletError, excerpt};
use std::{fmt, str::FromStr};

/// Who holds a coupon or an account, and who pays: a user or a group of users.
///
/// # Examples
/// ```
/// use counterfoil::wallet::{Owner, OwnerKind};
///
/// let owner = Owner::new(OwnerKind::Group, "physics");
/// assert_eq!(owner, Owner::Group("physics".into()));
/// assert_ne!(owner, Owner::User("physics".into())); // ids of users and groups are kept apart
/// assert_eq!(owner.to_string(), "group:physics");
/// ```
///
/// # Rule
/// R-W1
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A user, by id.
    User(String),
    /// A group (a project, a virtual organisation), by id.
    Group(String),
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnerKind {
    /// A user.
    User,
    /// A group.
    Group,
}

impl Owner {
    /// The owner of that kind and id.
    pub fn new(kind: OwnerKind, id: impl Into<String>) -> Self {
        match kind {
            OwnerKind::User => Self::User(id.into()),
            OwnerKind::Group => Self::Group(id.into()),
        }
    }

    /// A user or a group.
    pub const fn kind(&self) -> OwnerKind {
        match self {
            Self::User(_) => OwnerKind::User,
            Self::Group(_) => OwnerKind::Group,
        }
    }

    /// The id among its kind.
    pub fn id(&self) -> &str {
        match self {
            Self::User(id) | Self::Group(id) => id,
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.id())
    }
}

impl OwnerKind {
    /// The name, as `user`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
        }
    }
}

impl fmt::Display for OwnerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for OwnerKind {
    type Err = WalletError;

    fn from_str(text: &str) -> Result<Self, WalletError> {
        match text {
            "user" => Ok(Self::User),
            "group" => Ok(Self::Group),
            _ => Err(WalletError::UnknownWord { what: "kind of owner", text: excerpt(text), known: "user, group" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_they_are_written() {
        for kind in [OwnerKind::User, OwnerKind::Group] {
            assert_eq!(kind.name().parse::<OwnerKind>().unwrap(), kind);
        }
        assert_eq!("vo".parse::<OwnerKind>().unwrap_err().code(), "wallet.unknown_word");
    }
}
