use super::{
    Rater, UsageDetail,
    block::{self, Block},
    columns::RatedColumns,
};
use crate::{
    bulk::number_at,
    error::{Error, MoneyError},
    exact::{SumsView, Whole, decimal},
    metering::{
        UsageView,
        bulk::{Life, Lives, MeteredRow, Metering},
    },
    money::RoundAt,
    pricing::{Tariff, settle::Settling, weights::Fitted},
    time::Period,
};
use rust_decimal::Decimal;
use std::ops::Range;

/// One batch that is being rated.
///
/// A row goes through the first of these that has an answer: with its block, at 64 bits; by itself, at
/// 128 bits or line by line; by the single call, which takes any number and names any fault.
pub(super) struct Run<'r> {
    rater: &'r Rater,
    lives: &'r Lives<'r>,
    tariffs: &'r [u32],
    wide: Vec<Option<Fitted<i128>>>,
    metered: MeteredRow,
    /// The rows of a block that it has no answer for.
    left: Vec<(usize, Life)>,
}

impl<'r> Run<'r> {
    pub(super) fn new(rater: &'r Rater, lives: &'r Lives<'r>, tariffs: &'r [u32]) -> Self {
        Self { rater, lives, tariffs, wide: fitted(rater, lives), metered: MeteredRow::new(lives), left: vec![] }
    }

    /// Rates all rows.
    pub(super) fn fill(mut self, into: &mut RatedColumns) {
        let narrow = fitted(self.rater, self.lives);
        let mut block = Block::new(&narrow, self.lives.columns().len());
        let mut first = 0_usize;
        for tariffs in self.tariffs.chunks(block::ROWS) {
            let rows = first..first.saturating_add(tariffs.len());
            block.fill(self.lives, rows.clone(), tariffs, self.rater.terms().quota);
            for (column, given) in self.lives.given().iter().enumerate() {
                let Some(usage) = into.usage.get_mut(*given) else { break };
                usage.write(first, |take| block.sums(self.lives, column, take));
            }
            block.add_up();
            first = rows.end;
            self.finish(rows, &block, into);
        }
    }

    /// Writes the rows of a block, and rates those alone for which it has no answer.
    fn finish(&mut self, rows: Range<usize>, block: &Block<'_>, into: &mut RatedColumns) {
        self.left.clear();
        for ((row, cell), of_block) in rows.clone().zip(into.cells(rows)).zip(block.rows()) {
            let amounts = match of_block.life {
                Life::Lives => block.amounts(of_block),
                Life::Absent | Life::Unusual => None,
            };
            match amounts {
                Some(amounts) => cell.rate((of_block.micros, of_block.payable_micros), amounts),
                None => self.left.push((row, of_block.life)),
            }
        }
        let left = std::mem::take(&mut self.left);
        for (row, life) in &left {
            match life {
                Life::Absent => into.leave_out(*row),
                Life::Lives | Life::Unusual => self.alone(*row, into),
            }
        }
        self.left = left; // its memory is used again
    }

    /// Rates a row by itself.
    fn alone(&mut self, row: usize, into: &mut RatedColumns) {
        let outcome = match self.quick(row) {
            Some(outcome) => Ok(outcome),
            None => self.single(row),
        };
        match outcome {
            Ok(Some(amounts)) => {
                into.rate(row, (self.metered.micros, self.metered.payable_micros), amounts);
                into.use_parts(row, self.lives.given(), &self.metered.used, &self.metered.payable);
            }
            Ok(None) => into.leave_out(row),
            Err(error) => into.refuse(row, error.code()),
        }
    }

    /// Rates a row by the kernels, without allocating; none where that does not do.
    fn quick(&mut self, row: usize) -> Option<Option<(i128, i128)>> {
        let place = usize::try_from(*self.tariffs.get(row)?).ok()?;
        let (tariff, fitted) = (self.rater.tariffs().get(place)?, self.wide.get(place)?);
        let window = self.lives.window(row).ok()?;
        match self.metered.meter(self.lives, row, window, self.rater.terms().quota) {
            Metering::Absent => Some(None),
            Metering::Unusual => None,
            Metering::Metered => match fitted {
                Some(fitted) => {
                    let row = &self.metered;
                    let payable = (!row.all_is_payable()).then_some(SumsView::Narrow(&row.payable));
                    fitted
                        .amounts(SumsView::Narrow(&row.used), payable)
                        .filter(|amounts| self.are_decimals(*amounts))
                        .map(Some)
                }
                None => self.settled(tariff, row, window).map(Some),
            },
        }
    }

    /// Rates a row that was metered line by line or segment by segment; none for a fault.
    fn settled(&mut self, tariff: &Tariff, row: usize, window: Period) -> Option<(i128, i128)> {
        let rounding = self.rater.terms().rounding;
        let mut settling = Settling::new(rounding);
        if rounding.at() == RoundAt::Segment {
            for segment in 0..self.metered.segments() {
                if self.metered.meter_segment(self.lives, row, segment)? {
                    settling.usage(tariff, self.view(window)).ok()?;
                }
            }
            self.metered.meter_all(self.lives, row)?;
        } else {
            settling.usage(tariff, self.view(window)).ok()?;
        }
        let (original, payable) = settling.finish(tariff.limits()).ok()?;
        self.numbers((original.amount(), payable.amount())).ok()
    }

    /// Whether both amounts are decimals: the kernel is wider than the type at the door.
    fn are_decimals(&self, (original, payable): (i128, i128)) -> bool {
        let scale = self.rater.terms().rounding.step().scale();
        [original, payable].iter().all(|amount| decimal::from_parts(*amount, scale).is_some())
    }

    /// The row that was metered last as rating reads it.
    fn view(&self, window: Period) -> UsageView<'_> {
        UsageView {
            window,
            columns: self.lives.columns(),
            absent: &self.metered.absent,
            used: SumsView::Narrow(&self.metered.used),
            payable: SumsView::Narrow(&self.metered.payable),
        }
    }

    /// Rates a row by the single call: one that is wide, or that has a fault.
    #[cold]
    fn single(&mut self, row: usize) -> Result<Option<(i128, i128)>, Error> {
        let Some(amounts) = self.rater.row(self.lives, self.tariffs, row)? else { return Ok(None) };
        if self.rater.terms().usage == UsageDetail::Parts {
            let (history, window) = (self.lives.history(row)?, self.lives.window(row)?);
            self.metered.take(history.usage_under(window, self.rater.terms().quota)?.as_ref(), self.lives)?;
        }
        Ok(Some(self.numbers(amounts)?))
    }

    /// Two amounts as numbers of their columns; also where a sum of rounded lines had to shed zeros to be a decimal.
    fn numbers(&self, (original, payable): (Decimal, Decimal)) -> Result<(i128, i128), MoneyError> {
        let scale = self.rater.terms().rounding.step().scale();
        Ok((number_at(original, scale)?, number_at(payable, scale)?))
    }
}

fn fitted<W: Whole>(rater: &Rater, lives: &Lives<'_>) -> Vec<Option<Fitted<W>>> {
    let (columns, window, rounding) = (lives.columns(), lives.common_window(), rater.terms().rounding);
    rater.tariffs().iter().map(|tariff| Fitted::new(tariff, columns, window, rounding)).collect()
}
