//! # Counterfoil's inventory
//!
//! Text that people have, read into nodes and what runs on them: lists of Kubernetes ([`kubernetes`]), tables of nodes
//! ([`table`]), traces of clusters ([`trace`]). It takes text and bytes and never opens a file.
//!
//! One object that can not be read costs no other one: what was read comes with a list of [`Fault`]s, each with its
//! object, its field and its code.
//!
//! # Examples
//!
//! What `kubectl` prints, and whether a product fits:
//! ```
//! use counterfoil::placement::{Product, Request, Resource, Rules, Sharing, Snapshot};
//! use counterfoil_inventory::kubernetes::{self, Policy};
//!
//! let nodes = r#"{"kind": "List", "items": [{
//!     "kind": "Node",
//!     "metadata": {"name": "w1"},
//!     "status": {
//!         "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
//!         "conditions": [{"type": "Ready", "status": "True"}]
//!     }
//! }]}"#;
//! let pods = r#"{"kind": "List", "items": [{
//!     "kind": "Pod",
//!     "metadata": {"namespace": "default", "name": "web-0"},
//!     "spec": {"nodeName": "w1", "containers": [{"name": "web", "resources": {"requests": {"cpu": "2400m"}}}]},
//!     "status": {"phase": "Running"}
//! }]}"#;
//! let inventory = kubernetes::inventory(nodes, pods, &Policy::nvidia())?;
//! assert!(inventory.faults.is_empty());
//!
//! let snapshot = Snapshot::new(inventory.nodes, inventory.running, Sharing::Named)?;
//! let product = Product::new("2-core", Request::new([(Resource::Cpu, 2000)])?);
//! let refusals = snapshot.refusals("w1", &product, &Rules::strict());
//! assert_eq!(refusals.map(|refusals| refusals.len()), Some(1)); // 1.60 cores are left
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

/// The README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod cells;
mod error;
pub mod kubernetes;
pub mod table;
pub mod trace;

pub use error::{Fault, InventoryError, Object, Read};
