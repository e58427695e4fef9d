use super::{
    arguments::{self, Listed, Quantity, Window, choice, unpacked},
    explanation::explanation_text,
    job::{self, Stopper, Told, Watch},
    table::{Handle, Table},
};
use crate::border::{Fault, Result};
use arrow_array::RecordBatch;
use counterfoil::{
    pricing::bulk::{Rater as CoreRater, RatingTerms, UsageDetail},
    time::Zone,
};
use counterfoil_arrow::{BatchRater, Progress, Run, SpanLayout, UsageColumns, UsageSchema};
use napi::{
    Env,
    bindgen_prelude::{External, Object},
};
use napi_derive::napi;
use serde::Deserialize;
use std::{num::NonZeroUsize, sync::Arc};

/// Rates tables of usage.
pub(crate) struct Rater(Arc<BatchRater>);

/// What `lib/bulk/rater.js` says of the tables.
#[derive(Deserialize)]
struct Said {
    quantities: Vec<Quantity>,
    rounding: String,
    window: Option<Window>,
    zone: String,
    at: Option<String>,
    kind: Option<String>,
    tariffs: Option<Vec<Listed>>,
    mode: Option<String>,
    spans: String,
    passed: Vec<String>,
    quota: String,
    usage: String,
    money: String,
}

/// A rater of tables, of a card in TOML or JSON and what is said of the tables in JSON.
#[napi(catch_unwind)]
pub(crate) fn bulk_rater(card: String, said: String) -> Result<External<Rater>> {
    let said: Said = unpacked("options", &said)?;
    let terms = RatingTerms {
        rounding: said.rounding.parse()?,
        quota: said.quota.parse()?,
        usage: choice("usage", &said.usage, &[("none", UsageDetail::None), ("parts", UsageDetail::Parts)])?,
    };
    let zone: Zone = said.zone.parse()?;
    let window = arguments::window(said.window, zone)?;
    let at = arguments::at(said.at, &window)?;
    let (tariffs, tariff) = arguments::tariffs(&arguments::card(&card)?, said.kind, said.tariffs, at)?;
    let columns = UsageColumns {
        spans: choice("spans", &said.spans, &[("flat", SpanLayout::Flat), ("lists", SpanLayout::Lists)])?,
        mode: arguments::mode(said.mode)?,
        quantities: said.quantities.into_iter().map(Quantity::field).collect::<Result<_>>()?,
        window,
        tariff,
        passed: said.passed,
    };
    let money = arguments::money_type(&said.money)?;
    let inner = BatchRater::new(UsageSchema::new(columns)?, CoreRater::new(tariffs, terms)?, money)?;
    Ok(External::new(Rater(Arc::new(inner))))
}

/// A table without rows that has the columns that tables have, each of the plainest of the types that it may have.
#[napi(catch_unwind)]
pub(crate) fn bulk_rater_schema(rater: &External<Rater>) -> External<Handle> {
    Table::new(Arc::new(rater.0.schema().schema()), vec![]).into_external()
}

/// Rates a table on threads of its own: the promise of what it comes to.
#[napi(catch_unwind, ts_return_type = "Promise<External<'Handle'>>")]
pub(crate) fn bulk_rate<'env>(
    env: &'env Env,
    rater: &External<Rater>,
    table: &External<Handle>,
    is_kept: bool,
    threads: u32,
    stopper: &External<Stopper>,
    #[napi(ts_arg_type = "((rows: number, of: number) => void) | null")] progress: Option<Told>,
) -> Result<Object<'env>> {
    let threads = usize::try_from(threads).ok().and_then(NonZeroUsize::new);
    let threads = threads.ok_or_else(|| Fault::bad_input("threads", "there is at least one"))?;
    let table = if is_kept { table.get()? } else { table.take()? };
    let rater = rater.0.clone();
    let watch = Watch::new(stopper, progress, table.rows());
    job::promise(env, move || rate(&rater, table, threads, watch), Table::into_external)
}

/// What one row alone comes to, original and payable, or nothing if it did not live in its window.
#[napi(catch_unwind)]
pub(crate) fn bulk_row(rater: &External<Rater>, table: &External<Handle>, row: u32) -> Result<Option<Vec<String>>> {
    let table = table.get()?;
    let (batch, row) = table.found(row)?;
    let amounts = rater.0.row(batch, row)?;
    Ok(amounts.map(|(original, payable)| vec![original.to_string(), payable.to_string()]))
}

/// Why one row costs what it costs, in JSON, or nothing if it did not live in its window.
#[napi(catch_unwind)]
pub(crate) fn bulk_explain(rater: &External<Rater>, table: &External<Handle>, row: u32) -> Result<Option<String>> {
    let table = table.get()?;
    let (batch, row) = table.found(row)?;
    rater.0.explain(batch, row)?.as_ref().map(explanation_text).transpose()
}

/// Rates all batches of a table: one by itself stays one, and its chunks are rated beside each other; of several the
/// pieces are.
fn rate(rater: &BatchRater, table: Table, threads: NonZeroUsize, mut watch: Watch) -> Result<Table> {
    let schema = rater.output_schema(table.schema())?;
    let cancel = watch.cancel();
    let mut progress = |progress: Progress| watch.tell(progress);
    let run = Run::on_threads(threads).watched_by(&mut progress).cancelled_by(&cancel);
    let mut rated: Vec<RecordBatch> = Vec::new();
    let mut batches = table.batches().map(|batch| Watch::check(&cancel, 0).and(batch.map_err(Fault::from)));
    let first = batches.next().transpose()?;
    match (first, batches.next().transpose()?) {
        (None, _) => {}
        (Some(only), None) => rated.push(rater.rate_batch(&only, run)?),
        (Some(first), Some(second)) => {
            let batches = [first, second].map(Ok).into_iter().chain(batches);
            let keep = |piece| {
                rated.push(piece);
                Ok::<_, Fault>(())
            };
            rater.rate_batches(batches, keep, run)?;
        }
    }
    Ok(Table::new(schema, rated))
}
