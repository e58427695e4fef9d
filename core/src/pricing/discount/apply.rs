//! From rules that match to an amount: who steps back, who wins a group, and what is left in order.

use super::{
    Combine, DiscountFacts, Discounted, Discounts, Listed, Lost, Pick, TraceLine, Verdict, groups::Places,
    rule::is_further_from_zero, share::Wholes,
};
use crate::{error::PricingError, exact::Exact, units::Name};

/// What a rule by itself leaves of a line, or why it is out.
type Alone = Result<Exact, Lost>;

impl Discounts {
    /// The exact amount of a line after discounts, and what became of every rule.
    ///
    /// The line is all that there is: an amount off is off this line. Of the lines of one inquiry see
    /// [`apply_all`](Self::apply_all).
    ///
    /// The amount is never below zero where the list's is not, and without surcharges never above the
    /// list's. A negative amount is a correction: it stays one, and is mirrored (see [`Listed`]).
    ///
    /// # Rounding
    /// None: a quote rounds once.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::metering::Kind;
    /// use counterfoil::pricing::discount::{DiscountFacts, Discounts, Listed, Lost, Verdict};
    ///
    /// let discounts = Discounts::from_toml(r#"
    ///     combine = "best"
    ///     rules = [
    ///         { name = "vip", source = "class_discount", class = "vip", ratio = "0.9" },
    ///         { name = "gpu", source = "customer_price", customer = "acme", dimension = "gpu", price = "5" },
    ///         { name = "spring", source = "unified_discount", ratio = "0.95" },
    ///     ]
    /// "#)?;
    /// let facts = DiscountFacts { class: Some("vip".parse()?), ..DiscountFacts::anybody("2024-02-20T00:00:00Z".parse()?) };
    /// let gpu = "gpu[A100]".parse()?;
    /// let listed = Listed { kind: &Kind::Server, part: Some(&gpu), units: 2.into(), amount: 12.into() };
    ///
    /// let discounted = discounts.apply(&facts, &listed)?;
    /// assert_eq!(discounted.amount().to_string(), "10.8");
    /// let [vip, gpu, spring] = discounted.trace().lines() else { panic!("a line for each rule") };
    /// assert!(matches!(vip.verdict, Verdict::Applied { .. }));
    /// assert_eq!(gpu.verdict, Verdict::Lost(Lost::OtherCustomer { only: "acme".parse()? }));
    /// assert_eq!(spring.verdict, Verdict::Lost(Lost::BeatenBy { rule: "vip".parse()? }));
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-P6
    pub fn apply(&self, facts: &DiscountFacts, listed: &Listed<'_>) -> Result<Discounted, PricingError> {
        self.apply_to_one(facts, listed, &Wholes::ONE_LINE)
    }

    /// The same for all lines of one inquiry, one for each in their order.
    ///
    /// An amount off is off the inquiry, once. Those lines share it that the rule is for, by customer and
    /// class, kind, part and time, in proportion to their list amounts (see [`Share`](super::Share)): each
    /// is `off × listed ÷ Σ listed`, exactly, so that the shares add up to the amount off. All else works
    /// line by line, as in [`apply`](Self::apply), which is the case of one line; corrections have no
    /// share.
    ///
    /// - Where the amount off is more than the lines come to, each of them is zero.
    /// - First and best compare what the share leaves of the line. Where all rules are for the same lines,
    ///   and none is a price, each line chooses what the whole would; else a share that loses on its line
    ///   is not taken, and no other line takes it over.
    /// - In [`Combine::Multiply`] a share of the list amount is taken in its turn: where ratios before it
    ///   have left less than the share, the line stops at zero.
    ///
    /// # Rounding
    /// None: a quote rounds once.
    ///
    /// # Errors
    /// `money.overflow`.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::exact::Exact;
    /// use counterfoil::metering::{Kind, Part};
    /// use counterfoil::pricing::discount::{DiscountFacts, Discounts, Listed};
    ///
    /// let voucher = Discounts::from_toml(r#"
    ///     combine = "best"
    ///     rules = [{ name = "welcome", source = "voucher", off = "500" }]
    /// "#)?;
    /// let facts = DiscountFacts::anybody("2024-02-20T00:00:00Z".parse()?);
    /// let listed = |part, amount: i64| Listed { kind: &Kind::Server, part: Some(part), units: 1.into(), amount: amount.into() };
    /// let [cpu, ram] = voucher.apply_all(&facts, &[listed(&Part::CPU, 1500), listed(&Part::RAM, 500)])?
    ///     .try_into()
    ///     .expect("two lines");
    /// assert_eq!((cpu.amount(), ram.amount()), (&Exact::from(1125), &Exact::from(375)));
    /// assert_eq!(cpu.saved()?.plus(&ram.saved()?)?, Exact::from(500));
    /// assert!(cpu.trace().to_string().contains("− 500, of which 375 here"));
    /// # Ok::<(), counterfoil::error::Error>(())
    /// ```
    ///
    /// # Rule
    /// R-P6
    pub fn apply_all(&self, facts: &DiscountFacts, listed: &[Listed<'_>]) -> Result<Vec<Discounted>, PricingError> {
        let wholes = Wholes::of(self, facts, listed)?;
        listed.iter().map(|line| self.apply_to_one(facts, line, &wholes)).collect()
    }

    fn apply_to_one(
        &self,
        facts: &DiscountFacts,
        listed: &Listed<'_>,
        wholes: &Wholes,
    ) -> Result<Discounted, PricingError> {
        if self.rules.is_empty() {
            return Ok(Discounted::new(listed, listed.amount.clone(), Vec::new()));
        }
        let mut alone: Vec<Alone> = Vec::with_capacity(self.rules.len());
        for (index, rule) in self.rules.iter().enumerate() {
            let share = wholes.share(index, rule.effect, &listed.amount)?;
            alone.push(rule.alone(facts, listed, share.as_ref(), self.surcharges)?);
        }
        if self.groups.len() > 0 {
            self.step_back(&mut alone);
            self.one_of_each_group(&mut alone);
        }
        self.combined(&mut alone);
        self.run(listed, alone, wholes)
    }

    /// Takes out the rules of groups that step back.
    fn step_back(&self, alone: &mut [Alone]) {
        let matching = self.places.iter().zip(alone.iter()).filter(|(_, alone)| alone.is_ok());
        let present = matching.filter_map(|(place, _)| *place).fold(Places::NONE, Places::with);
        let standing = self.groups.standing(present);
        for (place, alone) in self.places.iter().zip(alone) {
            if alone.is_ok()
                && let Some(lost) = self.groups.out(*place, standing)
            {
                *alone = Err(lost);
            }
        }
    }

    /// Takes out all but one rule of each group.
    fn one_of_each_group(&self, alone: &mut [Alone]) {
        let mut winners: Vec<Option<usize>> = vec![None; self.groups.len()];
        let pick = self.combine.in_group();
        for (index, place) in self.places.iter().enumerate() {
            if let Some(winner) = place.and_then(|place| winners.get_mut(place)) {
                *winner = better(pick, alone, *winner, index);
            }
        }
        for (index, (place, alone)) in self.places.iter().zip(alone).enumerate() {
            let winner = place.and_then(|place| winners.get(place).copied().flatten());
            if let Some(winner) = winner.filter(|winner| alone.is_ok() && *winner != index)
                && let Some(rule) = self.name(winner)
            {
                *alone = Err(Lost::GroupWonBy { rule });
            }
        }
    }

    /// Takes out what does not apply by the policy: what is left applies, in order.
    fn combined(&self, alone: &mut [Alone]) {
        let all = 0..alone.len();
        match self.combine {
            Combine::First => {
                let first = all.fold(None, |winner, index| better(Pick::First, alone, winner, index));
                self.leave_out(alone, first, |_| true, |first| Lost::NotFirst { first });
            }
            Combine::Best => {
                let best = all.fold(None, |winner, index| better(Pick::Best, alone, winner, index));
                self.leave_out(alone, best, |_| true, |rule| Lost::BeatenBy { rule });
            }
            Combine::Multiply { .. } => {
                let is_price = |index: usize| self.rules.get(index).is_some_and(|rule| rule.effect.is_price());
                let prices = all.filter(|index| is_price(*index));
                let price = prices.fold(None, |winner, index| better(Pick::First, alone, winner, index));
                self.leave_out(alone, price, is_price, |rule| Lost::PricedBy { rule });
            }
        }
    }

    /// Takes out all rules of a sort but the winner.
    fn leave_out(
        &self,
        alone: &mut [Alone],
        winner: Option<usize>,
        of_sort: impl Fn(usize) -> bool,
        why: impl Fn(Name) -> Lost,
    ) {
        let Some((winner, name)) = winner.and_then(|winner| Some((winner, self.name(winner)?))) else { return };
        for (index, alone) in alone.iter_mut().enumerate() {
            if alone.is_ok() && index != winner && of_sort(index) {
                *alone = Err(why(name.clone()));
            }
        }
    }

    /// Applies what is left: a price, then all others in order.
    fn run(&self, listed: &Listed<'_>, alone: Vec<Alone>, wholes: &Wholes) -> Result<Discounted, PricingError> {
        let mut lines = Vec::with_capacity(alone.len());
        let price = self.rules.iter().zip(&alone).find(|(rule, alone)| alone.is_ok() && rule.effect.is_price());
        let mut amount = match price {
            Some((_, Ok(priced))) => priced.clone(),
            _ => listed.amount.clone(),
        };
        for (index, (rule, alone)) in self.rules.iter().zip(alone).enumerate() {
            let share = match &alone {
                Err(lost) if !lost.to_another() => None,
                _ => wholes.share(index, rule.effect, &listed.amount)?,
            };
            let verdict = match alone {
                Err(lost) => Verdict::Lost(lost),
                Ok(after) if rule.effect.is_price() => Verdict::Applied { before: listed.amount.clone(), after },
                Ok(_) => {
                    let after = rule.effect.of(&amount, &listed.units, share.as_ref())?;
                    let before = std::mem::replace(&mut amount, after.clone());
                    Verdict::Applied { before, after }
                }
            };
            let (source, effect) = (rule.source, rule.effect);
            lines.push(TraceLine { rule: rule.name.clone(), source, effect, share, verdict });
        }
        Ok(Discounted::new(listed, amount, lines))
    }

    fn name(&self, index: usize) -> Option<Name> {
        self.rules.get(index).map(|rule| rule.name.clone())
    }
}

/// The better one of a winner so far and a later rule, if that is not out.
fn better(pick: Pick, alone: &[Alone], winner: Option<usize>, index: usize) -> Option<usize> {
    let amount = |index: usize| alone.get(index).and_then(|alone| alone.as_ref().ok());
    let Some(later) = amount(index) else { return winner };
    match (pick, winner.and_then(amount)) {
        (Pick::First, Some(_)) => winner,
        // A correction is the mirror of a charge: the same rule is best for both.
        (Pick::Best, Some(so_far)) if !is_further_from_zero(so_far, later) => winner,
        _ => Some(index),
    }
}
