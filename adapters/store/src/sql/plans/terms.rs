//! What a plan says when it is made, and what its cycles cost.

use super::super::wallets;
use crate::{PlanTerms, StoreError, texts};
use counterfoil::{
    error::WalletError,
    order::PlanOrder,
    wallet::{Charge, Coupons, Funding},
};

impl PlanTerms {
    pub(super) fn check_texts(&self) -> Result<(), StoreError> {
        texts::name("application", &self.application)?;
        texts::name("plan", &self.plan)?;
        texts::name("settlement unit", &self.unit)?;
        texts::owner(&self.owner)
    }

    /// The plan, not started, if it makes sense.
    pub(super) fn check(&self) -> Result<PlanOrder, StoreError> {
        let ids = [("application", &self.application), ("plan", &self.plan), ("settlement unit", &self.unit)];
        if let Some((what, _)) = ids.into_iter().find(|(_, id)| id.is_empty()) {
            return Err(WalletError::EmptyId { what }.into());
        }
        if self.price.is_negative() {
            return Err(WalletError::NegativeAmount { amount: self.price.amount() }.into());
        }
        Ok(PlanOrder::new(self.start, self.cycle, self.zone)?)
    }

    pub(super) fn same_as(&self, again: &Self) -> Result<(), StoreError> {
        // Without `..`: a field that is added must be thought of here.
        let Self { application: _, plan, owner, unit, price, cycle, zone, start, auto_renew } = self;
        let facts = [
            ("owner", *owner == again.owner),
            ("settlement unit", *unit == again.unit),
            ("currency", price.currency() == again.price.currency()),
            ("price", *price == again.price),
            ("cycle", *cycle == again.cycle),
            ("zone", *zone == again.zone),
            ("start", *start == again.start),
            ("renewal by itself", *auto_renew == again.auto_renew),
        ];
        wallets::unchanged("plan", plan.clone(), &facts)?;
        Ok(())
    }

    /// What a cycle costs, from 0 on.
    pub(super) fn charge(&self, cycle: u32, coupons: Coupons, funding: Funding) -> Charge {
        Charge {
            application: self.application.clone(),
            order: cycle_order(&self.plan, cycle),
            unit: self.unit.clone(),
            payer: self.owner.clone(),
            amount: self.price,
            coupons,
            funding,
        }
    }
}

/// The order id that a cycle is paid under.
pub(in super::super) fn cycle_order(plan: &str, cycle: u32) -> String {
    format!("{plan}/{cycle}")
}
