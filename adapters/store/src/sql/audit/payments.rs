//! Payments, with their legs.

use super::{
    super::{
        charging,
        engine::{Connection, Row, sql},
        rows::Fields,
    },
    Auditor,
};
use crate::StoreError;
use counterfoil::wallet::{Leg, Refunds, Source};

impl Auditor {
    /// Every payment, with its legs in the order in which they were taken.
    pub(super) async fn payments(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut rows =
            sql("select p.id, p.application, p.order_id, p.unit, p.payer, p.currency, p.amount, p.method, p.coupons, \
             p.funding, p.overdraft, p.paid_us, u.application as unit_application, \
             l.payment, l.position, l.source, l.coupon, l.amount as leg_amount, l.held_before, l.held_after, \
             e.id is not null as posted \
             from payments p left join service_units u on u.unit = p.unit left join legs l on l.payment = p.id \
             left join entries e on e.payment = l.payment and e.position = l.position \
             order by p.id, l.position")
            .stream(connection)?;
        let mut open: Option<(Row, Vec<Leg<'static>>)> = None;
        loop {
            let row = rows.try_next().await?;
            let number = |row: &Row| row.integer("id").ok().flatten();
            let goes_on = match (&open, &row) {
                (Some((head, _)), Some(row)) => number(head) == number(row),
                _ => false,
            };
            if !goes_on && let Some((head, legs)) = open.take() {
                self.payment(&head, legs)?;
            }
            let Some(row) = row else { return Ok(()) };
            let leg = self.leg(&row)?;
            match &mut open {
                Some((_, legs)) => legs.extend(leg),
                None => open = Some((row, leg.into_iter().collect())),
            }
        }
    }

    /// A leg, if the row has one.
    fn leg(&mut self, row: &Row) -> Result<Option<Leg<'static>>, StoreError> {
        let fields = Fields::of("legs", "payment", row);
        if fields.optional_integer("position")?.is_none() {
            return Ok(None);
        }
        let is_posted = fields.integer("posted")? != 0;
        if !is_posted {
            let payment = format!("{} of {}", fields.text("order_id")?, fields.text("application")?);
            self.find("legs", payment, "it was never taken from its source");
        }
        let Some(leg) = self.sound(charging::leg_of(row, "leg_amount"))? else { return Ok(None) };
        if !is_posted {
            self.doubt(leg.source(), fields.text("payer")?);
        }
        let amount = leg.amount().exact();
        let sums = self.sums(leg.amount().currency());
        sums.legs = sums.legs.plus(&amount)?;
        let total = match leg.source() {
            Source::Coupon(_) => &mut sums.from_coupons,
            Source::Debt => &mut sums.from_debt,
            _ => &mut sums.from_balance,
        };
        *total = total.plus(&amount)?;
        Ok(Some(leg))
    }

    fn payment(&mut self, row: &Row, legs: Vec<Leg<'static>>) -> Result<(), StoreError> {
        let fields = Fields::of("payments", "order_id", row);
        if let Some(amount) = self.sound(fields.money("amount"))? {
            let sums = self.sums(amount.currency());
            sums.payments = sums.payments.plus(&amount.exact())?;
        }
        let Some(payment) = self.sound(charging::payment_of(row, legs))? else { return Ok(()) };
        let number = fields.integer("id")?;
        if let Some(refunds) = self.refunds.remove(&number)
            && let Err(error) = Refunds::new(payment.payment.clone(), refunds)
        {
            self.find("refunds", &*payment.payment.charge().order, error.to_string());
        }
        let charge = payment.payment.charge();
        if fields.text("method")? != payment.payment.plan().method().name() {
            let fault = format!("its legs make it a payment by {}", payment.payment.plan().method());
            self.find("payments", &*charge.order, fault);
        }
        if fields.optional_text("unit_application")? != Some(&*charge.application) {
            let fault = format!("unit `{}` does not belong to application `{}`", charge.unit, charge.application);
            self.find("payments", &*charge.order, fault);
        }
        Ok(())
    }
}
