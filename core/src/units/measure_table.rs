use super::Name;
use crate::{error::UnitsError, exact::Exact};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
};

/// The numbered measures of a provider, and how many of one another is.
///
/// Measures that rows join are a family, and within it every conversion is exact, along any chain of
/// rows. Measures that no row joins never convert: so `GB` by 1024 and `GB` by 1000 are two measures
/// with two numbers, and stay apart.
///
/// # Examples
/// ```
/// use counterfoil::units::{MeasureRow, MeasureTable};
///
/// let bss = MeasureTable::bss()?;
/// let converted = bss.convert(&10.into(), MeasureTable::BSS_GB, MeasureTable::BSS_MB)?;
/// assert_eq!(converted.to_string(), "10240");
///
/// let names = [(10, "GB".parse()?), (11, "MB".parse()?)];
/// let row = |ratio: &str| Ok::<_, counterfoil::error::UnitsError>(MeasureRow {
///     from: 10,
///     to: 11,
///     ratio: counterfoil::exact::decimal::parse(ratio)?,
/// });
/// let two = MeasureTable::new(names, [row("1024")?, row("1000")?]);
/// assert_eq!(two.unwrap_err().code(), "units.measures_contradict");
/// # Ok::<(), counterfoil::error::UnitsError>(())
/// ```
///
/// # Rule
/// R-P7
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureTable {
    measures: BTreeMap<u32, Placed>,
}

/// A row: one of a measure is so many of another.
///
/// # Units
/// `ratio` is in `to` for one `from`: `10 → 11, 1024` says that one GB is 1024 MB.
///
/// # Rule
/// R-P7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasureRow {
    /// The measure that one is of.
    pub from: u32,
    /// The measure that it is given in.
    pub to: u32,
    /// How many.
    pub ratio: Decimal,
}

/// A measure in its family.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Placed {
    name: Name,
    /// The smallest number of its family.
    family: u32,
    /// How many of that measure one of this is.
    size: Exact,
}

impl MeasureTable {
    /// An hour, as the public cloud numbers it.
    pub const BSS_HOUR: u32 = 4;
    /// A GB of 1024 MB, as the public cloud numbers it.
    pub const BSS_GB: u32 = 10;
    /// A MB, as the public cloud numbers it.
    pub const BSS_MB: u32 = 11;
    /// A second. The number is ours, far above all of the public cloud's: its own stands in no rule.
    pub const BSS_SECOND: u32 = 1_000_000;

    /// Measures with their names, and rows that join them, in any order.
    ///
    /// # Errors
    /// `units.measure_twice`; `units.unknown_measure` for a row of a measure without a name;
    /// `units.bad_measure_ratio` unless a ratio is above zero; `units.measures_contradict` for a row
    /// that says something else than those before it, directly or around a circle; `money.overflow`.
    pub fn new(
        measures: impl IntoIterator<Item = (u32, Name)>,
        rows: impl IntoIterator<Item = MeasureRow>,
    ) -> Result<Self, UnitsError> {
        let mut names = BTreeMap::new();
        for (measure, name) in measures {
            if names.insert(measure, name).is_some() {
                return Err(UnitsError::MeasureTwice { measure });
            }
        }
        let rows: Vec<MeasureRow> = rows.into_iter().collect();
        for row in &rows {
            row.check(&names)?;
        }
        let table = Self { measures: placed(names, &rows)? };
        for row in &rows {
            let implied = table.factor(row.from, row.to)?;
            if implied != Exact::from(row.ratio) {
                let (from, to) = (table.shown(row.from)?, table.shown(row.to)?);
                return Err(UnitsError::MeasuresContradict {
                    from,
                    to,
                    ratio: row.ratio,
                    implied: implied.to_string(),
                });
            }
        }
        Ok(table)
    }

    /// The measures of the public cloud that the figures of its rules need: GB and MB by 1024, hour
    /// and second. Whoever reads the provider's own list builds a table of it instead.
    ///
    /// # Errors
    /// None of its own: its rows are checked as all are.
    ///
    /// # Rule
    /// R-P7
    pub fn bss() -> Result<Self, UnitsError> {
        let names = [
            (Self::BSS_HOUR, "hour".parse()?),
            (Self::BSS_GB, "GB".parse()?),
            (Self::BSS_MB, "MB".parse()?),
            (Self::BSS_SECOND, "second".parse()?),
        ];
        let row = |from, to, ratio: u32| MeasureRow { from, to, ratio: Decimal::from(ratio) };
        Self::new(names, [row(Self::BSS_GB, Self::BSS_MB, 1024), row(Self::BSS_HOUR, Self::BSS_SECOND, 3600)])
    }

    /// The numbers of its measures, with their names.
    pub fn measures(&self) -> impl Iterator<Item = (u32, &Name)> {
        self.measures.iter().map(|(number, measure)| (*number, &measure.name))
    }

    /// The name of a measure.
    ///
    /// # Errors
    /// `units.unknown_measure`.
    pub fn name(&self, measure: u32) -> Result<&Name, UnitsError> {
        Ok(&self.measure(measure)?.name)
    }

    /// How many of `to` one of `from` is.
    ///
    /// # Errors
    /// `units.unknown_measure`; `units.measures_apart` where no rows join them; `money.overflow`.
    pub fn factor(&self, from: u32, to: u32) -> Result<Exact, UnitsError> {
        let (own, other) = (self.measure(from)?, self.measure(to)?);
        if own.family != other.family {
            return Err(UnitsError::MeasuresApart { from: self.shown(from)?, to: self.shown(to)? });
        }
        Ok(own.size.divided_by(&other.size)?.reduced()?)
    }

    /// So many of a measure, in another of its family.
    ///
    /// # Errors
    /// As [`factor`](Self::factor).
    ///
    /// # Rule
    /// R-P7
    pub fn convert(&self, amount: &Exact, from: u32, to: u32) -> Result<Exact, UnitsError> {
        Ok(amount.times(&self.factor(from, to)?)?)
    }

    fn measure(&self, measure: u32) -> Result<&Placed, UnitsError> {
        self.measures.get(&measure).ok_or(UnitsError::UnknownMeasure { measure })
    }

    /// As `10 GB`.
    fn shown(&self, measure: u32) -> Result<String, UnitsError> {
        Ok(format!("{measure} {}", self.name(measure)?))
    }
}

impl MeasureRow {
    fn check(&self, names: &BTreeMap<u32, Name>) -> Result<(), UnitsError> {
        let shown = |measure| match names.get(&measure) {
            Some(name) => Ok(format!("{measure} {name}")),
            None => Err(UnitsError::UnknownMeasure { measure }),
        };
        let (from, to) = (shown(self.from)?, shown(self.to)?);
        if self.ratio <= Decimal::ZERO {
            return Err(UnitsError::BadMeasureRatio { from, to, ratio: self.ratio });
        }
        Ok(())
    }
}

impl fmt::Display for MeasureRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1 of {} = {} of {}", self.from, self.ratio, self.to)
    }
}

/// Walks from the smallest number of each family along the rows, once over each.
fn placed(names: BTreeMap<u32, Name>, rows: &[MeasureRow]) -> Result<BTreeMap<u32, Placed>, UnitsError> {
    let mut neighbours: BTreeMap<u32, Vec<(u32, Exact)>> = BTreeMap::new();
    for row in rows {
        let ratio = Exact::from(row.ratio);
        // One `from` is `ratio` of `to`: so `to` is as much smaller.
        neighbours.entry(row.from).or_default().push((row.to, Exact::ONE.divided_by(&ratio)?));
        neighbours.entry(row.to).or_default().push((row.from, ratio));
    }
    let mut sizes: BTreeMap<u32, (u32, Exact)> = BTreeMap::new();
    for family in names.keys().copied() {
        if sizes.contains_key(&family) {
            continue;
        }
        sizes.insert(family, (family, Exact::ONE));
        let mut open = VecDeque::from([(family, Exact::ONE)]);
        while let Some((measure, size)) = open.pop_front() {
            for (next, factor) in neighbours.get(&measure).into_iter().flatten() {
                if !sizes.contains_key(next) {
                    let size = size.times(factor)?.reduced()?;
                    sizes.insert(*next, (family, size.clone()));
                    open.push_back((*next, size));
                }
            }
        }
    }
    let place = |(measure, name)| {
        let (family, size) = sizes.remove(&measure).unwrap_or((measure, Exact::ONE));
        (measure, Placed { name, family, size })
    };
    Ok(names.into_iter().map(place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::decimal;

    fn table(measures: u32, rows: &[(u32, u32, &str)]) -> Result<MeasureTable, UnitsError> {
        let names = (1..=measures).map(|number| (number, format!("m{number}").parse().unwrap()));
        let row =
            |&(from, to, ratio): &(u32, u32, &str)| MeasureRow { from, to, ratio: decimal::parse(ratio).unwrap() };
        MeasureTable::new(names, rows.iter().map(row))
    }

    fn convert(table: &MeasureTable, amount: &str, from: u32, to: u32) -> Result<String, &'static str> {
        let converted = table.convert(&amount.parse().unwrap(), from, to);
        converted.map(|exact| exact.to_string()).map_err(|error| error.code())
    }

    #[test]
    fn the_figures_of_the_rule() {
        // R-P7; bss-conv-01
        let bss = MeasureTable::bss().unwrap();
        assert_eq!(convert(&bss, "1", 10, 11).unwrap(), "1024");
        assert_eq!(convert(&bss, "10", 10, 11).unwrap(), "10240");
        assert_eq!(convert(&bss, "10240", 11, 10).unwrap(), "10");
        assert_eq!(convert(&bss, "25874", MeasureTable::BSS_SECOND, 4).unwrap(), "12937/1800");
        assert_eq!(convert(&bss, "1", 10, 4).unwrap_err(), "units.measures_apart");
    }

    #[test]
    fn conversions_follow_any_chain_both_ways() {
        // 5 — 1 — 4 — 2, with 3 by itself
        let chain = table(5, &[(1, 5, "8"), (4, 1, "0.5"), (2, 4, "1000")]).unwrap();
        assert_eq!(convert(&chain, "1", 2, 5).unwrap(), "4000");
        assert_eq!(convert(&chain, "1", 5, 2).unwrap(), "0.00025");
        assert_eq!(convert(&chain, "-3", 2, 2).unwrap(), "-3");
        assert_eq!(convert(&chain, "1", 3, 2).unwrap_err(), "units.measures_apart");
        assert_eq!(convert(&chain, "7", 3, 3).unwrap(), "7");
        assert_eq!(convert(&chain, "1", 2, 6).unwrap_err(), "units.unknown_measure");
    }

    #[test]
    fn the_families_by_1024_and_by_1000_stay_apart() {
        let both = table(4, &[(1, 2, "1024"), (3, 4, "1000")]).unwrap();
        assert_eq!(
            (convert(&both, "10", 1, 2).unwrap(), convert(&both, "10", 3, 4).unwrap()),
            ("10240".into(), "10000".into())
        );
        assert_eq!(convert(&both, "1", 1, 3).unwrap_err(), "units.measures_apart");
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for (rows, code) in [
            (vec![(1, 2, "1024"), (1, 2, "1000")], "units.measures_contradict"),
            (vec![(1, 2, "2"), (2, 3, "2"), (3, 1, "0.5")], "units.measures_contradict"), // around a circle
            (vec![(1, 2, "4"), (2, 1, "0.2")], "units.measures_contradict"),
            (vec![(1, 1, "2")], "units.measures_contradict"),
            (vec![(1, 2, "0")], "units.bad_measure_ratio"),
            (vec![(1, 2, "-1024")], "units.bad_measure_ratio"),
            (vec![(1, 9, "1")], "units.unknown_measure"),
            (vec![(9, 1, "1")], "units.unknown_measure"),
        ] {
            assert_eq!(table(3, &rows).unwrap_err().code(), code, "{rows:?}");
        }
        // The same thing said twice, or around a circle that closes, is none.
        assert!(table(3, &[(1, 2, "2"), (2, 1, "0.5"), (2, 3, "2"), (3, 1, "0.25"), (1, 1, "1")]).is_ok());
        let twice = [(1, "a".parse().unwrap()), (1, "b".parse().unwrap())];
        assert_eq!(MeasureTable::new(twice, []).unwrap_err().code(), "units.measure_twice");
    }

    #[test]
    fn a_long_chain_overflows_and_does_not_hang() {
        let rows: Vec<(u32, u32, &str)> = (1..2_000).map(|from| (from, from + 1, "1024")).collect();
        assert_eq!(table(2_000, &rows).unwrap_err().code(), "money.overflow");
        let rows: Vec<(u32, u32, &str)> = (1..2_000).map(|from| (from, from + 1, "1.000")).collect();
        assert_eq!(convert(&table(2_000, &rows).unwrap(), "5", 1, 2_000).unwrap(), "5");
    }
}
