use super::slots::Slots;
use crate::{
    error::{MeteringError, MoneyError, StatementError},
    exact::{Exact, Integer},
    metering::{Basis, Part, PartUsage, Usage},
    time::Period,
    units::Unit,
};

/// What was used of each part, added up over resources and windows.
#[derive(Debug, Clone, Default)]
pub(super) struct Hours {
    parts: Slots<Part, Vec<Cell>>,
}

/// The sums of a part in one unit and scale: as a rule all its usages have the same.
#[derive(Debug, Clone)]
struct Cell {
    basis: Basis,
    used: Integer,
    payable: Integer,
}

impl Hours {
    pub(super) fn add(&mut self, usage: &Usage) -> Result<(), MoneyError> {
        for (column, used, payable) in usage.view().cells() {
            self.parts.with(&column.part, |cells| match cells.iter_mut().find(|cell| cell.basis == column.basis) {
                Some(cell) => {
                    cell.used.add(&used)?;
                    cell.payable.add(&payable)
                }
                None => {
                    cells.push(Cell { basis: column.basis, used, payable });
                    Ok(())
                }
            })?;
        }
        Ok(())
    }

    /// The usage of a period, each part in the finest unit that it came in.
    pub(super) fn into_usage(self, period: Period) -> Result<Usage, StatementError> {
        let parts = self.parts.into_sorted().into_iter().map(|(part, cells)| sum(part, cells));
        Ok(Usage::from_parts(period, parts.collect::<Result<Vec<_>, _>>()?)?)
    }
}

fn sum(part: Part, mut cells: Vec<Cell>) -> Result<PartUsage, StatementError> {
    // Whether units fit together must not depend on the order in which they came: bytes first.
    cells.sort_by_key(|cell| (cell.basis.unit, cell.basis.scale));
    let Some(first) = cells.first() else {
        return Err(MoneyError::Overflow { operation: "a sum of usage" }.into()); // a part has a cell
    };
    let (mut unit, measure) = (first.basis.unit, first.basis.measure);
    for Cell { basis, .. } in &cells {
        if basis.measure != measure {
            return Err(MeteringError::MixedMeasures { part: part.to_string() }.into());
        }
        let (_, finer) = basis.unit.per(unit).map_err(MeteringError::from)?;
        unit = if finer > 1 { basis.unit } else { unit };
    }
    let (mut used, mut payable) = (Exact::ZERO, Exact::ZERO);
    for Cell { basis, used: used_in, payable: payable_in } in &cells {
        used = used.plus(&in_unit(used_in, *basis, unit)?)?;
        payable = payable.plus(&in_unit(payable_in, *basis, unit)?)?;
    }
    Ok(PartUsage { part, unit, measure, used, payable })
}

fn in_unit(sum: &Integer, basis: Basis, unit: Unit) -> Result<Exact, StatementError> {
    let (numerator, denominator) = basis.unit.per(unit).map_err(MeteringError::from)?;
    let exact = Exact::over(sum.clone(), Integer::power_of_ten(basis.scale)?)?;
    Ok(exact.times(&Exact::ratio(numerator, denominator)?)?)
}
