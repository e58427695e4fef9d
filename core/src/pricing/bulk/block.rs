use crate::{
    metering::{
        QuotaCharge,
        bulk::{Life, Lives, MeteredBlock},
    },
    pricing::weights::Fitted,
};
use std::ops::Range;

/// How many rows are rated together: their columns stay in the fastest cache.
pub(super) const ROWS: usize = 256;

/// Neighbouring rows, metered and rated together at 64 bits by plain prices.
///
/// The weights and roundings are those that rate a row alone; a row for which they do not do is left
/// to it.
#[derive(Debug)]
pub(super) struct Block<'f> {
    metered: MeteredBlock,
    fitted: &'f [Option<Fitted<i64>>],
    /// For each column of the batch the weight of each tariff.
    weights: Vec<Vec<Weight>>,
    /// The tariff of each span.
    tariffs: Vec<usize>,
    /// Σ weight × quantity × time of each span, over the denominator of its tariff.
    costs: Vec<i64>,
    /// What the rows came to.
    rows: Vec<BlockRow>,
}

/// What one row of a block came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockRow {
    /// Whether it has a life in its window, and what follows is right.
    pub(super) life: Life,
    pub(super) micros: i64,
    pub(super) payable_micros: i64,
    tariff: usize,
    /// Σ weight × quantity × time, over the denominator of the tariff.
    original: i64,
    /// The same of what is payable.
    payable: i64,
}

/// What a number of a column costs by a tariff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Plain(i64),
    /// It has no rate: there may be nothing of it.
    Unpriced,
    /// The tariff is none of plain prices.
    Other,
}

impl<'f> Block<'f> {
    pub(super) fn new(fitted: &'f [Option<Fitted<i64>>], columns: usize) -> Self {
        let weight = |fitted: &Option<Fitted<i64>>, column: usize| match fitted {
            Some(fitted) => match fitted.weights().get(column) {
                Some(Some(weight)) => Weight::Plain(*weight),
                _ => Weight::Unpriced,
            },
            None => Weight::Other,
        };
        let of_column = |column| fitted.iter().map(|fitted| weight(fitted, column)).collect();
        let weights = (0..columns).map(of_column).collect();
        let metered = MeteredBlock::default();
        Self { metered, fitted, weights, tariffs: vec![], costs: vec![], rows: vec![] }
    }

    /// Meters and rates some rows; `take` is shown each column's quantity × time on the way.
    pub(super) fn fill(
        &mut self,
        lives: &Lives<'_>,
        rows: Range<usize>,
        tariffs: &[u32],
        quota: QuotaCharge,
        mut take: impl FnMut(usize, &MeteredBlock),
    ) {
        let metered = &mut self.metered;
        metered.fill(lives, rows, quota);
        let place = |tariff: &u32| usize::try_from(*tariff).unwrap_or(usize::MAX);
        self.tariffs.clear();
        if metered.has_single_spans() {
            self.tariffs.extend(tariffs.iter().map(place));
        } else {
            for (row, tariff) in tariffs.iter().enumerate() {
                self.tariffs.extend(std::iter::repeat_n(place(tariff), metered.spans_of(row)));
            }
        }
        self.costs.clear();
        self.costs.resize(self.tariffs.len(), 0);
        for (column, weights) in self.weights.iter().enumerate() {
            metered.column(lives, column);
            add_costs(&mut self.costs, metered, &self.tariffs, weights);
            take(column, metered);
        }
        self.add_up(tariffs);
    }

    /// Σ over the spans of each row.
    fn add_up(&mut self, tariffs: &[u32]) {
        self.rows.clear();
        let Self { metered, fitted, .. } = self;
        let place = |tariff: u32| usize::try_from(tariff).ok().filter(|place| *place < fitted.len());
        let mut spans = metered.micros.iter().zip(&metered.payable_micros).zip(&self.costs).zip(&metered.fits);
        let rows = metered.lives.iter().zip(tariffs).enumerate().map(|(row, (life, tariff))| {
            let tariff = place(*tariff);
            let mut of_row = BlockRow {
                life: if tariff.is_some() { *life } else { Life::Unusual },
                micros: 0,
                payable_micros: 0,
                tariff: tariff.unwrap_or_default(),
                original: 0,
                payable: 0,
            };
            for _ in 0..metered.spans_of(row) {
                let Some((((micros, payable_micros), cost), fits)) = spans.next() else { break };
                of_row.add(*micros, *payable_micros, *cost, *fits);
            }
            of_row
        });
        self.rows.extend(rows);
    }

    /// What each row came to.
    pub(super) fn rows(&self) -> &[BlockRow] {
        &self.rows
    }

    /// The two amounts of a row that lives; none where something does not fit.
    #[inline]
    pub(super) fn amounts(&self, row: &BlockRow) -> Option<(i128, i128)> {
        let all_is_payable = row.micros == row.payable_micros;
        let fitted = self.fitted.get(row.tariff)?.as_ref()?;
        fitted.rounded(&row.original, (!all_is_payable).then_some(&row.payable))
    }
}

impl BlockRow {
    /// Adds a span; its time can not overflow, since spans share no time of the window.
    #[inline]
    fn add(&mut self, micros: i64, payable_micros: i64, cost: i64, fits: bool) {
        self.micros = self.micros.wrapping_add(micros);
        self.payable_micros = self.payable_micros.wrapping_add(payable_micros);
        let payable_cost = if micros == payable_micros { cost } else { 0 };
        let (original, too_much) = self.original.overflowing_add(cost);
        self.original = original;
        let (payable, too_much_payable) = self.payable.overflowing_add(payable_cost);
        self.payable = payable;
        if !fits || too_much || too_much_payable {
            self.life = Life::Unusual;
        }
    }
}

/// Adds weight × quantity × time of a column to the costs of spans.
#[inline]
fn add_costs(costs: &mut [i64], metered: &mut MeteredBlock, tariffs: &[usize], weights: &[Weight]) {
    let cells = costs.iter_mut().zip(&mut metered.fits).zip(&metered.times);
    match weights {
        // One tariff for all, as a rule: a place among one is 0, or the row is left out in the end.
        [Weight::Plain(weight)] => {
            for ((cost, fits), time) in cells {
                *fits &= add_cost(cost, *weight, *time);
            }
        }
        _ => {
            for (((cost, fits), time), tariff) in cells.zip(tariffs) {
                *fits &= match weights.get(*tariff) {
                    Some(Weight::Plain(weight)) => add_cost(cost, *weight, *time),
                    Some(Weight::Unpriced) => *time == 0,
                    Some(Weight::Other) | None => false,
                };
            }
        }
    }
}

/// `cost + weight × time`; whether it fits.
#[inline]
fn add_cost(cost: &mut i64, weight: i64, time: i64) -> bool {
    let (product, too_large) = weight.overflowing_mul(time);
    let (sum, too_much) = cost.overflowing_add(product);
    *cost = sum;
    !too_large & !too_much
}
