//! What something costs: rate cards, the rates of a kind that are in force, and what they make of a usage or an inquiry.

mod card;
mod inquiry;
mod rating;
mod why;

use counterfoil::money::Rounded;

/// What something costs, as text: both amounts where they differ.
fn amounts(original: &Rounded, payable: &Rounded) -> String {
    let (original, payable) = (original.amount(), payable.amount());
    match (original.mantissa(), original.scale()) == (payable.mantissa(), payable.scale()) {
        true => original.to_string(),
        false => format!("{original} {payable}"),
    }
}
