//! `portal.toml`: how the runs of a folder are done, unless the command line says otherwise.

use super::source::Source;
use crate::problem::{Fault, Problem};
use serde::Deserialize;
use std::collections::BTreeMap;

const FILE: &str = "portal.toml";

/// The settings of a folder, as text; the command line has the same ones, and both are read by one
/// routine.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// The first day.
    pub(crate) from: Option<String>,
    /// The last day.
    pub(crate) to: Option<String>,
    /// Whose days they are.
    pub(crate) zone: Option<String>,
    /// How amounts are rounded.
    pub(crate) rounding: Option<String>,
    /// By kind, whether `quota` spans are charged: `free` or `like_post_paid`.
    #[serde(default)]
    pub(crate) quota: BTreeMap<String, String>,
}

impl Settings {
    /// Reads the settings of a folder; one without the file has none.
    pub(crate) fn read(source: &Source) -> Result<Self, Problem> {
        if source.read(FILE)?.is_none() {
            return Ok(Self::default());
        }
        let text = source.text(FILE)?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = u64::try_from(before.matches('\n').count()).unwrap_or(0).saturating_add(1);
            Fault::new("input.bad_settings", error.message()).at(FILE, line)
        })
    }
}
