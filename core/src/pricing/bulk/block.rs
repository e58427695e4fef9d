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
    /// Σ weight × quantity of each span: what a microsecond costs, over the denominator of its tariff.
    prices: Vec<i64>,
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
    /// The tariff is none of plain prices that are rounded at the total.
    Other,
}

impl<'f> Block<'f> {
    pub(super) fn new(fitted: &'f [Option<Fitted<i64>>], columns: usize) -> Self {
        let weight = |fitted: &Option<Fitted<i64>>, column: usize| match fitted {
            Some(fitted) if fitted.rounds_total() => match fitted.weights().get(column) {
                Some(Some(weight)) => Weight::Plain(*weight),
                _ => Weight::Unpriced,
            },
            _ => Weight::Other,
        };
        let of_column = |column| fitted.iter().map(|fitted| weight(fitted, column)).collect();
        let weights = (0..columns).map(of_column).collect();
        let metered = MeteredBlock::default();
        Self { metered, fitted, weights, tariffs: vec![], prices: vec![], rows: vec![] }
    }

    /// Meters some rows and prices what they are made of.
    pub(super) fn fill(&mut self, lives: &Lives<'_>, rows: Range<usize>, tariffs: &[u32], quota: QuotaCharge) {
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
        self.prices.clear();
        self.prices.resize(self.tariffs.len(), 0);
        for (column, weights) in self.weights.iter().enumerate() {
            add_column(&mut self.prices, &self.tariffs, weights, metered.quantities(lives, column));
        }
    }

    /// Σ quantity × time of each row for a column, and of what is payable.
    pub(super) fn sums(&mut self, lives: &Lives<'_>, column: usize, take: impl FnMut((i128, i128))) {
        self.metered.sums(lives, column, take);
    }

    /// Σ time × price over the spans of each row: after all that may leave one out.
    pub(super) fn add_up(&mut self) {
        let Self { metered, fitted, .. } = self;
        let spans = metered.micros.iter().zip(&metered.payable_micros).zip(&self.prices).zip(&metered.fits);
        let mut spans = spans.zip(&self.tariffs);
        let row = |life: Life, tariff: usize| BlockRow {
            life: if tariff < fitted.len() { life } else { Life::Unusual },
            micros: 0,
            payable_micros: 0,
            tariff,
            original: 0,
            payable: 0,
        };
        self.rows.clear();
        if metered.has_single_spans() {
            self.rows.extend(spans.zip(&metered.lives).map(
                |(((((micros, payable_micros), price), fits), tariff), life)| {
                    let mut row = row(*life, *tariff);
                    row.add(*micros, *payable_micros, *price, *fits);
                    row
                },
            ));
            return;
        }
        for (index, life) in metered.lives.iter().enumerate() {
            let mut of_row = row(*life, 0);
            for _ in 0..metered.spans_of(index) {
                let Some(((((micros, payable_micros), price), fits), tariff)) = spans.next() else { break };
                of_row = BlockRow { tariff: *tariff, ..of_row };
                of_row.add(*micros, *payable_micros, *price, *fits);
            }
            if of_row.tariff >= fitted.len() {
                of_row.life = Life::Unusual;
            }
            self.rows.push(of_row);
        }
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
    fn add(&mut self, micros: i64, payable_micros: i64, price: i64, fits: bool) {
        self.micros = self.micros.wrapping_add(micros);
        self.payable_micros = self.payable_micros.wrapping_add(payable_micros);
        let original_fits = add_product(&mut self.original, price, micros);
        let payable_fits = add_product(&mut self.payable, price, payable_micros);
        if !(fits & original_fits & payable_fits) {
            self.life = Life::Unusual;
        }
    }
}

/// Adds weight × quantity of a column to the prices of spans.
#[inline]
fn add_column(prices: &mut [i64], tariffs: &[usize], weights: &[Weight], (quantities, fits): (&[i64], &mut [bool])) {
    let cells = prices.iter_mut().zip(fits).zip(quantities);
    match weights {
        // One tariff for all, as a rule: a row that names another is left out in the end.
        [Weight::Plain(weight)] => {
            for ((price, fits), quantity) in cells {
                *fits &= add_product(price, *weight, *quantity) & (*quantity >= 0);
            }
        }
        _ => {
            for (((price, fits), quantity), tariff) in cells.zip(tariffs) {
                *fits &= match weights.get(*tariff) {
                    Some(Weight::Plain(weight)) => add_product(price, *weight, *quantity) & (*quantity >= 0),
                    Some(Weight::Unpriced) => *quantity == 0,
                    Some(Weight::Other) | None => false,
                };
            }
        }
    }
}

/// `sum + a × b`; whether it fits.
#[inline]
fn add_product(sum: &mut i64, a: i64, b: i64) -> bool {
    let (product, too_large) = a.overflowing_mul(b);
    let (more, too_much) = sum.overflowing_add(product);
    *sum = more;
    !too_large & !too_much
}
