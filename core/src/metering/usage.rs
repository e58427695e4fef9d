use super::{Part, Spec};
use crate::{
    error::{MeteringError, MoneyError, excerpt},
    exact::{Exact, Integer, RoundingMode, Sums, SumsView},
    time::{MICROS_PER_HOUR, Period},
    units::{Quantity, Unit},
};
use rust_decimal::Decimal;
use std::sync::Arc;

/// How much of each part was used in a window, and how much of it is payable. Exact.
///
/// `used` is everything; `payable` is what fell into spans that are charged by the day (R-U4).
/// Usage of neighbouring windows adds up to the usage of both (R-U7), and a correction is a
/// difference of two, so a value may be negative.
///
/// # Units
/// Quantity × time for what lasts, a plain quantity for what is counted: see [`Measure`].
///
/// # Rule
/// R-U3, R-U4, R-U7
#[derive(Debug, Clone)]
pub struct Usage {
    window: Period,
    columns: Arc<[Column]>,
    /// One for each column: mantissa at the column's scale, times microseconds where it is timed.
    used: Sums,
    payable: Sums,
}

/// A usage as rating reads it, or a row of many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UsageView<'a> {
    pub(crate) window: Period,
    /// Sorted by part.
    pub(crate) columns: &'a [Column],
    /// Which of the columns are not there after all; empty where all are.
    pub(crate) absent: &'a [bool],
    /// One for each column.
    pub(crate) used: SumsView<'a>,
    /// What of that is payable.
    pub(crate) payable: SumsView<'a>,
}

impl<'a> UsageView<'a> {
    /// What is payable, unless that is all that was used.
    #[inline]
    pub(crate) fn payable_if_other(self) -> Option<SumsView<'a>> {
        (self.payable != self.used).then_some(self.payable)
    }

    /// Each column that is there, with all that was used and what is payable.
    pub(crate) fn cells(self) -> impl Iterator<Item = (&'a Column, Integer, Integer)> {
        let there = move |place| !self.absent.get(place).copied().unwrap_or(false);
        let places = self.columns.iter().enumerate().filter(move |(place, _)| there(*place));
        places.map(move |(place, column)| (column, self.used.at(place), self.payable.at(place)))
    }
}

/// What a place in the sums is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) part: Part,
    pub(crate) basis: Basis,
}

/// What the numbers of a column are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Basis {
    pub(crate) unit: Unit,
    /// How many digits after the point their mantissas have.
    pub(crate) scale: u32,
    pub(crate) measure: Measure,
}

/// A usage of one part, written down: what a store keeps of it.
///
/// # Units
/// `used` and `payable` are in `unit`, times microseconds where it is timed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartUsage {
    /// The part.
    pub part: Part,
    /// The unit of its quantity.
    pub unit: Unit,
    /// What was added up.
    pub measure: Measure,
    /// All that was used of it.
    pub used: Exact,
    /// What of that is payable.
    pub payable: Exact,
}

/// What is added up for a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Quantity × time: core-hours, GiB-days.
    Timed,
    /// A quantity by itself: tasks, requests.
    Counted,
}

impl Usage {
    /// Usage of what is counted and not timed, all of it payable.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::metering::{Part, Spec, Usage};
    /// use counterfoil::time::Period;
    ///
    /// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
    /// let usage = Usage::counted(day, &Spec::scan(true, false));
    /// assert_eq!(usage.used(&Part::WEB).expect("scanned").value().to_string(), "1");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    pub fn counted(window: Period, spec: &Spec) -> Self {
        let columns: Arc<[Column]> = spec.parts().map(|(part, q)| Column::of(part, q, Measure::Counted)).collect();
        let used = Sums::new(spec.parts().map(|(_, quantity)| quantity.amount().mantissa().into()).collect());
        Self { window, columns, payable: used.clone(), used }
    }

    /// Usage of what stays as it is for a whole window, all of it payable: what an inquiry asks for.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::metering::{Part, Spec, Usage};
    /// use counterfoil::time::Period;
    ///
    /// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
    /// let usage = Usage::timed(day, &Spec::size_gib("50")?)?;
    /// assert_eq!(usage.used(&Part::SIZE).expect("a size").hours().to_string(), "1200");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-U3, R-P15
    pub fn timed(window: Period, spec: &Spec) -> Result<Self, MeteringError> {
        let columns = spec.parts().map(|(part, quantity)| Column::of(part, quantity, Measure::Timed)).collect();
        let sum = |(_, quantity)| Basis::of(quantity, Measure::Timed).sum(quantity, window);
        let used = Sums::new(spec.parts().map(sum).collect::<Result<_, _>>()?);
        Ok(Self { window, columns, payable: used.clone(), used })
    }

    pub(super) const fn new(window: Period, columns: Arc<[Column]>, used: Sums, payable: Sums) -> Self {
        Self { window, columns, used, payable }
    }

    /// A usage that was written down part by part, in any order.
    ///
    /// # Errors
    /// `metering.repeated_part`; `money.too_many_digits` for a sum that is no multiple of 10⁻²⁸, which
    /// no usage ever is; `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::metering::{Spec, Usage};
    /// use counterfoil::time::Period;
    ///
    /// let day = Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?;
    /// let usage = Usage::counted(day, &Spec::scan(true, false));
    /// assert_eq!(Usage::from_parts(day, usage.to_parts()?)?, usage);
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    pub fn from_parts(window: Period, parts: impl IntoIterator<Item = PartUsage>) -> Result<Self, MeteringError> {
        let mut parts: Vec<PartUsage> = parts.into_iter().collect();
        parts.sort_by(|a, b| a.part.cmp(&b.part));
        let mut columns: Vec<Column> = Vec::with_capacity(parts.len());
        let (mut used, mut payable) = (Vec::with_capacity(parts.len()), Vec::with_capacity(parts.len()));
        for part in parts {
            let (scale, [used_of, payable_of]) = at_common_scale([&part.used, &part.payable])?;
            let PartUsage { part, unit, measure, .. } = part;
            if columns.last().is_some_and(|last| last.part == part) {
                return Err(MeteringError::RepeatedPart { part: part.to_string() });
            }
            columns.push(Column { part, basis: Basis { unit, scale, measure } });
            used.push(used_of);
            payable.push(payable_of);
        }
        Ok(Self { window, columns: columns.into(), used: Sums::new(used), payable: Sums::new(payable) })
    }

    /// The usage part by part, in order.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn to_parts(&self) -> Result<Vec<PartUsage>, MeteringError> {
        let sums = self.used.iter().zip(self.payable.iter());
        let part = |(column, (used, payable)): (&Column, (Integer, Integer))| {
            let Basis { unit, measure, .. } = column.basis;
            let (used, payable) = (column.basis.exact(&used)?, column.basis.exact(&payable)?);
            Ok(PartUsage { part: column.part.clone(), unit, measure, used, payable })
        };
        self.columns.iter().zip(sums).map(part).collect()
    }

    /// The window that it is of.
    pub const fn window(&self) -> Period {
        self.window
    }

    /// The parts in order.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = &Part> {
        self.columns.iter().map(|column| &column.part)
    }

    /// All that was used of a part.
    pub fn used(&self, part: &Part) -> Option<UsageOf> {
        self.of(part, &self.used)
    }

    /// What is payable of a part.
    pub fn payable(&self, part: &Part) -> Option<UsageOf> {
        self.of(part, &self.payable)
    }

    /// Whether nothing was used, and so nothing is payable.
    pub fn is_nothing(&self) -> bool {
        self.used.is_zero() && self.payable.is_zero()
    }

    /// Usage of this window and of the one that begins where it ends.
    ///
    /// # Errors
    /// `metering.windows_apart` unless the two windows meet, `money.overflow`.
    ///
    /// # Rule
    /// R-U7
    pub fn plus(&self, next: &Self) -> Result<Self, MeteringError> {
        if self.window.end() != next.window.start() {
            return Err(MeteringError::WindowsApart {
                end: self.window.end().to_chrono(),
                start: next.window.start().to_chrono(),
            });
        }
        let window = Period::new(self.window.start(), next.window.end())?;
        self.combined(next, window, Integer::plus)
    }

    /// What a correction changes: this usage less the one that was stored, of the same window.
    ///
    /// # Errors
    /// `metering.other_window`, `money.overflow`.
    ///
    /// # Rule
    /// R-U6
    pub fn delta(&self, stored: &Self) -> Result<Self, MeteringError> {
        if self.window != stored.window {
            return Err(MeteringError::OtherWindow {
                corrected: self.window.to_string(),
                stored: stored.window.to_string(),
            });
        }
        self.combined(stored, self.window, Integer::minus)
    }

    /// The usage as rating reads it.
    #[inline]
    pub(crate) fn view(&self) -> UsageView<'_> {
        UsageView {
            window: self.window,
            columns: &self.columns,
            absent: &[],
            used: (&self.used).into(),
            payable: (&self.payable).into(),
        }
    }

    fn of(&self, part: &Part, cells: &Sums) -> Option<UsageOf> {
        let (column, sum) = self.columns.iter().zip(cells.iter()).find(|(column, _)| column.part == *part)?;
        let Basis { unit, measure, .. } = column.basis;
        Some(UsageOf { value: column.basis.exact(&sum).ok()?, unit, measure })
    }

    fn combined(
        &self,
        other: &Self,
        window: Period,
        operation: impl Fn(&Integer, &Integer) -> Result<Integer, MoneyError>,
    ) -> Result<Self, MeteringError> {
        let columns = self.columns.iter().chain(&*other.columns);
        let columns = Column::united(columns.map(|column| (&column.part, column.basis)))?;
        let (mut used, mut payable) = (Vec::new(), Vec::new());
        for column in &*columns {
            used.push(operation(&self.sum_in(column, &self.used)?, &other.sum_in(column, &other.used)?)?);
            payable.push(operation(&self.sum_in(column, &self.payable)?, &other.sum_in(column, &other.payable)?)?);
        }
        Ok(Self { window, columns, used: Sums::new(used), payable: Sums::new(payable) })
    }

    /// The sum of a part in the unit and scale of a column that unites it; zero where it has none.
    fn sum_in(&self, column: &Column, cells: &Sums) -> Result<Integer, MeteringError> {
        match self.columns.iter().zip(cells.iter()).find(|(own, _)| own.part == column.part) {
            Some((own, sum)) => Ok(sum.times(&own.basis.factor_to(column.basis)?)?),
            None => Ok(Integer::ZERO),
        }
    }
}

impl PartialEq for Usage {
    /// Equal windows, and equal sums for each part, whatever the unit they were written in.
    fn eq(&self, other: &Self) -> bool {
        self.window == other.window && self.delta(other).is_ok_and(|delta| delta.is_nothing())
    }
}

impl Eq for Usage {}

impl Column {
    pub(super) fn of(part: &Part, quantity: Quantity, measure: Measure) -> Self {
        Self { part: part.clone(), basis: Basis::of(quantity, measure) }
    }

    /// One column for each part, sorted, in the finest unit and scale of those that are given.
    pub(super) fn united<'a>(columns: impl Iterator<Item = (&'a Part, Basis)>) -> Result<Arc<[Self]>, MeteringError> {
        let mut united: Vec<Self> = Vec::new();
        for (part, basis) in columns {
            match united.binary_search_by(|known| known.part.cmp(part)) {
                Err(place) => united.insert(place, Self { part: part.clone(), basis }),
                Ok(place) => {
                    let Some(known) = united.get_mut(place) else { continue };
                    let (known, other) = (&mut known.basis, basis);
                    if *known == other {
                        continue;
                    }
                    if known.measure != other.measure {
                        return Err(MeteringError::MixedMeasures { part: part.to_string() });
                    }
                    let (_, finer) = other.unit.per(known.unit)?;
                    known.unit = if finer > 1 { other.unit } else { known.unit };
                    known.scale = known.scale.max(other.scale);
                }
            }
        }
        Ok(united.into())
    }

    /// The quantity of a spec at the unit and scale of the column; nothing where it lacks the part.
    pub(super) fn quantity_in(&self, spec: &Spec) -> Result<Integer, MeteringError> {
        let Some(quantity) = spec.quantity(&self.part) else {
            return Ok(Integer::ZERO);
        };
        let (basis, mantissa) = (Basis::of(quantity, self.basis.measure), Integer::from(quantity.amount().mantissa()));
        if basis == self.basis {
            return Ok(mantissa);
        }
        Ok(basis.factor_to(self.basis)?.times(&mantissa)?)
    }
}

impl Basis {
    /// What one quantity by itself is in.
    pub(crate) fn of(quantity: Quantity, measure: Measure) -> Self {
        Self { unit: quantity.unit(), scale: quantity.amount().scale(), measure }
    }

    /// What a quantity of this basis comes to that stays as it is for a window.
    pub(crate) fn sum(self, quantity: Quantity, window: Period) -> Result<Integer, MoneyError> {
        let mantissa = Integer::from(quantity.amount().mantissa());
        match self.measure {
            Measure::Timed => mantissa.times(&Integer::from(window.micros())),
            Measure::Counted => Ok(mantissa),
        }
    }

    /// What a mantissa of this basis is multiplied by to stand in a finer one of the same part.
    fn factor_to(self, finer: Self) -> Result<Integer, MeteringError> {
        let (units, _) = self.unit.per(finer.unit)?;
        let digits = Integer::power_of_ten(finer.scale.saturating_sub(self.scale))?;
        Ok(digits.times(&Integer::from(units))?)
    }

    fn exact(self, sum: &Integer) -> Result<Exact, MoneyError> {
        Ok(Exact::above_zero(sum.clone(), Integer::power_of_ten(self.scale)?))
    }
}

/// Two numbers as mantissas with the fewest digits after the point that both can have in common.
fn at_common_scale(values: [&Exact; 2]) -> Result<(u32, [Integer; 2]), MeteringError> {
    let mantissa = |value: &Exact, scale| {
        let scaled = value.numerator().times(&Integer::power_of_ten(scale)?)?;
        scaled.divide_exactly(value.denominator())
    };
    for scale in 0..=Decimal::MAX_SCALE {
        if let (Some(a), Some(b)) = (mantissa(values[0], scale)?, mantissa(values[1], scale)?) {
            return Ok((scale, [a, b]));
        }
    }
    let text = format!("{}, {}", values[0], values[1]);
    Err(MoneyError::TooManyDigits { text: excerpt(&text) }.into())
}

/// Usage of one part, to be read out in hours, days or as a count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageOf {
    /// In units, times microseconds where it is timed.
    value: Exact,
    unit: Unit,
    measure: Measure,
}

impl UsageOf {
    /// The unit of its quantity.
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// What was added up.
    pub const fn measure(&self) -> Measure {
        self.measure
    }

    /// Quantity × microseconds, or the plain quantity where it is counted.
    pub const fn value(&self) -> &Exact {
        &self.value
    }

    /// Quantity × hours: core-hours, GiB-hours.
    pub fn hours(&self) -> Exact {
        self.value.divided_by(&Exact::from(MICROS_PER_HOUR)).unwrap_or_else(|_| self.value.clone())
    }

    /// Quantity × hours in another unit of the family, rounded to so many digits.
    ///
    /// # Rounding
    /// Once, as `mode` says, from the exact value.
    ///
    /// # Errors
    /// `units.incompatible`, `money.overflow`.
    ///
    /// # Rule
    /// R-U3
    pub fn hours_in(&self, unit: Unit, digits: u32, mode: RoundingMode) -> Result<Decimal, MeteringError> {
        let (numerator, denominator) = self.unit.per(unit)?;
        let converted = self.hours().times(&Exact::ratio(numerator, denominator)?)?;
        Ok(converted.round_digits(digits, mode)?)
    }
}
