use crate::{
    bulk::{check_lengths, no_such},
    error::{BulkError, Error, RowFault},
    metering::{
        Spec,
        bulk::{Ids, QuantityColumn},
    },
};

/// What things are made of, as columns: one place for each spec, a column for each part.
///
/// # Examples
/// ```
/// use counterfoil::metering::{Part, Spec, bulk::{Numbers, QuantityColumn}};
/// use counterfoil::pricing::inquiry::bulk::SpecColumns;
/// use counterfoil::units::Unit;
///
/// let cores = QuantityColumn { part: Part::CPU, unit: Unit::Core, scale: 1, values: Numbers::Each(&[5, 20, -1]), present: None };
/// let specs = SpecColumns::new(3, vec![cores.clone()])?;
/// assert_eq!(specs.spec(1)?.quantity(&Part::CPU).expect("cores").to_string(), "2.0 core");
/// assert_eq!(specs.spec(2).unwrap_err().code(), "units.negative");
/// assert_eq!(SpecColumns::new(2, vec![cores]).unwrap_err().code(), "bulk.column_length");
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-U2
#[derive(Debug, Clone)]
pub struct SpecColumns<'a> {
    specs: usize,
    /// Sorted by part, each part once.
    quantities: Vec<QuantityColumn<'a>>,
}

/// Inquiries as columns: what each is for, by places in lists.
///
/// There are as many as the columns have places; where each says the same for all, there is one.
///
/// # Rule
/// R-P5
#[derive(Debug, Clone, Copy)]
pub struct InquiryColumns<'a> {
    /// What is asked for, by the place of its spec.
    pub spec: Ids<'a>,
    /// By which rates, by the place of their tariff.
    pub tariff: Ids<'a>,
    /// For when, by the place of the window.
    pub window: Ids<'a>,
    /// How many of it.
    pub count: Counts<'a>,
}

/// A column of how many items are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Counts<'a> {
    /// So many in each row.
    Each(&'a [u32]),
    /// As many in all.
    All(u32),
}

/// What inquiries came to; filled again for each batch, so that its memory is used again.
///
/// # Units
/// Amounts are `number × 10^−scale` of the tariffs' currency; zero where a row has a fault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuotedColumns {
    /// Whether each is quoted; otherwise it has a fault.
    pub is_quoted: Vec<bool>,
    /// What everything costs at list price.
    pub original: Vec<i128>,
    /// What is to be paid.
    pub payable: Vec<i128>,
    /// The digits after the point of the amounts.
    pub scale: u32,
    /// The rows that have a fault, in order.
    pub faults: Vec<RowFault>,
}

impl<'a> SpecColumns<'a> {
    /// Columns of so many specs.
    ///
    /// # Errors
    /// `bulk.column_length`; `bulk.repeated_column` for two columns of one part; `bulk.bad_scale`.
    pub fn new(specs: usize, mut quantities: Vec<QuantityColumn<'a>>) -> Result<Self, BulkError> {
        quantities.sort_by(|a, b| a.part.cmp(&b.part));
        for column in &quantities {
            column.check(specs)?;
        }
        for pair in quantities.windows(2) {
            if let [first, second] = pair
                && first.part == second.part
            {
                return Err(BulkError::RepeatedColumn { column: first.part.to_string() });
            }
        }
        Ok(Self { specs, quantities })
    }

    /// How many specs there are.
    pub const fn specs(&self) -> usize {
        self.specs
    }

    /// One spec, as it is asked for alone.
    ///
    /// # Errors
    /// `bulk.unknown_id` for one that is not there; `money.too_many_digits`, `units.negative`.
    pub fn spec(&self, place: usize) -> Result<Spec, Error> {
        if place >= self.specs {
            return Err(no_such("spec", place, self.specs).into());
        }
        let mut spec = Spec::default();
        for column in self.quantities.iter().filter(|column| column.is_present(place)) {
            spec = spec.with(column.part.clone(), column.quantity(place)?)?;
        }
        Ok(spec)
    }

    pub(super) fn quantities(&self) -> &[QuantityColumn<'a>] {
        &self.quantities
    }
}

impl InquiryColumns<'_> {
    /// How many inquiries there are.
    pub fn rows(&self) -> usize {
        self.lengths().into_iter().find_map(|(_, length)| length).unwrap_or(1)
    }

    /// The error, unless all columns have one length.
    pub(super) fn check(&self) -> Result<(), BulkError> {
        check_lengths(self.rows(), self.lengths())
    }

    fn lengths(&self) -> [(&'static str, Option<usize>); 4] {
        let counts = match self.count {
            Counts::Each(counts) => Some(counts.len()),
            Counts::All(_) => None,
        };
        [("spec", self.spec.len()), ("tariff", self.tariff.len()), ("window", self.window.len()), ("count", counts)]
    }
}

impl Counts<'_> {
    /// How many items a row asks for; none for a row that is not there.
    #[inline]
    pub(super) fn at(&self, row: usize) -> u32 {
        match self {
            Self::Each(counts) => counts.get(row).copied().unwrap_or_default(),
            Self::All(count) => *count,
        }
    }
}

impl QuotedColumns {
    /// Empties all columns and makes room for so many rows.
    pub(super) fn clear(&mut self, rows: usize, scale: u32) {
        self.scale = scale;
        self.faults.clear();
        self.is_quoted.clear();
        self.is_quoted.resize(rows, false);
        for column in [&mut self.original, &mut self.payable] {
            column.clear();
            column.resize(rows, 0);
        }
    }
}
