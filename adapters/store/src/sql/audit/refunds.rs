//! Refunds, with their legs and how they came to their states.

use super::{
    super::{
        engine::{Connection, Row, sql},
        refunding::rows::{LegRow, REFUNDS, refund_of},
        rows::Fields,
    },
    Auditor,
};
use crate::StoreError;
use counterfoil::{
    exact::Exact,
    wallet::{Destination, RefundEvent, RefundState, Source},
};
use std::collections::BTreeMap;

/// What is known of the legs of a refund.
#[derive(Default)]
struct Legs {
    rows: Vec<LegRow>,
    /// Of those that go somewhere, how many are in the ledger, and how many are not.
    posted: usize,
    missing: usize,
    in_order: bool,
}

impl Auditor {
    pub(super) async fn refunds(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut legs = self.refund_legs(connection).await?;
        let states = self.refund_steps(connection).await?;
        let mut rows = sql(REFUNDS).stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let number = Fields::of("refunds", "refund", &row).integer("id")?;
            let legs = legs.remove(&number).unwrap_or_default();
            self.refund(&row, legs, states.get(&number).copied())?;
        }
        Ok(())
    }

    fn refund(&mut self, row: &Row, legs: Legs, reached: Option<RefundState>) -> Result<(), StoreError> {
        let fields = Fields::of("refunds", "refund", row);
        let Legs { rows, posted, missing, in_order } = legs;
        let is_empty = rows.is_empty();
        if let Some(correction) = fields.optional_integer("correction_number")?
            && let Some(amount) = self.sound(fields.money("amount"))?
        {
            let sum = self.corrections.entry(correction).or_insert(Exact::ZERO);
            *sum = sum.plus(&amount.exact())?;
        }
        let Some(known) = self.sound(refund_of(row, rows))? else { return Ok(()) };
        let refund = known.stored.refund;
        let state = refund.state();
        let mut faults = Vec::new();
        if reached != Some(state) {
            faults.push(format!("it is `{state}`, and its history does not lead there"));
        }
        if !in_order && !is_empty {
            faults.push("a leg of it is missing".to_owned());
        }
        match state {
            RefundState::Success if missing > 0 => {
                for leg in refund.legs() {
                    self.doubt(leg.source(), fields.text("paid_by")?);
                    self.doubt(&Source::Balance, fields.text("paid_by")?);
                }
                faults.push("it was never given back".to_owned());
            }
            RefundState::Wait | RefundState::Error | RefundState::Closed if posted > 0 => {
                faults.push(format!("it is `{state}`, and was given back"));
            }
            _ => {}
        }
        if fields.optional_text("paid_application")? != Some(&*refund.request().application) {
            faults.push("it is of another application than its payment".to_owned());
        }
        for fault in faults {
            self.find("refunds", refund.id(), fault);
        }
        if state == RefundState::Success {
            let request = refund.request();
            let sums = self.sums(request.amount.currency());
            sums.refunds = sums.refunds.plus(&request.amount.exact())?;
            sums.refund_fees = sums.refund_fees.plus(&request.fee.exact())?;
            for leg in refund.legs() {
                let total = match (leg.to(), leg.source()) {
                    (Destination::Recorded, _) => &mut sums.recorded,
                    (Destination::Balance, _) => &mut sums.to_balance,
                    (_, Source::Coupon(_)) => &mut sums.to_coupons,
                    (_, Source::Debt) => &mut sums.to_debt,
                    _ => &mut sums.to_balance,
                };
                *total = total.plus(&leg.amount().exact())?;
            }
        }
        self.refunded.insert(known.number, (refund.request().amount, known.payment));
        self.refunds.entry(known.payment).or_default().push(refund);
        Ok(())
    }

    async fn refund_legs(&mut self, connection: &mut Connection) -> Result<BTreeMap<i64, Legs>, StoreError> {
        let mut rows = sql(
            "select l.refund, l.position, l.source, l.coupon, l.amount, l.destination, e.id is not null as posted \
             from refund_legs l left join entries e on e.refund = l.refund and e.position = l.position \
             order by l.refund, l.position",
        )
        .stream(connection)?;
        let mut all: BTreeMap<i64, Legs> = BTreeMap::new();
        while let Some(row) = rows.try_next().await? {
            let fields = Fields::of("refund_legs", "refund", &row);
            let legs =
                all.entry(fields.integer("refund")?).or_insert_with(|| Legs { in_order: true, ..Legs::default() });
            legs.in_order &= fields.count::<usize>("position")? == legs.rows.len();
            match (fields.text("destination")?, fields.integer("posted")? != 0) {
                ("recorded", false) => {}
                (_, true) => legs.posted += 1,
                (_, false) => legs.missing += 1,
            }
            if let Some(leg) = self.sound(LegRow::of(&row))? {
                legs.rows.push(leg);
            }
        }
        Ok(all)
    }

    /// The state that the history of each refund leads to.
    async fn refund_steps(&mut self, connection: &mut Connection) -> Result<BTreeMap<i64, RefundState>, StoreError> {
        let mut rows =
            sql("select h.refund as number, r.refund, h.position, h.at_us, h.event, h.state_before, h.state_after \
             from refund_steps h left join refunds r on r.id = h.refund order by h.refund, h.position")
            .stream(connection)?;
        let mut reached: BTreeMap<i64, RefundState> = BTreeMap::new();
        while let Some(row) = rows.try_next().await? {
            let row = Fields::of("refund_steps", "refund", &row);
            let number = row.integer("number")?;
            let read = || {
                row.instant("at_us")?;
                let event: Option<RefundEvent> = row.optional_text("event")?.map(|_| row.parse("event")).transpose()?;
                Ok((event, row.parse::<RefundState>("state_after")?))
            };
            let Some((event, after)) = self.sound(read())? else { continue };
            let before = reached.insert(number, after);
            let legal = match (before, event) {
                (None, None) => matches!(after, RefundState::Wait | RefundState::Success),
                (Some(before), Some(event)) => before.after(event).is_ok_and(|to| to == after),
                _ => false,
            };
            if !legal || before.map(RefundState::name) != row.optional_text("state_before")? {
                self.find("refund_steps", row.name(), "it does not follow from the step before it");
            }
        }
        Ok(reached)
    }
}
