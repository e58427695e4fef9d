//! What is metered: `resources.csv`, and the lives of resources in `spans.csv`, `samples.csv` and
//! `scans.csv`; and `late.csv`, lives as they really were.

use super::{
    RESOURCES, Reading, SAMPLES, SCANS, SPANS, Tables,
    owners::{no_account, no_unit, owner},
    table::{Row, Table},
};
use crate::{
    events::Late,
    portfolio::{Life, Origin, Resource, Sampling},
    problem::Fault,
};
use counterfoil::{
    error::{MeteringError, excerpt},
    metering::{History, Kind, Sample, Samples, Span, Spec},
    time::Instant,
    units::Name,
    wallet::Owner,
};
use std::collections::{BTreeMap, BTreeSet};

/// A resource whose life is still being read.
struct Draft {
    owner: Owner,
    kind: Kind,
    unit: Name,
    line: u64,
    metered_by: MeteredBy,
    spans: Vec<(Span, u64)>,
    samples: Vec<(Sample, u64)>,
    tasks: Vec<(Instant, Spec, u64)>,
    /// Its spans as they really were, and since when that is known.
    late: Option<(Instant, Vec<(Span, u64)>)>,
    /// Whether something is wrong with it that is reported already.
    bad: bool,
}

/// Which files tell the life of a resource.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MeteredBy {
    Spans,
    Samples(Sampling),
    Task,
}

/// Resources by id; none for one whose row is bad, so that its other rows are not reported too.
type Drafts = BTreeMap<Name, Option<Draft>>;

impl Reading {
    /// Reads all resources with their lives.
    pub(super) fn lives(&mut self, tables: &Tables, late: Option<&Table>) {
        let kinds: BTreeSet<Kind> = self.portfolio.card.entries().iter().map(|entry| entry.kind.clone()).collect();
        let mut drafts = Drafts::new();
        for row in tables.resources.rows() {
            self.resource(row, &kinds, &mut drafts);
        }
        for row in tables.spans.rows() {
            self.life_row(row, &mut drafts, "spans", |draft| {
                draft.spans.push((span(row)?, row.line()));
                Ok(())
            });
        }
        for row in tables.samples.rows() {
            self.life_row(row, &mut drafts, "samples", |draft| {
                let sample = Sample { at: row.value("at")?, size: row.quantity("size", "unit")? };
                draft.samples.push((sample, row.line()));
                Ok(())
            });
        }
        for row in tables.scans.rows() {
            self.life_row(row, &mut drafts, "tasks", |draft| {
                draft.tasks.push((row.value("at")?, row.spec()?, row.line()));
                Ok(())
            });
        }
        for row in late.into_iter().flat_map(Table::rows) {
            self.life_row(row, &mut drafts, "spans", |draft| draft.correct(row));
        }
        for (id, draft) in drafts {
            if let Some(draft) = draft.filter(|draft| !draft.bad) {
                self.finish(id, draft);
            }
        }
    }

    fn resource(&mut self, row: Row<'_>, kinds: &BTreeSet<Kind>, drafts: &mut Drafts) {
        let owner = owner(row);
        let known_owner = owner.as_ref().ok().cloned();
        let id = match row.value::<Name>("resource") {
            Ok(id) => id,
            Err(fault) => return self.note(row, known_owner.as_ref(), fault),
        };
        if let Some(before) = drafts.get(&id) {
            // Whose it is can not be said: both owners are left out.
            let message = format!("resource `{id}` stands twice: an id is given once, for ever");
            let other = before.as_ref().map(|draft| draft.owner.clone());
            self.portfolio.left_out.extend(other);
            return self.note(row, known_owner.as_ref(), Fault::new("input.repeated", message));
        }
        let draft = owner.and_then(|owner| self.draft(row, owner, kinds));
        let good = draft.map_err(|fault| self.note(row, known_owner.as_ref(), fault)).ok();
        drafts.insert(id, good);
    }

    fn draft(&self, row: Row<'_>, owner: Owner, kinds: &BTreeSet<Kind>) -> Result<Draft, Fault> {
        row.check_width()?;
        if !self.portfolio.owners.contains_key(&owner) {
            return Err(no_account(&owner));
        }
        let kind = row.value::<Kind>("kind")?;
        if !kinds.contains(&kind) {
            let known: Vec<&str> = kinds.iter().map(Kind::as_str).collect();
            let message = format!("unknown kind `{kind}`: the rate card has {}", known.join(", "));
            return Err(Fault::new("input.unknown_kind", message));
        }
        let unit = row.value::<Name>("unit")?;
        if !self.portfolio.units.contains_key(&unit) {
            return Err(no_unit(&unit));
        }
        Ok(Draft {
            owner,
            kind,
            unit,
            line: row.line(),
            metered_by: metered_by(row)?,
            spans: Vec::new(),
            samples: Vec::new(),
            tasks: Vec::new(),
            late: None,
            bad: false,
        })
    }

    /// Reads a row of a resource's life.
    fn life_row(
        &mut self,
        row: Row<'_>,
        drafts: &mut Drafts,
        rows: &str,
        read: impl FnOnce(&mut Draft) -> Result<(), Fault>,
    ) {
        let id = match row.value::<Name>("resource") {
            Ok(id) => id,
            Err(fault) => return self.note(row, None, fault),
        };
        let draft = match drafts.get_mut(&id) {
            Some(Some(draft)) => draft,
            Some(None) => return,
            None => {
                let message = format!("no resource `{id}`: add it to {}", RESOURCES.file);
                return self.note(row, None, Fault::new("input.no_resource", message));
            }
        };
        let belongs = match draft.metered_by {
            MeteredBy::Spans => rows == "spans",
            MeteredBy::Samples(_) => rows != "tasks",
            MeteredBy::Task => rows == "tasks",
        };
        let read = row.check_width().and_then(|()| {
            if belongs {
                return read(draft);
            }
            let message = format!("it is not metered by {rows} ({}:{})", RESOURCES.file, draft.line);
            Err(Fault::new("input.other_measure", message))
        });
        if let Err(fault) = read {
            draft.bad = true;
            let owner = draft.owner.clone();
            self.note(row, Some(&owner), fault.about(&format!("`{id}`")));
        }
    }

    /// Puts a life together.
    fn finish(&mut self, id: Name, draft: Draft) {
        let Draft { owner, kind, unit, line, metered_by, spans, samples, tasks, late, .. } = draft;
        let origin = Origin { file: RESOURCES.file, line };
        let life = match metered_by {
            MeteredBy::Spans => timed(&id, spans, (SPANS.file, line)),
            MeteredBy::Samples(policy) => by_samples(&id, spans, samples, policy, line),
            MeteredBy::Task => task(&id, tasks, line),
        };
        let late = late.map(|(known, spans)| {
            let line = spans.first().map_or(0, |(_, line)| *line);
            let life = timed(&id, spans, (LATE, line))?;
            let origin = Origin { file: LATE, line };
            let resource = Resource { kind: kind.clone(), unit: unit.clone(), origin, life };
            Ok(Late { known, owner: owner.clone(), id: id.clone(), resource })
        });
        match life.and_then(|life| Ok((life, late.transpose()?))) {
            Ok((life, late)) => {
                self.timeline.late.extend(late);
                if let Some(holding) = self.portfolio.owners.get_mut(&owner) {
                    holding.resources.insert(id, Resource { kind, unit, origin, life });
                }
            }
            Err((file, line, fault)) => self.note_problem(fault.at(file, line), Some(&owner)),
        }
    }
}

impl Draft {
    /// Takes in a span of its life as it really was.
    fn correct(&mut self, row: Row<'_>) -> Result<(), Fault> {
        if self.metered_by != MeteredBy::Spans {
            let message = "what is metered by samples, or was done once, has no life to correct here";
            return Err(Fault::new("input.other_measure", message));
        }
        let (known, span) = (row.value("known")?, (span(row)?, row.line()));
        match &mut self.late {
            None => self.late = Some((known, vec![span])),
            Some((first, spans)) if *first == known => spans.push(span),
            Some((first, _)) => {
                let message = format!("its life was known at {first} already: it is corrected once");
                return Err(Fault::new("input.corrected_twice", message));
            }
        }
        Ok(())
    }
}

/// The file of lives that were known too late.
const LATE: &str = "late.csv";

/// A fault with its place.
type Placed = (&'static str, u64, Fault);

fn timed(id: &Name, spans: Vec<(Span, u64)>, (file, line): (&'static str, u64)) -> Result<Life, Placed> {
    let (history, lines) = history(id, spans, (file, line))?;
    let origins = lines.into_iter().map(|line| Origin { file, line }).collect();
    Ok(Life::Spans { history, origins })
}

fn by_samples(
    id: &Name,
    spans: Vec<(Span, u64)>,
    samples: Vec<(Sample, u64)>,
    policy: Sampling,
    line: u64,
) -> Result<Life, Placed> {
    let (history, _) = history(id, spans, (SPANS.file, line))?;
    let known = Samples::new(samples.iter().map(|(sample, _)| *sample)).map_err(|error| {
        let place = match &error {
            MeteringError::RepeatedSample { at } => {
                let last = samples.iter().rev().find(|(sample, _)| sample.at.to_chrono() == *at);
                (SAMPLES.file, last.map_or(0, |(_, line)| *line))
            }
            _ => (RESOURCES.file, line),
        };
        (place.0, place.1, Fault::from(error).about(&format!("`{id}`")))
    })?;
    Ok(Life::Sampled { spans: history.spans().to_vec(), samples: known, policy })
}

fn task(id: &Name, tasks: Vec<(Instant, Spec, u64)>, line: u64) -> Result<Life, Placed> {
    let mut tasks = tasks.into_iter();
    match (tasks.next(), tasks.next()) {
        (Some((at, spec, line)), None) => Ok(Life::Task { at, spec, origin: Origin { file: SCANS.file, line } }),
        (Some(_), Some((_, _, line))) => {
            let message = format!("task `{id}` stands twice: a task is done once");
            Err((SCANS.file, line, Fault::new("input.repeated", message)))
        }
        (None, _) => {
            let message = format!("task `{id}` has no row in {}", SCANS.file);
            Err((RESOURCES.file, line, Fault::new("input.no_life", message)))
        }
    }
}

/// Spans in order of their start, with their lines; a fault names the line, and the other line that it
/// contradicts.
fn history(
    id: &Name,
    mut spans: Vec<(Span, u64)>,
    (file, line): (&'static str, u64),
) -> Result<(History, Vec<u64>), Placed> {
    spans.sort_by_key(|(span, line)| (span.start(), *line));
    let lines: Vec<u64> = spans.iter().map(|(_, line)| *line).collect();
    let line_of_span = |index: usize| lines.get(index).copied().unwrap_or(line);
    let history = History::new(spans.into_iter().map(|(span, _)| span)).map_err(|error| match &error {
        MeteringError::NoSpans { .. } => (RESOURCES.file, line, Fault::from(error).about(&format!("`{id}`"))),
        MeteringError::OverlappingSpans { first, second, start, end } => {
            let (before, at) = (line_of_span(*first), line_of_span(*second));
            let message = format!(
                "`{id}`: this span starts at {}, before the one in line {before} ends at {}",
                start.format("%Y-%m-%dT%H:%M:%SZ"),
                end.format("%Y-%m-%dT%H:%M:%SZ"),
            );
            (file, at, Fault::new(error.code(), message))
        }
        MeteringError::OpenSpan { span } => {
            let message = format!(
                "`{id}`: this span has no end, and the one in line {} starts after it: only the last may be open",
                line_of_span(span.saturating_add(1)),
            );
            (file, line_of_span(*span), Fault::new(error.code(), message))
        }
        MeteringError::ReversedSpan { span, .. } => {
            (file, line_of_span(*span), Fault::from(error.clone()).about(&format!("`{id}`")))
        }
        _ => (file, line_of_span(0), Fault::from(error).about(&format!("`{id}`"))),
    })?;
    Ok((history, lines))
}

fn span(row: Row<'_>) -> Result<Span, Fault> {
    Ok(Span::new(row.value("start")?, row.optional("end")?, row.spec()?, row.value("mode")?))
}

fn metered_by(row: Row<'_>) -> Result<MeteredBy, Fault> {
    let samples = |policy| Ok(MeteredBy::Samples(policy));
    match row.text("metered_by")? {
        "spans" => Ok(MeteredBy::Spans),
        "task" => Ok(MeteredBy::Task),
        "samples_point" => samples(Sampling::Point),
        "samples_time_weighted" => samples(Sampling::TimeWeighted),
        "samples_maximum" => samples(Sampling::Maximum),
        "samples_last" => samples(Sampling::Last),
        text => {
            let message = format!(
                "`{}` is no way to meter: use spans, task, samples_point, samples_time_weighted, samples_maximum or samples_last",
                excerpt(text),
            );
            Err(Fault::new("input.unknown_measure", message).about("column `metered_by`"))
        }
    }
}
