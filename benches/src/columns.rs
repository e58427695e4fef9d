//! Servers as columns, for the bulk path.

use crate::{day, kernels::Fault, numbers::Numbers, portal_card};
use counterfoil::{
    metering::{
        ChargeMode, Kind, Part, QuotaCharge,
        bulk::{Lives, Numbers as Column, OPEN, QuantityColumn, SpanColumns, Windows},
    },
    money::Rounding,
    pricing::bulk::{Rater, RatingTerms, UsageDetail},
    time::Period,
    units::Unit,
};
use std::ops::Range;

/// Servers of one span each, with quantities of their own that hold all through [`day`], though not each lived all of it.
pub struct Servers {
    day: Period,
    start: Vec<i64>,
    end: Vec<i64>,
    mode: Vec<u8>,
    cpu: Vec<i64>,
    ram: Vec<i64>,
    disk: Vec<i64>,
    public_ip: Vec<i64>,
    tariff: Vec<u32>,
}

impl Servers {
    /// So many of them: one in eight is pre-paid, one in sixteen began or ended during the day.
    ///
    /// # Errors
    /// None: the text is fixed.
    pub fn new(count: usize) -> Result<Self, Fault> {
        let (day, mut numbers) = (day()?, Numbers::from(23));
        let mut column = |first: i64, step: i64, values: usize| -> Vec<i64> {
            (0..count).map(|_| first + step * numbers.below(values) as i64).collect()
        };
        let (cpu, ram, disk) = (column(1, 1, 64), column(1, 1, 256), column(40, 10, 200));
        let (public_ip, kind, micros) = (column(0, 1, 2), column(0, 1, 32), column(1, 1_000, 86_000_000));
        let inside = |wanted: i64, otherwise: i64| {
            let at = |(kind, micros): (&i64, &i64)| match *kind == wanted {
                true => day.start().micros() + micros,
                false => otherwise,
            };
            kind.iter().zip(&micros).map(at).collect()
        };
        let mode = |kind: &i64| match kind % 8 {
            3 => ChargeMode::PrePaid.code(),
            _ => ChargeMode::PostPaid.code(),
        };
        Ok(Self {
            day,
            start: inside(1, day.start().micros() - 1_000_000),
            end: inside(2, OPEN),
            mode: kind.iter().map(mode).collect(),
            cpu,
            ram,
            disk,
            public_ip,
            tariff: vec![0; count],
        })
    }

    /// The columns of numbers by their names, for whoever hands them over in another form: instants in microseconds, the
    /// end of what is still there as [`OPEN`].
    pub fn numbers(&self) -> [(&'static str, &[i64]); 6] {
        let Self { start, end, cpu, ram, disk, public_ip, .. } = self;
        [("start", start), ("end", end), ("cpu", cpu), ("ram", ram), ("disk", disk), ("public_ip", public_ip)]
    }

    /// The codes of how they are paid for.
    pub fn modes(&self) -> &[u8] {
        &self.mode
    }

    /// Some of the rows, and the place of the tariff of each.
    ///
    /// # Errors
    /// Where there are no such rows.
    pub fn rows(&self, rows: Range<usize>) -> Result<(Lives<'_>, &[u32]), Fault> {
        let (start, mode, tariff) = (part(&self.start, &rows)?, part(&self.mode, &rows)?, part(&self.tariff, &rows)?);
        let quantities = vec![
            column(Part::BASE, Unit::Count, Column::All(1)),
            column(Part::CPU, Unit::Core, Column::Each(part(&self.cpu, &rows)?)),
            column(Part::RAM, Unit::GiB, Column::Each(part(&self.ram, &rows)?)),
            column(Part::DISK, Unit::GiB, Column::Each(part(&self.disk, &rows)?)),
            column(Part::PUBLIC_IP, Unit::Count, Column::Each(part(&self.public_ip, &rows)?)),
        ];
        let spans = SpanColumns { start, end: part(&self.end, &rows)?, mode, quantities };
        Ok((Lives::new(spans, None, Windows::One(self.day))?, tariff))
    }
}

/// Rates [`Servers`] by the portal's price list, without the usage of parts.
///
/// # Errors
/// None: the text is fixed.
pub fn rater() -> Result<Rater, Fault> {
    let terms = RatingTerms { rounding: Rounding::PORTAL, quota: QuotaCharge::Free, usage: UsageDetail::None };
    Ok(Rater::new(vec![portal_card()?.tariff(&Kind::Server, day()?.start())?], terms)?)
}

fn column(part: Part, unit: Unit, values: Column<'_>) -> QuantityColumn<'_> {
    QuantityColumn { part, unit, scale: 0, values, present: None }
}

fn part<'c, T>(column: &'c [T], rows: &Range<usize>) -> Result<&'c [T], Fault> {
    column.get(rows.clone()).ok_or_else(|| format!("there are no rows {rows:?}").into())
}
