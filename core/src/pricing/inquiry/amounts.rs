use super::{Asked, quote::check_rounding};
use crate::{
    error::PricingError,
    exact::{SumsView, any_width},
    metering::{Basis, Column, Measure, UsageView},
    money::Rounded,
    pricing::{Tariff, Terms, explaining::Explaining, plan::Plan, weights::Fitted},
};
use smallvec::SmallVec;

/// What something would cost, without its lines.
///
/// # Rule
/// R-P5, R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts {
    /// At list price.
    pub original: Rounded,
    /// To be paid.
    pub payable: Rounded,
}

impl Tariff {
    /// What is asked for costs: the two amounts of the quote that [`inquire`](Self::inquire) makes, without its lines.
    /// For those who show a price to many, and its derivation to whoever asks for it.
    ///
    /// # Rounding
    /// As [`inquire`](Self::inquire).
    ///
    /// # Errors
    /// As [`inquire`](Self::inquire).
    ///
    /// # Examples
    /// ```
    /// use counterfoil::metering::{Kind, Spec};
    /// use counterfoil::money::Rounding;
    /// use counterfoil::pricing::{RateCard, Terms, inquiry::{Asked, Term, TermMonths}};
    ///
    /// let card = RateCard::from_toml(r#"
    ///     revision = "2024-02"
    ///     currency = "CNY"
    ///     rates = [{ kind = "disk", part = "size", price = "1.02", per = "GiB", every = "day" }]
    /// "#)?;
    /// let window = Term::days(60)?.period("2024-02-20T08:00:00Z".parse()?, TermMonths::Fixed30)?;
    /// let tariff = card.tariff(&Kind::Disk, window.start())?;
    /// let (asked, terms) = (Asked::new(Spec::size_gib("100")?, window), Terms::list(Rounding::PORTAL));
    /// assert_eq!(tariff.amounts(&asked, terms)?.payable.amount().to_string(), "6120.00");
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-P5, R-P15
    pub fn amounts(&self, asked: &Asked, terms: Terms<'_>) -> Result<Amounts, PricingError> {
        check_rounding(terms.rounding())?;
        if let Some(amounts) = self.plain_amounts(asked, terms) {
            return Ok(amounts);
        }
        let plan = Plan::of_spec(self, asked.spec(), asked.window())?;
        let (original, payable) = Explaining::new(self, asked.count(), terms).amounts(&plan)?;
        Ok(Amounts { original, payable })
    }

    /// The same of plain prices at list price, as readings are rated: so many items are so many times the usage of
    /// one. None where it takes more than this, or something is wrong.
    fn plain_amounts(&self, asked: &Asked, terms: Terms<'_>) -> Option<Amounts> {
        let (window, rounding) = (asked.window(), terms.rounding());
        if terms.discounts().is_some() || window.is_empty() {
            return None;
        }
        let mut lines = self.walk();
        let (mut columns, mut sums) = (SmallVec::<[Column; 6]>::new(), SmallVec::<[i128; 6]>::new());
        for (part, quantity) in asked.spec().parts() {
            let measure = lines.line(part).map_or(Measure::Timed, |line| line.rate.every.measure());
            let micros = if measure == Measure::Timed { window.micros() } else { 1 };
            let of_one = quantity.amount().mantissa().checked_mul(micros.into())?;
            columns.push(Column { part: part.clone(), basis: Basis::of(quantity, measure) });
            sums.push(of_one.checked_mul(asked.count().into())?);
        }
        let sums = SumsView::Narrow(&sums);
        let usage = UsageView { window, columns: &columns, absent: &[], used: sums, payable: sums };
        let settled = any_width!("an amount", W => {
            Fitted::<W>::new(self, &columns, Some(window), rounding).and_then(|fitted| fitted.settle(usage, rounding))
        });
        let (original, payable) = settled.ok()?;
        Some(Amounts { original, payable })
    }
}
