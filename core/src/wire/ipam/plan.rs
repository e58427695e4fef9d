//! What a caller wrote, held against what there is: a plan of a split, a merge, a row beside others.

use super::by_family;
use crate::{
    error::{Error, IpamError, Language, excerpt},
    ipam::{
        Address, Interval, IpInterval, IpPrefix, IpRange, Merge, Merged, Occupied, PlanDraft, Range, Row, RowCheck,
        RowStatus, SplitPlan, UncheckedRange,
    },
    wire::text::{Object, Show, Shown, Word},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, str::FromStr};

/// A violation is told in many more bytes than it is made with.
const MOST_TOLD: usize = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct PlanCall {
    range: String,
    entries: Vec<String>,
    limit: Option<u32>,
    mode: Option<String>,
}

/// A plan that holds, or what is wrong with it.
#[derive(Serialize)]
#[serde(rename = "CheckedPlan")]
pub(in crate::wire) struct PlanOut {
    plan: Option<TilesOut>,
    /// How many violations there are, of which the first [`MOST_TOLD`] are told.
    violation_count: usize,
    violations: Vec<ViolationOut>,
}

#[derive(Serialize)]
struct TilesOut {
    unchanged: bool,
    pieces: Vec<Shown<IpRange>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct MergeCall {
    rows: Vec<Object<RowIn>>,
    ids: Vec<String>,
    length: u8,
    mode: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowIn {
    id: String,
    range: String,
    status: String,
    asn: Option<u32>,
    owner: Option<String>,
}

/// What rows become, or what is wrong with it.
#[derive(Serialize)]
pub(in crate::wire) struct MergeOut {
    merged: Option<MergedOut>,
    /// How many violations there are, of which the first [`MOST_TOLD`] are told.
    violation_count: usize,
    violations: Vec<ViolationOut>,
}

#[derive(Serialize)]
struct MergedOut {
    range: Shown<IpRange>,
    network: Shown<IpPrefix>,
    status: Word<RowStatus>,
    asn: Option<u32>,
    owner: Option<String>,
    /// The id of the only row, where it stays as it is.
    unchanged: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::wire) struct CheckCall {
    range: String,
    id: Option<String>,
    excluding: Option<Vec<String>>,
    rows: Vec<Object<OccupiedIn>>,
    mode: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OccupiedIn {
    id: String,
    interval: String,
}

/// The rows that a range overlaps, by start.
#[derive(Serialize)]
pub(in crate::wire) struct CheckOut {
    overlaps: Vec<OccupiedOut>,
}

#[derive(Serialize)]
struct OccupiedOut {
    id: String,
    interval: Shown<IpInterval>,
}

/// What is wrong.
#[derive(Default)]
struct WrongOut {
    violation_count: usize,
    violations: Vec<ViolationOut>,
}

#[derive(Serialize)]
struct ViolationOut {
    error: FaultOut,
}

#[derive(Serialize)]
#[serde(rename = "ViolationError")]
struct FaultOut {
    code: &'static str,
    message: String,
    message_zh: String,
    details: BTreeMap<&'static str, String>,
}

/// Whether all that is wrong is answered, or the first of it is the error of the call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    All,
    Portal,
}

pub(in crate::wire) fn check_plan(input: PlanCall) -> Result<PlanOut, Error> {
    by_family!(&input.range, check_plan_in(&input))
}

pub(in crate::wire) fn merge(input: MergeCall) -> Result<MergeOut, Error> {
    let first = input.rows.first().map_or("", |row| row.0.range.as_str());
    by_family!(first, merge_in(&input))
}

pub(in crate::wire) fn check_row(input: CheckCall) -> Result<CheckOut, Error> {
    by_family!(&input.range, check_row_in(&input))
}

fn check_plan_in<A: Address>(input: &PlanCall) -> Result<PlanOut, Error> {
    let mode = mode(&input.mode)?;
    let parent: Range<A> = input.range.parse()?;
    let entries = input.entries.iter().map(|entry| entry.parse());
    let entries: Vec<UncheckedRange<A>> = entries.collect::<Result<_, IpamError>>()?;
    let mut draft = PlanDraft::new(parent, &entries);
    if let Some(limit) = input.limit.and_then(|limit| usize::try_from(limit).ok()) {
        draft = draft.with_limit(limit);
    }
    let plan = match mode {
        Mode::All => draft.check(),
        Mode::Portal => Ok(draft.check_in_portal_order()?),
    };
    let (plan, wrong) = told(plan.map(|plan: SplitPlan<A>| TilesOut {
        unchanged: plan.is_unchanged(),
        pieces: plan.ranges().iter().map(Show::shown).collect(),
    }));
    Ok(PlanOut { plan, violation_count: wrong.violation_count, violations: wrong.violations })
}

fn merge_in<A: Address>(input: &MergeCall) -> Result<MergeOut, Error> {
    let mode = mode(&input.mode)?;
    let rows: Vec<Row<A>> = input.rows.iter().map(|row| row.0.read()).collect::<Result<_, IpamError>>()?;
    let ids: Vec<&str> = input.ids.iter().map(String::as_str).collect();
    let merge = Merge { rows: &rows, ids: &ids, length: input.length };
    let merged = match mode {
        Mode::All => merge.merge(),
        Mode::Portal => Ok(merge.merge_in_portal_order()?),
    };
    let (merged, wrong) = told(merged.map(|merged: Merged<A>| MergedOut {
        range: merged.range().shown(),
        network: merged.range().network().shown(),
        status: Word(merged.status()),
        asn: merged.asn(),
        owner: merged.owner().map(str::to_owned),
        unchanged: merged.unchanged().map(str::to_owned),
    }));
    Ok(MergeOut { merged, violation_count: wrong.violation_count, violations: wrong.violations })
}

fn check_row_in<A: Address>(input: &CheckCall) -> Result<CheckOut, Error> {
    let mode = mode(&input.mode)?;
    let range = Range::try_from(input.range.parse::<UncheckedRange<A>>()?)?;
    let occupied = |row: &Object<OccupiedIn>| Ok((row.0.id.clone(), row.0.interval.parse::<Interval<A>>()?));
    let rows: Vec<(String, Interval<A>)> = input.rows.iter().map(occupied).collect::<Result<_, IpamError>>()?;
    let rows = || rows.iter().map(|(id, interval)| Occupied { id, interval: *interval });
    let mut check = RowCheck::new(range).excluding(input.excluding.iter().flatten().map(String::as_str));
    if let Some(id) = &input.id {
        check = check.of_row(id);
    }
    if mode == Mode::Portal {
        check.check(rows())?;
    }
    let written = |row: Occupied<'_, A>| OccupiedOut { id: row.id.to_owned(), interval: row.interval.shown() };
    Ok(CheckOut { overlaps: check.overlaps(rows()).into_iter().map(written).collect() })
}

impl RowIn {
    fn read<A: Address>(&self) -> Result<Row<A>, IpamError> {
        Ok(Row {
            id: self.id.clone(),
            range: self.range.parse()?,
            status: self.status.parse()?,
            asn: self.asn,
            owner: self.owner.clone(),
        })
    }
}

fn mode(name: &Option<String>) -> Result<Mode, IpamError> {
    name.as_deref().map_or(Ok(Mode::All), str::parse)
}

impl FromStr for Mode {
    type Err = IpamError;

    fn from_str(text: &str) -> Result<Self, IpamError> {
        match text {
            "all" => Ok(Self::All),
            "portal" => Ok(Self::Portal),
            _ => Err(IpamError::UnknownWord { what: "mode", text: excerpt(text), known: "all, portal" }),
        }
    }
}

fn told<T>(answer: Result<T, Vec<IpamError>>) -> (Option<T>, WrongOut) {
    match answer {
        Ok(answer) => (Some(answer), WrongOut::default()),
        Err(violations) => {
            let told = violations.iter().take(MOST_TOLD).map(ViolationOut::from).collect();
            (None, WrongOut { violation_count: violations.len(), violations: told })
        }
    }
}

impl From<&IpamError> for ViolationOut {
    fn from(error: &IpamError) -> Self {
        Self {
            error: FaultOut {
                code: error.code(),
                message: error.message(Language::English),
                message_zh: error.message(Language::Chinese),
                details: error.details().into_iter().collect(),
            },
        }
    }
}
