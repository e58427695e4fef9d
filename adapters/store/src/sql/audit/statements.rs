//! Statements, with their lines and their payments.

use super::{
    super::{
        engine::{Connection, Row, sql},
        rows::Fields,
        statements::Head,
    },
    Auditor,
};
use crate::StoreError;
use counterfoil::{exact::Exact, statement::StatementStatus, time::Period};

impl Auditor {
    /// Every statement, with its lines and its payment.
    pub(super) async fn statements(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut rows = sql(
            "select s.id, w.leader, s.statement, s.date, s.zone, s.owner, s.unit, s.kind, s.sequence, s.currency, s.original, \
             s.payable, s.status, s.payment, l.position, l.original as line_original, l.payable as line_payable, \
             r.owner = s.owner and r.unit = s.unit and r.kind = s.kind and r.currency = s.currency as fits, \
             r.start_us, r.end_us, p.order_id, p.payer, p.unit as paid_unit, p.currency as paid_currency, p.amount \
             from statements s left join statement_lines l on l.statement = s.id \
             left join readings r on r.id = l.reading left join payments p on p.id = s.payment \
             left join settled_with w on w.statement = s.id \
             order by s.owner, s.date, s.zone, s.unit, s.kind, s.sequence, l.position",
        )
        .stream(connection)?;
        let mut open: Option<OpenStatement> = None;
        let mut group: Vec<OpenStatement> = Vec::new();
        while let Some(row) = rows.try_next().await? {
            let number = Fields::of("statements", "statement", &row).integer("id")?;
            if open.as_ref().is_none_or(|open| open.head.number != number) {
                if let Some(done) = open.take() {
                    self.statement(done, &mut group)?;
                }
                open = self.sound(OpenStatement::of(&row))?;
            }
            if let Some(open) = &mut open
                && let Some(line) = self.sound(StatementRow::of(&row))?
            {
                open.add(line)?;
            }
        }
        if let Some(done) = open {
            self.statement(done, &mut group)?;
        }
        self.settlements(&group)
    }

    /// A statement, and the ones before it of its group if it begins another.
    fn statement(&mut self, open: OpenStatement, group: &mut Vec<OpenStatement>) -> Result<(), StoreError> {
        let head = &open.head;
        let payable = head.payable.exact();
        let sums = self.sums(head.payable.currency());
        sums.statements = sums.statements.plus(&payable)?;
        sums.lines = sums.lines.plus(&open.payable)?;
        let by_status = match head.status {
            StatementStatus::Paid => &mut sums.statements_paid,
            StatementStatus::Unpaid => &mut sums.statements_unpaid,
            StatementStatus::Cancelled => &mut sums.statements_cancelled,
        };
        *by_status = by_status.plus(&payable)?;

        let mut faults = open.faults.clone();
        for (what, kept, sum) in
            [("original", head.original.exact(), &open.original), ("payable", payable, &open.payable)]
        {
            if kept != *sum {
                faults.push(format!("its {what} amount is {kept}, and its lines add up to {sum}"));
            }
        }
        if open.lines == 0 {
            faults.push("it has no lines".to_owned());
        }
        if group.last().is_some_and(|before| !before.is_of_group(&open)) {
            self.settlements(group)?;
            group.clear();
        }
        let follows = group.last().map(|before| before.head.key.sequence);
        if follows.map_or(0, |sequence| sequence.saturating_add(1)) != head.key.sequence {
            faults.push("the statement before it is missing".to_owned());
        }
        if head.status == StatementStatus::Unpaid && head.payable.is_zero() {
            faults.push("it is unpaid, and there is nothing to pay".to_owned());
        }
        for fault in faults {
            self.find("statements", &*head.id, fault);
        }
        group.push(open);
        Ok(())
    }

    /// What a group asks for is what was paid for it, less what corrections gave back (R-S2).
    fn settlements(&mut self, group: &[OpenStatement]) -> Result<(), StoreError> {
        for member in group {
            let head = &member.head;
            if let Some(leader) = member.leader {
                let leads = |other: &&OpenStatement| other.head.number == leader && other.leader.is_none();
                let leads = group.iter().find(leads).is_some_and(|other| other.head.status == StatementStatus::Paid);
                if !leads || head.status != StatementStatus::Paid || head.payment.is_some() {
                    self.find("statements", &*head.id, "it is settled with a statement that settles nothing");
                }
                continue;
            }
            if head.status != StatementStatus::Paid {
                continue;
            }
            let mut asked = head.payable.exact();
            for other in group.iter().filter(|other| other.leader == Some(head.number)) {
                asked = asked.plus(&other.head.payable.exact())?;
            }
            let refunded = self.corrections.get(&head.number).cloned().unwrap_or(Exact::ZERO);
            let paid = member.paid.clone().unwrap_or(Exact::ZERO).minus(&refunded)?;
            if asked != paid {
                let fault = match (&member.paid, refunded.is_zero()) {
                    (None, true) => "it is paid, and no payment paid it".to_owned(),
                    (None, false) => {
                        format!("it and those settled with it come to {asked}, and {refunded} was refunded")
                    }
                    (Some(paid), _) => format!("it and those settled with it come to {asked}, and {paid} was paid"),
                };
                self.find("statements", &*head.id, fault);
            }
        }
        Ok(())
    }

    /// Payments of statements that do not know of them.
    pub(super) async fn unnoticed(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut rows =
            sql("select s.statement, s.status from payments p join statements s on s.statement = p.order_id \
             where s.unit = p.unit and (s.payment is null or s.payment <> p.id) order by s.id")
            .stream(connection)?;
        while let Some(row) = rows.try_next().await? {
            let row = Fields::of("statements", "statement", &row);
            let fault = format!("a payment paid it, and it stands as {}", row.text("status")?);
            self.find("statements", row.name(), fault);
        }
        Ok(())
    }
}

/// A statement whose lines are being added up.
struct OpenStatement {
    head: Head,
    /// The statement that it was settled with.
    leader: Option<i64>,
    /// What its payment comes to.
    paid: Option<Exact>,
    lines: i64,
    original: Exact,
    payable: Exact,
    faults: Vec<String>,
}

/// A line of a statement.
struct StatementRow {
    position: i64,
    original: Exact,
    payable: Exact,
    window: Option<Period>,
    fits: bool,
}

impl OpenStatement {
    fn of(row: &Row) -> Result<Self, StoreError> {
        let head = Head::of(row)?;
        let mut faults = Vec::new();
        let fields = Fields::of("statements", "statement", row);
        if head.payment.is_some() {
            let paid = [
                ("order", fields.optional_text("order_id")? == Some(&*head.id)),
                ("payer", fields.optional_text("payer")? == Some(fields.text("owner")?)),
                ("unit", fields.optional_text("paid_unit")? == Some(fields.text("unit")?)),
                ("currency", fields.optional_text("paid_currency")? == Some(fields.text("currency")?)),
            ];
            faults.extend(
                paid.iter().filter(|(_, same)| !same).map(|(fact, _)| format!("its payment has another {fact}")),
            );
        }
        let paid = fields.optional_text("amount")?.map(|_| fields.money("amount")).transpose()?;
        let (leader, paid) = (fields.optional_integer("leader")?, paid.map(|paid| paid.exact()));
        Ok(Self { head, leader, paid, lines: 0, original: Exact::ZERO, payable: Exact::ZERO, faults })
    }

    fn is_of_group(&self, other: &Self) -> bool {
        let group = |open: &Self| {
            let key = &open.head.key;
            (key.owner.clone(), key.day, key.unit.clone(), key.kind.clone())
        };
        group(self) == group(other)
    }

    fn add(&mut self, line: Option<StatementRow>) -> Result<(), StoreError> {
        let Some(line) = line else { return Ok(()) };
        if line.position != self.lines {
            self.faults.push(format!("line {} is missing", self.lines));
        }
        if !line.fits || line.window != Some(self.head.key.day.period()) {
            self.faults.push(format!("the reading of line {} is not of its group and day", line.position));
        }
        self.lines = line.position.saturating_add(1);
        self.original = self.original.plus(&line.original)?;
        self.payable = self.payable.plus(&line.payable)?;
        Ok(())
    }
}

impl StatementRow {
    /// The line of a row, if it has one.
    fn of(row: &Row) -> Result<Option<Self>, StoreError> {
        let row = Fields::of("statement_lines", "statement", row);
        let Some(position) = row.optional_integer("position")? else { return Ok(None) };
        Ok(Some(Self {
            position,
            original: row.money("line_original")?.exact(),
            payable: row.money("line_payable")?.exact(),
            window: row.optional_integer("start_us")?.map(|_| row.window()).transpose()?,
            fits: row.optional_integer("fits")? == Some(1),
        }))
    }
}
