use crate::border::{Result, text::money};
use counterfoil::wallet::{Coupon, CouponTerms, Owner, Scope};
use serde::{Deserialize, Serialize};

/// Whether it is a user or a group, and which one.
#[derive(Deserialize, Serialize)]
pub(super) struct PackedOwner(String, String);

impl PackedOwner {
    pub(super) fn read(&self) -> Result<Owner> {
        Ok(Owner::new(self.0.parse()?, self.1.clone()))
    }

    pub(super) fn of(owner: &Owner) -> Self {
        Self(owner.kind().name().to_owned(), owner.id().to_owned())
    }
}

/// The members of a coupon. It pays one order, or any of its unit.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PackedCoupon {
    id: String,
    face_value: String,
    balance: String,
    status: String,
    category: String,
    effective: String,
    expiration: String,
    created: String,
    owner: Option<PackedOwner>,
    unit: Option<String>,
    order: Option<String>,
}

impl PackedCoupon {
    pub(super) fn read(self) -> Result<Coupon> {
        Ok(Coupon::new(CouponTerms {
            face_value: money(&self.face_value)?,
            balance: money(&self.balance)?,
            status: self.status.parse()?,
            effective: self.effective.parse()?,
            expiration: self.expiration.parse()?,
            created: self.created.parse()?,
            owner: self.owner.as_ref().map(PackedOwner::read).transpose()?,
            scope: self.order.map_or(Scope::Unit, Scope::Order),
            category: self.category.parse()?,
            id: self.id,
            unit: self.unit,
        })?)
    }

    pub(super) fn of(coupon: &Coupon) -> Self {
        let terms = coupon.terms();
        Self {
            id: terms.id.clone(),
            face_value: format!("{:#}", terms.face_value),
            balance: format!("{:#}", terms.balance),
            status: terms.status.name().to_owned(),
            category: terms.category.name().to_owned(),
            effective: terms.effective.to_string(),
            expiration: terms.expiration.to_string(),
            created: terms.created.to_string(),
            owner: terms.owner.as_ref().map(PackedOwner::of),
            unit: terms.unit.clone(),
            order: match &terms.scope {
                Scope::Order(order) => Some(order.clone()),
                Scope::Unit => None,
            },
        }
    }
}
