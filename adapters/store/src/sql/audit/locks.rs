//! Locks, with what they hold and what was captured of them.

use super::{
    super::{
        charging,
        engine::{Connection, Row, sql},
        locks::rows::{self, LOCKS},
        rows::Fields,
    },
    Auditor,
};
use crate::StoreError;
use counterfoil::wallet::Leg;
use std::collections::BTreeMap;

impl Auditor {
    /// Every lock: its legs add up to it, and what was captured took no more of each than it held.
    pub(super) async fn locks(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut legs = self.lock_legs(connection).await?;
        let mut paid = self.captured_legs(connection).await?;
        let mut rows = sql(LOCKS).stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let number = Fields::of("locks", "order_id", &row).integer("id")?;
            let held = legs.remove(&number).unwrap_or_default();
            self.lock(&row, held, &paid.remove(&number).unwrap_or_default())?;
        }
        Ok(())
    }

    fn lock(
        &mut self,
        row: &Row,
        legs: Vec<Leg<'static>>,
        captured: &[(Leg<'static>, bool)],
    ) -> Result<(), StoreError> {
        let Some(known) = self.sound(rows::lock_of(row, legs))? else { return Ok(()) };
        let lock = known.stored.lock;
        let mut faults = Vec::new();
        for (leg, is_same) in captured {
            let held = lock.legs().iter().find(|held| held.source() == leg.source());
            if !held.is_some_and(|held| held.amount().compare(leg.amount()).is_ok_and(|order| order.is_ge())) {
                faults.push(format!("more was captured of {} than it held", leg.source()));
            }
            if !is_same {
                faults.push("what was captured paid another order".to_owned());
            }
        }
        for fault in faults {
            self.find("locks", &*lock.charge().order, fault);
        }
        Ok(())
    }

    async fn lock_legs(&mut self, connection: &mut Connection) -> Result<BTreeMap<i64, Vec<Leg<'static>>>, StoreError> {
        let mut rows = sql(
            "select l.lock as payment, l.position, l.source, l.coupon, l.amount, l.held_before, l.held_after, k.currency \
             from lock_legs l join locks k on k.id = l.lock order by l.lock, l.position",
        )
        .stream(connection)?;
        let mut all: BTreeMap<i64, Vec<Leg<'static>>> = BTreeMap::new();
        while let Some(row) = rows.try_next().await? {
            let number = Fields::of("lock_legs", "payment", &row).integer("payment")?;
            if let Some(leg) = self.sound(charging::leg_of(&row, "amount"))? {
                all.entry(number).or_default().push(leg);
            }
        }
        Ok(all)
    }

    /// The legs of the payments that locks became, and whether those are of the order and the payer of the lock.
    async fn captured_legs(
        &mut self,
        connection: &mut Connection,
    ) -> Result<BTreeMap<i64, Vec<(Leg<'static>, bool)>>, StoreError> {
        let mut rows = sql(
            "select k.id as number, l.payment, l.source, l.coupon, l.amount, l.held_before, l.held_after, p.currency, \
             p.application = k.application and p.order_id = k.order_id and p.payer = k.payer and p.unit = k.unit as same \
             from locks k join payments p on p.id = k.payment join legs l on l.payment = p.id order by k.id, l.position",
        )
        .stream(connection)?;
        let mut all: BTreeMap<i64, Vec<(Leg<'static>, bool)>> = BTreeMap::new();
        while let Some(row) = rows.try_next().await? {
            let fields = Fields::of("locks", "number", &row);
            // A leg that is damaged is found with its payment.
            if let Ok(leg) = charging::leg_of(&row, "amount") {
                all.entry(fields.integer("number")?).or_default().push((leg, fields.integer("same")? != 0));
            }
        }
        Ok(all)
    }
}
