use super::{
    Rounded, Rounding,
    text::{aligned, shown},
};
use crate::{
    error::{Language, MoneyError},
    exact::{Exact, RoundingMode},
};
use rust_decimal::Decimal;
use std::fmt;

/// How an amount came about, step by step: as data, and as text in English and Chinese.
///
/// The first steps are what was given; each other step says what it was made of. The computation
/// itself writes the steps, so the two can not differ, and [`recompute`](Self::recompute) goes
/// through them again from nothing but what is given.
///
/// # Rule
/// R-P15
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    rule: &'static str,
    about: Term,
    steps: Vec<Step>,
}

/// One value of a derivation, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub term: Term,
    /// Of what, where a term stands more than once: a month, a package. Else empty.
    pub of: String,
    /// How it was made.
    pub by: By,
    /// What came out, exactly.
    pub value: Exact,
}

/// How a step was made; places are those of earlier steps, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// It was given.
    Given,
    /// The sum of steps.
    Sum(Vec<usize>),
    /// A step, less others.
    Difference {
        /// From this.
        from: usize,
        /// These are taken.
        less: Vec<usize>,
    },
    /// The product of steps.
    Product(Vec<usize>),
    /// The product of steps, over another.
    Share {
        /// The factors.
        of: Vec<usize>,
        /// The divisor.
        over: usize,
    },
    /// The largest of steps; nothing of none.
    Largest(Vec<usize>),
    /// The smallest of steps; nothing of none.
    Smallest(Vec<usize>),
    /// A step, or 0 where it is below.
    NotBelowZero(usize),
    /// A step, rounded.
    Rounded {
        /// Which.
        of: usize,
        /// To which neighbour.
        mode: RoundingMode,
        /// To multiples of what.
        step: Decimal,
    },
}

/// A word of a derivation, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Its name in data, as `used_hours`.
    pub name: &'static str,
    /// In English.
    pub english: &'static str,
    /// In Chinese.
    pub chinese: &'static str,
}

/// A step that later ones can be made of.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    place: usize,
    value: Exact,
}

impl Known {
    pub(crate) const fn value(&self) -> &Exact {
        &self.value
    }
}

impl Term {
    pub(crate) const fn new(name: &'static str, english: &'static str, chinese: &'static str) -> Self {
        Self { name, english, chinese }
    }

    /// The word in a language.
    pub const fn text(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.chinese,
            _ => self.english,
        }
    }
}

/// Building: each method computes a step and writes it down.
impl Derivation {
    pub(crate) const fn new(rule: &'static str, about: Term) -> Self {
        Self { rule, about, steps: Vec::new() }
    }

    pub(crate) fn given(&mut self, term: Term, value: Exact) -> Known {
        self.given_of(term, String::new(), value)
    }

    /// A value that is given, of one of several things.
    pub(crate) fn given_of(&mut self, term: Term, of: String, value: Exact) -> Known {
        self.push(term, of, By::Given, value)
    }

    pub(crate) fn sum(&mut self, term: Term, of: &[&Known]) -> Result<Known, MoneyError> {
        self.step(term, By::Sum(places(of)))
    }

    pub(crate) fn difference(&mut self, term: Term, from: &Known, less: &[&Known]) -> Result<Known, MoneyError> {
        self.step(term, By::Difference { from: from.place, less: places(less) })
    }

    pub(crate) fn product(&mut self, term: Term, of: &[&Known]) -> Result<Known, MoneyError> {
        self.step(term, By::Product(places(of)))
    }

    pub(crate) fn share(&mut self, term: Term, of: &[&Known], over: &Known) -> Result<Known, MoneyError> {
        self.share_of(term, String::new(), of, over)
    }

    /// A share of one of several things.
    pub(crate) fn share_of(
        &mut self,
        term: Term,
        of: String,
        factors: &[&Known],
        over: &Known,
    ) -> Result<Known, MoneyError> {
        let by = By::Share { of: places(factors), over: over.place };
        let value = by.value(&self.steps)?;
        Ok(self.push(term, of, by, value))
    }

    pub(crate) fn largest(&mut self, term: Term, of: &[&Known]) -> Result<Known, MoneyError> {
        self.step(term, By::Largest(places(of)))
    }

    pub(crate) fn smallest(&mut self, term: Term, of: &[&Known]) -> Result<Known, MoneyError> {
        self.step(term, By::Smallest(places(of)))
    }

    pub(crate) fn not_below_zero(&mut self, term: Term, of: &Known) -> Result<Known, MoneyError> {
        self.step(term, By::NotBelowZero(of.place))
    }

    /// Rounds a step to multiples of `step`: not to money, but to whole days or whole Mbit/s.
    pub(crate) fn rounded_to(
        &mut self,
        term: Term,
        of: &Known,
        mode: RoundingMode,
        step: Decimal,
    ) -> Result<Known, MoneyError> {
        self.step(term, By::Rounded { of: of.place, mode, step })
    }

    /// Rounds a step as money: the last step of most derivations.
    pub(crate) fn round(&mut self, term: Term, of: &Known, rounding: Rounding) -> Result<(Known, Rounded), MoneyError> {
        let rounded = rounding.round(of.value.clone())?;
        let known = self.rounded_to(term, of, rounding.mode(), rounding.step())?;
        Ok((known, rounded))
    }

    /// Says of what a step is, where its term stands more than once.
    pub(crate) fn label(&mut self, known: &Known, of: impl Into<String>) {
        if let Some(step) = self.steps.get_mut(known.place) {
            step.of = of.into();
        }
    }

    fn step(&mut self, term: Term, by: By) -> Result<Known, MoneyError> {
        let value = by.value(&self.steps)?;
        Ok(self.push(term, String::new(), by, value))
    }

    fn push(&mut self, term: Term, of: String, by: By, value: Exact) -> Known {
        let known = Known { place: self.steps.len(), value: value.clone() };
        self.steps.push(Step { term, of, by, value });
        known
    }
}

impl Derivation {
    /// The rule that it follows, as `R-P10`.
    pub const fn rule(&self) -> &'static str {
        self.rule
    }

    /// What is derived.
    pub const fn about(&self) -> Term {
        self.about
    }

    /// The steps, in order; the last is the result.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The value of the first step of a name, as `consumed`.
    pub fn value(&self, name: &str) -> Option<&Exact> {
        self.steps.iter().find(|step| step.term.name == name).map(|step| &step.value)
    }

    /// Goes through all steps again, from nothing but what is given, and returns their values.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Rule
    /// R-P15
    pub fn recompute(&self) -> Result<Vec<Exact>, MoneyError> {
        let mut again: Vec<Step> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let value = match step.by {
                By::Given => step.value.clone(),
                _ => step.by.value(&again)?,
            };
            again.push(Step { value, ..step.clone() });
        }
        Ok(again.into_iter().map(|step| step.value).collect())
    }

    /// What a step was made of, in words: `= paid × used ÷ ordered`. Empty where it was given, and
    /// where there is no such step.
    pub fn formula(&self, place: usize, language: Language) -> String {
        self.steps.get(place).map(|step| self.formula_of(step, language)).unwrap_or_default()
    }

    /// The derivation as text, for a terminal or a ticket.
    pub fn text(&self, language: Language) -> String {
        let row = |step: &Step| {
            [self.name_of(step, language), format!("{}  {}", shown(&step.value), self.formula_of(step, language))]
        };
        let table: Vec<[String; 2]> = self.steps.iter().map(row).collect();
        format!("{} ({})\n{}", self.about.text(language), self.rule, aligned(&table, table.len().max(2)))
    }

    fn name_of(&self, step: &Step, language: Language) -> String {
        match step.of.as_str() {
            "" => step.term.text(language).to_owned(),
            of => format!("{} [{of}]", step.term.text(language)),
        }
    }

    fn formula_of(&self, step: &Step, language: Language) -> String {
        let name = |place: &usize| self.steps.get(*place).map(|step| self.name_of(step, language)).unwrap_or_default();
        let joined = |places: &[usize], by: &str| places.iter().map(name).collect::<Vec<_>>().join(by);
        match &step.by {
            By::Given => String::new(),
            By::Sum(of) => format!("= {}", joined(of, " + ")),
            By::Difference { from, less } => format!("= {} − {}", name(from), joined(less, " − ")),
            By::Product(of) => format!("= {}", joined(of, " × ")),
            By::Share { of, over } => format!("= {} ÷ {}", joined(of, " × "), name(over)),
            By::Largest(of) => format!("= max({})", joined(of, ", ")),
            By::Smallest(of) => format!("= min({})", joined(of, ", ")),
            By::NotBelowZero(of) => format!("= max(0, {})", name(of)),
            By::Rounded { of, mode, step } => format!("= {} → {mode} {step}", name(of)),
        }
    }
}

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

impl By {
    /// What comes out of the steps before.
    fn value(&self, steps: &[Step]) -> Result<Exact, MoneyError> {
        let at = |place: &usize| steps.get(*place).map_or(&Exact::ZERO, |step| &step.value);
        let product = |of: &[usize]| of.iter().map(at).try_fold(Exact::ONE, |product, next| product.times(next));
        Ok(match self {
            Self::Given => Exact::ZERO,
            Self::Sum(of) => Exact::sum(of.iter().map(at))?,
            Self::Difference { from, less } => at(from).minus(&Exact::sum(less.iter().map(at))?)?,
            Self::Product(of) => product(of)?,
            Self::Share { of, over } => product(of)?.divided_by(at(over))?,
            Self::Largest(of) => of.iter().map(at).max().cloned().unwrap_or(Exact::ZERO),
            Self::Smallest(of) => of.iter().map(at).min().cloned().unwrap_or(Exact::ZERO),
            Self::NotBelowZero(of) => at(of).clone().max(Exact::ZERO),
            Self::Rounded { of, mode, step } => Exact::from(at(of).round_to(*step, *mode)?),
        })
    }
}

fn places(of: &[&Known]) -> Vec<usize> {
    of.iter().map(|known| known.place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: Term = Term::new("refund", "refund", "退款");
    const PAID: Term = Term::new("paid", "paid", "已付");
    const USED: Term = Term::new("used_hours", "used hours", "已用小时");
    const ORDERED: Term = Term::new("ordered_hours", "ordered hours", "订购小时");
    const CONSUMED: Term = Term::new("consumed", "consumed", "已消费");
    const LEFT: Term = Term::new("left", "left", "剩余");
    const REFUND: Term = Term::new("refund", "refund", "退款");

    #[test]
    fn it_computes_what_it_shows_and_shows_what_it_computes() {
        let mut derivation = Derivation::new("R-P10", ABOUT);
        let paid = derivation.given(PAID, Exact::from(100));
        let used = derivation.given(USED, Exact::from(344));
        let ordered = derivation.given(ORDERED, Exact::from(758));
        let consumed = derivation.share(CONSUMED, &[&paid, &used], &ordered).unwrap();
        let left = derivation.difference(LEFT, &paid, &[&consumed]).unwrap();
        let left = derivation.not_below_zero(LEFT, &left).unwrap();
        let (known, rounded) = derivation.round(REFUND, &left, Rounding::BSS).unwrap();
        assert_eq!(rounded.amount().to_string(), "54.61");
        assert_eq!(known.value().to_string(), "54.61");
        assert_eq!(derivation.value("consumed").unwrap().to_string(), "17200/379");
        let values: Vec<Exact> = derivation.steps().iter().map(|step| step.value.clone()).collect();
        assert_eq!(derivation.recompute().unwrap(), values);
        let text = derivation.text(Language::English);
        assert!(text.contains("= paid × used hours ÷ ordered hours"), "{text}");
        assert!(text.contains("= left → down 0.01"), "{text}");
        assert_eq!(derivation.formula(3, Language::Chinese), "= 已付 × 已用小时 ÷ 订购小时");
        assert_eq!([derivation.formula(0, Language::English), derivation.formula(9, Language::English)], ["", ""]);
        assert!(derivation.text(Language::Chinese).starts_with("退款 (R-P10)\n"));
    }
}
