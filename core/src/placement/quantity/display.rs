//! Figures as portals show them: read, and shown.

use super::{Amount, ResourceQuantity, text};
use crate::{
    error::PlacementError,
    exact::{Integer, RoundingMode},
    placement::Resource,
};

impl ResourceQuantity {
    /// Reads a figure of a resource as a portal shows it: with its unit in words, or as Kubernetes writes it.
    ///
    /// Words belong to their resource, and stand behind plain digits: `核`, `core`, `cores` of `cpu`; `卡`, `card`, `cards` of
    /// `gpu[…]`. `1.60核` of memory is an error, and so are `500m核`, blanks, and what has no digits: a cell of a table that
    /// lost its number is not 0.
    ///
    /// # Errors
    /// `placement.not_a_quantity`, and as [`from_str`](std::str::FromStr::from_str).
    ///
    /// # Examples
    /// ```
    /// use counterfoil::placement::{Resource, ResourceQuantity};
    ///
    /// assert_eq!(ResourceQuantity::parse_display("1.60核", &Resource::Cpu)?.milli()?, 1600);
    /// assert_eq!(ResourceQuantity::parse_display("15.30Gi", &Resource::Memory)?.to_string(), "16428249907200m");
    /// for (text, resource) in [("1.60核", Resource::Memory), ("500m核", Resource::Cpu), ("1.60 核", Resource::Cpu), ("Gi", Resource::Memory)] {
    ///     assert_eq!(ResourceQuantity::parse_display(text, &resource).unwrap_err().code(), "placement.not_a_quantity");
    /// }
    /// # Ok::<(), counterfoil::error::PlacementError>(())
    /// ```
    ///
    /// # Rule
    /// R-A5
    pub fn parse_display(text: &str, of: &Resource) -> Result<Self, PlacementError> {
        let number = text::within_limit(text).map(|()| words(of).iter().find_map(|word| text.strip_suffix(word)))?;
        let is_letter = |each: char| each.is_ascii_alphabetic();
        if number.is_some_and(|number| number.contains(is_letter)) {
            return Err(text::fault(text, "it has a unit in words and a suffix, of which one is enough"));
        }
        let number = number.unwrap_or(text);
        let (digits, _) = number.split_once(is_letter).unwrap_or((number, ""));
        if !digits.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(text::fault(text, "its digits are missing"));
        }
        number.parse().map_err(|error| match error {
            PlacementError::NotAQuantity { fault, .. } => text::fault(text, fault),
            error => error,
        })
    }
}

/// The units in words of a resource.
const fn words(of: &Resource) -> &'static [&'static str] {
    match of {
        Resource::Cpu => &["核", "cores", "core"],
        Resource::Gpu(_) => &["卡", "cards", "card"],
        _ => &[],
    }
}

impl Resource {
    /// An amount in its smallest unit as a table shows it, which is rounded: cores and cards with two digits, bytes in their
    /// largest unit with two digits, anything else as it is.
    ///
    /// # Rounding
    /// To a hundredth of the unit, as `mode` says: [`RoundingMode::Floor`] shows no more than there is.
    ///
    /// # Examples
    /// ```
    /// use counterfoil::{exact::RoundingMode, placement::Resource};
    ///
    /// let shown = |resource: Resource, amount: i64| resource.shown(amount, RoundingMode::Floor);
    /// assert_eq!(shown(Resource::Cpu, 1600), "1.60");
    /// assert_eq!(shown(Resource::Memory, 16_428_249_908), "15.30Gi");
    /// assert_eq!(shown(Resource::Memory, 1023), "1023");
    /// assert_eq!(shown(Resource::Cpu, -400), "-0.40");
    /// ```
    ///
    /// # Rule
    /// R-A5
    pub fn shown(&self, amount: impl Into<Amount>, mode: RoundingMode) -> String {
        let amount = amount.into();
        let rounded = if self.is_milli() {
            hundredths(amount, 1000, mode).map(|hundredths| two_digits(hundredths, ""))
        } else if self.is_bytes() {
            bytes(amount, mode)
        } else {
            None
        };
        rounded.unwrap_or_else(|| amount.0.to_string())
    }
}

/// In the largest unit that is not above the amount; what is rounded to 1024 of one is 1 of the next.
fn bytes(amount: Amount, mode: RoundingMode) -> Option<String> {
    let is_enough = |size: i64| amount.0.unsigned_abs() >= size.unsigned_abs().into();
    let place = text::BINARY.iter().rposition(|(_, size)| is_enough(*size))?;
    let (name, size) = text::BINARY.get(place)?;
    let hundredths = hundredths(amount, *size, mode)?;
    match text::BINARY.get(place.checked_add(1)?) {
        Some((next, _)) if hundredths.unsigned_abs() == 102_400 => {
            Some(two_digits(hundredths.signum().checked_mul(100)?, next))
        }
        _ => Some(two_digits(hundredths, name)),
    }
}

fn hundredths(amount: Amount, size: i64, mode: RoundingMode) -> Option<i128> {
    let hundredths = Integer::from(amount.0.checked_mul(100)?);
    mode.divide(&hundredths, &Integer::from(size)).ok()?.narrow()
}

fn two_digits(hundredths: i128, unit: &str) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.unsigned_abs().wrapping_div(100), hundredths.unsigned_abs().wrapping_rem(100));
    format!("{sign}{whole}.{rest:02}{unit}")
}
