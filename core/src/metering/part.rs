use crate::{error::UnitsError, units::Name};
use std::{fmt, str::FromStr};

/// Writes an open set of names: the known ones as variants, the caller's own as `Named`.
macro_rules! names {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)] // a tag of its own is compared in one step, as rating does for each part
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// One that the caller names; made by reading its text, and never one of the known names.
            Named(Custom),
        }

        impl $name {
            /// The name.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Named(Custom(name)) => name.as_str(),
                }
            }
        }

        impl FromStr for $name {
            type Err = UnitsError;

            fn from_str(text: &str) -> Result<Self, UnitsError> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => text.parse().map(Custom).map(Self::Named),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// A name that the caller chose, which is none of the known ones: so two that print alike are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Custom(Name);

impl fmt::Display for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

names! {
    /// What kind of resource something is. A rate card prices by kind.
    Kind {
        /// A virtual machine.
        Server = "server",
        /// A block disk.
        Disk = "disk",
        /// A snapshot of a disk.
        Snapshot = "snapshot",
        /// A bucket of objects.
        Bucket = "bucket",
        /// A monitored web site.
        Site = "site",
        /// A security scan, charged by the task.
        Scan = "scan",
    }
}

names! {
    /// What of a resource is measured.
    ///
    /// # Rule
    /// R-U2
    Dimension {
        /// One for each resource, by time: a base fee.
        Base = "base",
        /// Processor cores.
        Cpu = "cpu",
        /// Memory.
        Ram = "ram",
        /// Local disk of a server.
        Disk = "disk",
        /// A public address: 0 or 1.
        PublicIp = "public_ip",
        /// Graphics cards, by model; may be a fraction.
        Gpu = "gpu",
        /// The size of a disk, a snapshot or a bucket.
        Size = "size",
        /// Tamper protection of a site: 0 or 1.
        Tamper = "tamper",
        /// Security inspection of a site: 0 or 1.
        Security = "security",
        /// A scan of a web site.
        Web = "web",
        /// A scan of a host.
        Host = "host",
    }
}

names! {
    /// The model of a part; `STANDARD` where none is named.
    ///
    /// # Rule
    /// R-P2
    Model {
        /// The model of a part that names none.
        Standard = "STANDARD",
    }
}

/// A dimension and its model: what a quantity is of, and what a rate is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// What is measured.
    pub dimension: Dimension,
    /// Which model of it.
    pub model: Model,
}

impl Part {
    /// One for each resource, by time.
    pub const BASE: Self = Self::standard(Dimension::Base);
    /// Processor cores.
    pub const CPU: Self = Self::standard(Dimension::Cpu);
    /// Memory.
    pub const RAM: Self = Self::standard(Dimension::Ram);
    /// Local disk of a server.
    pub const DISK: Self = Self::standard(Dimension::Disk);
    /// A public address.
    pub const PUBLIC_IP: Self = Self::standard(Dimension::PublicIp);
    /// The size of a disk, a snapshot or a bucket.
    pub const SIZE: Self = Self::standard(Dimension::Size);
    /// Tamper protection.
    pub const TAMPER: Self = Self::standard(Dimension::Tamper);
    /// Security inspection.
    pub const SECURITY: Self = Self::standard(Dimension::Security);
    /// A scan of a web site.
    pub const WEB: Self = Self::standard(Dimension::Web);
    /// A scan of a host.
    pub const HOST: Self = Self::standard(Dimension::Host);

    /// A dimension of the model `STANDARD`.
    pub const fn standard(dimension: Dimension) -> Self {
        Self { dimension, model: Model::Standard }
    }

    /// A graphics card of a model.
    pub const fn gpu(model: Model) -> Self {
        Self { dimension: Dimension::Gpu, model }
    }
}

impl fmt::Display for Part {
    /// The dimension, and the model in brackets unless it is `STANDARD`: `gpu[A100]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.model {
            Model::Standard => f.pad(self.dimension.as_str()),
            Model::Named(model) => f.pad(&format!("{}[{model}]", self.dimension)),
        }
    }
}

impl FromStr for Part {
    type Err = UnitsError;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, UnitsError> {
        match text.strip_suffix(']').and_then(|open| open.split_once('[')) {
            Some((dimension, model)) => Ok(Self { dimension: dimension.parse()?, model: model.parse()? }),
            None => Ok(Self::standard(text.parse()?)),
        }
    }
}
