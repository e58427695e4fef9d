//! How long a text may be that a store keeps: what fits into a key of every engine.

use crate::{Act, StoreError};
use counterfoil::wallet::{Charge, Coupon, Coupons, Owner, RefundRequest, Scope};

/// An id, a name, the id of an owner.
const NAME: usize = 255;
/// The id of a request, which names the ranges that it makes: `request/0`.
const REQUEST: usize = 240;
/// The id of an order, which may be that of a statement: a day, a zone, an owner, a unit, a kind and a number, each
/// letter of which may be written as three.
const ORDER: usize = 1700;
/// A reason, a remark.
const REMARK: usize = 4096;
/// A document: a rate card, a list of coupons, a list of parts.
const DOCUMENT: usize = 1 << 20;

/// # Errors
/// `store.bad_text`.
pub(crate) fn name(what: &'static str, text: &str) -> Result<(), StoreError> {
    check(what, text, NAME)
}

pub(crate) fn request(text: &str) -> Result<(), StoreError> {
    check("request", text, REQUEST)
}

pub(crate) fn order(text: &str) -> Result<(), StoreError> {
    check("order", text, ORDER)
}

pub(crate) fn owner(owner: &Owner) -> Result<(), StoreError> {
    check("owner", owner.id(), NAME)
}

pub(crate) fn act(act: &Act) -> Result<(), StoreError> {
    check("actor", &act.by, NAME)?;
    check("reason", &act.reason, REMARK)
}

pub(crate) fn document(what: &'static str, text: &str) -> Result<(), StoreError> {
    check(what, text, DOCUMENT)
}

pub(crate) fn charge(charge: &Charge) -> Result<(), StoreError> {
    name("application", &charge.application)?;
    order(&charge.order)?;
    name("settlement unit", &charge.unit)?;
    owner(&charge.payer)?;
    coupons(&charge.coupons)
}

pub(crate) fn coupons(coupons: &Coupons) -> Result<(), StoreError> {
    let Coupons::Named(ids) = coupons else { return Ok(()) };
    let bytes = ids.iter().map(|id| id.len().saturating_add(3)).fold(0, usize::saturating_add);
    if bytes > DOCUMENT {
        return Err(too_long("list of coupons", DOCUMENT));
    }
    ids.iter().try_for_each(|id| name("coupon", id))
}

pub(crate) fn coupon(coupon: &Coupon) -> Result<(), StoreError> {
    let terms = coupon.terms();
    name("coupon", &terms.id)?;
    terms.owner.as_ref().map_or(Ok(()), owner)?;
    terms.unit.as_deref().map_or(Ok(()), |unit| name("settlement unit", unit))?;
    match &terms.scope {
        Scope::Unit => Ok(()),
        Scope::Order(id) => order(id),
    }
}

pub(crate) fn refund(request: &RefundRequest) -> Result<(), StoreError> {
    name("refund", &request.id)?;
    name("application", &request.application)?;
    order(&request.order)
}

fn check(what: &'static str, text: &str, longest: usize) -> Result<(), StoreError> {
    if text.len() > longest {
        return Err(too_long(what, longest));
    }
    if text.contains('\0') {
        return Err(StoreError::BadText { what, fault: "it has a NUL character", longest });
    }
    Ok(())
}

fn too_long(what: &'static str, longest: usize) -> StoreError {
    StoreError::BadText { what, fault: "it is too long", longest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_taken_and_one_byte_more_is_not() {
        assert!(name("coupon", &"x".repeat(NAME)).is_ok());
        assert!(name("coupon", &"é".repeat(NAME / 2)).is_ok());
        for text in ["x".repeat(NAME + 1), "é".repeat(NAME / 2 + 1), "x".repeat(10 << 20), "a\0b".to_owned()] {
            let error = name("coupon", &text).unwrap_err();
            assert_eq!(error.code(), "store.bad_text");
            assert!(error.to_string().len() < 200, "{error}");
        }
        assert!(order(&"x".repeat(ORDER)).is_ok());
        assert!(order(&"x".repeat(ORDER + 1)).is_err());
        let named = |count: usize| Coupons::Named(vec!["x".repeat(NAME); count]);
        assert!(coupons(&named(4000)).is_ok());
        assert!(coupons(&named(5000)).is_err());
    }
}
