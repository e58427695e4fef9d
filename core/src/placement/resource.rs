use crate::{
    error::{PlacementError, excerpt},
    units::Name,
};
use std::{fmt, str::FromStr};

/// Something that a node has and a product asks for.
///
/// The order is that in which reasons are told: cpu, memory, ephemeral storage, disks, cards, slices of cards, and then
/// named resources by their names.
///
/// # Units
///
/// | resource | smallest unit | written |
/// |---|---|---|
/// | `Cpu` | milli-core | `cpu` |
/// | `Memory` | byte | `memory` |
/// | `EphemeralStorage` | byte | `ephemeral-storage` |
/// | `Disk` | byte | `disk[SYS]`, `disk[DATA]` |
/// | `Gpu` | milli-card | `gpu[A100-80G]`; `gpu` is `gpu[STANDARD]` |
/// | `Mig` | instance | `mig[A100-80G/1g.10gb]` |
/// | `Named` | one | its name |
///
/// # Examples
/// ```
/// use counterfoil::placement::{DiskKind, Resource};
///
/// assert_eq!("disk[SYS]".parse::<Resource>()?, Resource::Disk(DiskKind::System));
/// assert_eq!("gpu".parse::<Resource>()?.to_string(), "gpu[STANDARD]");
/// assert_eq!("disk[TMP]".parse::<Resource>().unwrap_err().code(), "placement.unknown_resource");
/// # Ok::<(), counterfoil::error::PlacementError>(())
/// ```
///
/// # Rule
/// R-A4
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// Processor time, in milli-cores.
    Cpu,
    /// Main memory, in bytes.
    Memory,
    /// Scratch space of a container, in bytes.
    EphemeralStorage,
    /// A disk, in bytes.
    Disk(DiskKind),
    /// Cards of a model, in milli-cards: whole cards, or a share of one.
    Gpu(Name),
    /// Instances of a MIG profile of a model of cards: a lane of its own, which never mixes with whole cards.
    Mig {
        /// The model of the card.
        model: Name,
        /// The profile, as `1g.10gb`.
        profile: Name,
    },
    /// Anything else, in whole ones.
    Named(Name),
}

impl Resource {
    /// The model that matches only itself.
    pub const STANDARD: &'static str = "STANDARD";

    /// The model of cards, where it is one.
    pub fn model(&self) -> Option<&Name> {
        match self {
            Self::Gpu(model) | Self::Mig { model, .. } => Some(model),
            _ => None,
        }
    }

    /// Whether its amounts are written in thousandths: milli-cores and milli-cards.
    pub const fn is_milli(&self) -> bool {
        matches!(self, Self::Cpu | Self::Gpu(_))
    }
}

impl FromStr for Resource {
    type Err = PlacementError;

    fn from_str(text: &str) -> Result<Self, PlacementError> {
        let unknown = || PlacementError::UnknownResource { text: excerpt(text) };
        let Some((kind, inside)) = text.split_once('[') else {
            return Ok(match text {
                "cpu" => Self::Cpu,
                "memory" => Self::Memory,
                "ephemeral-storage" => Self::EphemeralStorage,
                "gpu" => Self::Gpu(Self::STANDARD.parse()?),
                "disk" | "mig" | "pods" => return Err(unknown()),
                _ if text.contains(']') => return Err(unknown()),
                _ => Self::Named(text.parse()?),
            });
        };
        let inside = inside.strip_suffix(']').ok_or_else(unknown)?;
        if inside.contains(['[', ']']) {
            return Err(unknown());
        }
        match (kind, inside.split_once('/')) {
            ("disk", _) => inside.parse().map(Self::Disk),
            ("gpu", _) => Ok(Self::Gpu(inside.parse()?)),
            ("mig", Some((model, profile))) => Ok(Self::Mig { model: model.parse()?, profile: profile.parse()? }),
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Memory => f.write_str("memory"),
            Self::EphemeralStorage => f.write_str("ephemeral-storage"),
            Self::Disk(kind) => write!(f, "disk[{kind}]"),
            Self::Gpu(model) => write!(f, "gpu[{model}]"),
            Self::Mig { model, profile } => write!(f, "mig[{model}/{profile}]"),
            Self::Named(name) => write!(f, "{name}"),
        }
    }
}

/// What a disk is for: the two are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiskKind {
    /// The system disk, `SYS`.
    System,
    /// A data disk, `DATA`.
    Data,
}

impl FromStr for DiskKind {
    type Err = PlacementError;

    fn from_str(text: &str) -> Result<Self, PlacementError> {
        match text {
            "SYS" => Ok(Self::System),
            "DATA" => Ok(Self::Data),
            _ => Err(PlacementError::UnknownResource { text: excerpt(&format!("disk[{text}]")) }),
        }
    }
}

impl fmt::Display for DiskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "SYS",
            Self::Data => "DATA",
        })
    }
}
