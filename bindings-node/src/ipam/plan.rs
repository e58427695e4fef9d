//! Plans: ranges that are to tile another one.

use super::{
    block::{texts_of, written},
    family::{each_range, range_of},
};
use crate::border::{Fault, Result};
use counterfoil::{
    error::{Error, IpamError},
    ipam::{Address, PlanDraft, Range, UncheckedRange},
};
use napi_derive::napi;

/// The pieces of a plan, if they tile the range.
#[napi(catch_unwind)]
pub(crate) fn range_check_plan(range: String, block: String, count: u32, limit: Option<f64>) -> Result<String> {
    each_range!(range_of(&range)?, range => {
        let entries = entries_of(&block, count)?;
        Ok(written(draft(range, &entries, limit).check_in_portal_order()?.into_ranges()))
    })
}

/// All that is wrong with a plan: JSON of a list of facts, as those of an error that is thrown.
#[napi(catch_unwind)]
pub(crate) fn range_plan_violations(range: String, block: String, count: u32, limit: Option<f64>) -> Result<String> {
    let violations: Vec<IpamError> = each_range!(range_of(&range)?, range => {
        let entries = entries_of(&block, count)?;
        draft(range, &entries, limit).check().err().unwrap_or_default()
    });
    let told = violations.into_iter().filter_map(|error| Fault::from(Error::from(error)).facts());
    Ok(serde_json::Value::from_iter(told).to_string())
}

/// Reads entries, of which nothing is checked yet.
fn entries_of<A: Address>(block: &str, count: u32) -> Result<Vec<UncheckedRange<A>>> {
    texts_of(block, count, "entries")?.map(|text| Ok(text.parse()?)).collect()
}

fn draft<A: Address>(range: Range<A>, entries: &[UncheckedRange<A>], limit: Option<f64>) -> PlanDraft<'_, A> {
    let draft = PlanDraft::new(range, entries);
    match limit {
        Some(limit) => draft.with_limit(limit as usize),
        None => draft,
    }
}
