//! An inquiry for parts of a centre, request by request (R-P4): which are bad and why, and what they take of a stock
//! that lines and clusters share.

use crate::{
    inquiry::{self, Rate},
    number::{Fraction, zero},
    rating,
};

/// A part that the centre has a price for.
#[derive(Debug, Clone)]
pub struct Good {
    /// Its type, as `gpu`.
    pub part_type: String,
    /// Its model.
    pub model: String,
    /// Its price.
    pub rate: Rate,
}

/// So much of a part of some type and model: what is asked for, or what one cluster has.
#[derive(Debug, Clone)]
pub struct Amount {
    /// Its type.
    pub part_type: String,
    /// Its model.
    pub model: String,
    /// How much.
    pub amount: Fraction,
    /// In which unit.
    pub unit: String,
}

/// Why a request is bad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The centre has no part of this type.
    NoType,
    /// It has, but not this model.
    NoModel,
    /// The amount is of another kind of unit than the price.
    OtherUnit,
    /// So much is left in stock, and so much is asked for, in the unit of the request.
    NotEnough {
        /// What is left.
        left: Fraction,
        /// What is asked for.
        asked: Fraction,
    },
}

/// The stock of each cluster, and the cluster that is asked; none for all of them together.
pub type Stock<'a> = (&'a [(String, Amount)], Option<&'a str>);

/// The answer to each request, in their order: what it costs exactly, or what is wrong with it.
pub fn answers(
    goods: &[Good],
    requests: &[Amount],
    micros: i64,
    stock: Option<Stock<'_>>,
) -> Vec<Result<Fraction, Fault>> {
    let mut good_so_far: Vec<&Amount> = Vec::new();
    let mut answers = Vec::new();
    for request in requests {
        let answer = answer(goods, request, micros, stock, &good_so_far);
        if answer.is_ok() {
            good_so_far.push(request);
        }
        answers.push(answer);
    }
    answers
}

fn answer(
    goods: &[Good],
    request: &Amount,
    micros: i64,
    stock: Option<Stock<'_>>,
    good_so_far: &[&Amount],
) -> Result<Fraction, Fault> {
    if !goods.iter().any(|good| good.part_type == request.part_type) {
        return Err(Fault::NoType);
    }
    let is_it = |good: &&Good| good.part_type == request.part_type && good.model == request.model;
    let good = goods.iter().find(is_it).ok_or(Fault::NoModel)?;
    if rating::conversion(&request.unit, &good.rate.per).is_none() {
        return Err(Fault::OtherUnit);
    }
    if let Some(left) = stock.and_then(|stock| left(stock, request, good_so_far))
        && request.amount > left
    {
        return Err(Fault::NotEnough { left, asked: request.amount.clone() });
    }
    let part = inquiry::Part {
        name: String::new(),
        amount: request.amount.clone(),
        unit: request.unit.clone(),
        rate: good.rate.clone(),
    };
    Ok(inquiry::amount(&good.rate, &inquiry::units(&part, micros)))
}

/// What is left of a part for a request, in its unit; none where the part is not counted in any cluster.
fn left((clusters, asked): Stock<'_>, request: &Amount, good_so_far: &[&Amount]) -> Option<Fraction> {
    let is_same = |other: &Amount| other.part_type == request.part_type && other.model == request.model;
    if !clusters.iter().any(|(_, row)| is_same(row)) {
        return None;
    }
    let in_its_unit = |amount: &Amount| {
        &amount.amount * rating::conversion(&amount.unit, &request.unit).expect("units of one family")
    };
    let mut left = zero();
    for (cluster, row) in clusters {
        if is_same(row) && asked.is_none_or(|asked| asked == cluster) {
            left += in_its_unit(row);
        }
    }
    for taken in good_so_far.iter().filter(|taken| is_same(taken)) {
        left -= in_its_unit(taken);
    }
    Some(left)
}
