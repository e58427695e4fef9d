use super::{InquiryColumns, QuotedColumns, SpecColumns, plain::Plain};
use crate::{
    bulk::number_at,
    error::{BulkError, Error, PricingError, RowFault},
    metering::bulk::QuantityColumn,
    pricing::{
        Tariff, Terms,
        explaining::Explaining,
        inquiry::{Asked, Quote, quote::check_rounding},
        plan::Plan,
    },
    time::Period,
};
use rust_decimal::Decimal;

/// Quotes columns of inquiries with some tariffs, for some windows, all on the same terms.
///
/// # Examples
/// ```
/// use counterfoil::metering::{Kind, Part, bulk::{Ids, Numbers, QuantityColumn}};
/// use counterfoil::money::Rounding;
/// use counterfoil::pricing::{RateCard, Terms, inquiry::{Term, TermMonths}};
/// use counterfoil::pricing::inquiry::bulk::{Counts, Inquirer, InquiryColumns, QuotedColumns, SpecColumns};
/// use counterfoil::units::Unit;
///
/// let card = RateCard::from_toml(r#"
///     revision = "2024-02"
///     currency = "CNY"
///     rates = [{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]
/// "#)?;
/// let start = "2024-02-20T00:00:00Z".parse()?;
/// let windows = [Term::hours(1)?.period(start, TermMonths::Fixed30)?, Term::months(1).period(start, TermMonths::Fixed30)?];
/// let inquirer = Inquirer::new(vec![card.tariff(&Kind::Server, start)?], &windows, Terms::list(Rounding::PORTAL))?;
///
/// // Two products, each for an hour and for a month; the second product has fewer than no cores.
/// let cores = Numbers::Each(&[8, -1]);
/// let specs = SpecColumns::new(2, vec![QuantityColumn { part: Part::CPU, unit: Unit::Core, scale: 0, values: cores, present: None }])?;
/// let rows = InquiryColumns { spec: Ids::Each(&[0, 0, 1, 1]), tariff: Ids::All(0), window: Ids::Each(&[0, 1, 0, 1]), count: Counts::All(3) };
/// let mut quoted = QuotedColumns::default();
/// inquirer.inquire(&specs, &rows, &mut quoted)?;
/// assert_eq!((&quoted.payable[..], quoted.scale), (&[158, 114048, 0, 0][..], 2));
/// assert_eq!((quoted.faults[1].row, quoted.faults[1].code), (3, "units.negative"));
/// println!("{}", inquirer.quote(&specs, &rows, 1)?);
/// # Ok::<(), counterfoil::error::Error>(())
/// ```
///
/// # Rule
/// R-P5, R-P15
#[derive(Debug, Clone)]
pub struct Inquirer<'a> {
    tariffs: Vec<Tariff>,
    windows: &'a [Period],
    terms: Terms<'a>,
}

impl<'a> Inquirer<'a> {
    /// An inquirer of tariffs and windows; a row names its own by their places.
    ///
    /// # Errors
    /// `pricing.rounds_elsewhere` for rounding by segment or by month: a quote has lines and a total;
    /// `money.currency_mismatch` unless all tariffs have one currency, since a column has one.
    pub fn new(tariffs: Vec<Tariff>, windows: &'a [Period], terms: Terms<'a>) -> Result<Self, PricingError> {
        check_rounding(terms.rounding())?;
        for pair in tariffs.windows(2) {
            if let [first, second] = pair {
                first.currency().same_as(second.currency())?;
            }
        }
        Ok(Self { tariffs, windows, terms })
    }

    /// The tariffs, in the order of their places.
    pub fn tariffs(&self) -> &[Tariff] {
        &self.tariffs
    }

    /// The windows, in the order of their places.
    pub const fn windows(&self) -> &'a [Period] {
        self.windows
    }

    /// Quotes all rows.
    ///
    /// Nothing is allocated for a row, unless it is priced by calendar months (a line for each), has
    /// discounts (each leaves a trace) or does not fit in 128 bits.
    ///
    /// # Rounding
    /// As [`Tariff::inquire`].
    ///
    /// # Errors
    /// `bulk.column_length`. What is wrong with a row is among `faults`, as [`quote`](Self::quote) says.
    ///
    /// # Rule
    /// R-P5
    pub fn inquire(
        &self,
        specs: &SpecColumns<'_>,
        rows: &InquiryColumns<'_>,
        into: &mut QuotedColumns,
    ) -> Result<(), BulkError> {
        rows.check()?;
        let scale = self.terms.rounding().step().scale();
        into.clear(rows.rows(), scale);
        let plain: Vec<Option<Plain>> =
            self.tariffs.iter().map(|tariff| Plain::new(tariff, specs, self.terms)).collect();
        let (mut sums, mut plan) = (Vec::new(), Plan::default());
        let columns = into.is_quoted.iter_mut().zip(into.original.iter_mut().zip(&mut into.payable));
        for (row, (is_quoted, (original, payable))) in columns.enumerate() {
            let amounts = match self.quick(specs, rows, row, &plain, (&mut sums, &mut plan)) {
                Some(amounts) => Ok(amounts),
                None => self.quote(specs, rows, row).map(|quote| (quote.original(), quote.payable())),
            };
            // Also where a sum of rounded lines had to shed zeros to be a decimal: it was such a number before.
            let numbers =
                amounts.and_then(|(original, payable)| Ok((number_at(original, scale)?, number_at(payable, scale)?)));
            match numbers {
                Ok(numbers) => {
                    *is_quoted = true;
                    (*original, *payable) = numbers;
                }
                Err(error) => into.faults.push(RowFault { row, code: error.code() }),
            }
        }
        Ok(())
    }

    /// Quotes one row alone, explained.
    ///
    /// # Errors
    /// `bulk.unknown_id` for a spec, a tariff or a window that is not there; as [`SpecColumns::spec`];
    /// `pricing.no_items`; as [`Tariff::inquire`].
    ///
    /// # Rule
    /// R-P5, R-P15
    pub fn quote(&self, specs: &SpecColumns<'_>, rows: &InquiryColumns<'_>, row: usize) -> Result<Quote, Error> {
        let (spec, tariff, window) = self.row(specs, rows, row)?;
        let asked = Asked::new(specs.spec(spec)?, window).times(rows.count.at(row))?;
        Ok(tariff.inquire(&asked, self.terms)?)
    }

    /// What a row names.
    #[inline]
    fn row(
        &self,
        specs: &SpecColumns<'_>,
        rows: &InquiryColumns<'_>,
        row: usize,
    ) -> Result<(usize, &Tariff, Period), BulkError> {
        let spec = rows.spec.at(row, "spec", specs.specs())?;
        let tariff = rows.tariff.at(row, "tariff", self.tariffs.len())?;
        let window = rows.window.at(row, "window", self.windows.len())?;
        let unknown = |column, known| BulkError::UnknownId { column, id: u32::MAX, known };
        let tariff = self.tariffs.get(tariff).ok_or_else(|| unknown("tariff", self.tariffs.len()))?;
        let window = self.windows.get(window).copied().ok_or_else(|| unknown("window", self.windows.len()))?;
        Ok((spec, tariff, window))
    }

    /// What a row costs by the kernels alone; none where that does not do, or it has a fault.
    #[inline]
    fn quick<'p>(
        &'p self,
        specs: &'p SpecColumns<'_>,
        rows: &InquiryColumns<'_>,
        row: usize,
        plain: &[Option<Plain>],
        (sums, plan): (&mut Vec<i128>, &mut Plan<'p>),
    ) -> Option<(Decimal, Decimal)> {
        let (spec, tariff, window) = self.row(specs, rows, row).ok()?;
        let count = rows.count.at(row);
        let fitted = plain.get(rows.tariff.at(row, "tariff", plain.len()).ok()?).and_then(Option::as_ref);
        if let Some(fitted) = fitted {
            let amount = fitted.amount(specs, spec, window, count, sums)?;
            return Some((amount, amount));
        }
        if count == 0 {
            return None;
        }
        let parts = specs.quantities().iter().filter(|column| column.is_present(spec));
        let parts = parts.map(|column: &QuantityColumn<'_>| Ok((&column.part, column.quantity(spec)?)));
        plan.fill(tariff, parts, window).ok()?;
        let (original, payable) = Explaining::new(tariff, count, self.terms).amounts(plan).ok()?;
        Some((original.amount(), payable.amount()))
    }
}
