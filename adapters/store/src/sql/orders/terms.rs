//! What an order says when it is made.

use super::super::wallets;
use crate::{OrderTerms, StoreError, texts};
use counterfoil::{
    error::WalletError,
    order::{Order, PaymentWindow},
    time::Instant,
    wallet::{ItemShares, OrderItem},
};

impl OrderTerms {
    pub(super) fn check_texts(&self) -> Result<(), StoreError> {
        texts::name("application", &self.application)?;
        texts::order(&self.order)?;
        texts::name("settlement unit", &self.unit)?;
        texts::owner(&self.owner)?;
        self.items.iter().try_for_each(|item| texts::name("item", &item.id))
    }

    /// The order, unpaid, if it makes sense.
    pub(super) fn check(&self, created: Instant) -> Result<Order, StoreError> {
        let ids = [("application", &self.application), ("order", &self.order), ("settlement unit", &self.unit)];
        if let Some((what, _)) = ids.into_iter().find(|(_, id)| id.is_empty()) {
            return Err(WalletError::EmptyId { what }.into());
        }
        let order = Order::new(self.order_type, self.items.len())?;
        if let Some(length_s) = self.pay_within_s {
            PaymentWindow::new(created, length_s)?;
        }
        let items =
            self.items.iter().map(|item| OrderItem { id: item.id.clone(), weight: item.weight, delivered: false });
        ItemShares::new(self.amount, &items.collect::<Vec<_>>(), self.step)?;
        Ok(order)
    }

    pub(super) fn same_as(&self, again: &Self) -> Result<(), StoreError> {
        // Without `..`: a field that is added must be thought of here.
        let Self { application: _, order, order_type, owner, unit, amount, items, step, pay_within_s } = self;
        let facts = [
            ("type", *order_type == again.order_type),
            ("owner", *owner == again.owner),
            ("settlement unit", *unit == again.unit),
            ("currency", amount.currency() == again.amount.currency()),
            ("amount", *amount == again.amount),
            ("list of items", *items == again.items),
            ("step", *step == again.step),
            ("time to pay", *pay_within_s == again.pay_within_s),
        ];
        wallets::unchanged("order", order.clone(), &facts)?;
        Ok(())
    }
}
