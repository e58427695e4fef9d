//! The proof that the books add up: every table is read once, in order, and compared with what stands on either
//! side of it. Sums are the core's exact numbers; SQL adds nothing up.

use super::{charging, codec, inventory, rate_cards, rows::Fields, statements::Head, wallets};
use crate::{Audit, Finding, StoreError, Sums};
use counterfoil::{
    exact::Exact,
    metering::History,
    money::{Currency, Money},
    pricing::Validity,
    statement::StatementStatus,
    time::Period,
    wallet::{Leg, Source},
};
use futures_util::TryStreamExt;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use std::collections::BTreeMap;

/// Reads everything through a connection that sees one moment.
pub(super) async fn verify(connection: &mut SqliteConnection) -> Result<Audit, StoreError> {
    let mut auditor = Auditor::default();
    auditor.engine(connection).await?;
    auditor.rate_cards(connection).await?;
    auditor.resources(connection).await?;
    auditor.readings(connection).await?;
    auditor.statements(connection).await?;
    auditor.accounts(connection).await?;
    auditor.coupons(connection).await?;
    auditor.payments(connection).await?;
    auditor.unnoticed(connection).await?;
    auditor.entries(connection).await?;
    auditor.close()
}

#[derive(Default)]
struct Auditor {
    findings: Vec<Finding>,
    sums: BTreeMap<Currency, Sums>,
    /// Coupons by id, balances and debts by owner: where each must stand before the next leg.
    stand: BTreeMap<(&'static str, String), Stand>,
}

/// Where a source stands.
struct Stand {
    /// As it was loaded, then as each leg left it.
    reached: Money,
    /// As its table says it is.
    kept: Money,
    /// The owner.
    owner: String,
}

impl Auditor {
    fn find(&mut self, table: &'static str, row: impl Into<String>, fault: impl Into<String>) {
        self.findings.push(Finding { table, row: row.into(), fault: fault.into() });
    }

    /// What was read, unless it is damaged, which is a finding.
    fn sound<T>(&mut self, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::Corrupt { table, row, column, fault }) => {
                self.find(table, row, format!("`{column}` is damaged: {fault}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn sums(&mut self, currency: Currency) -> &mut Sums {
        self.sums.entry(currency).or_insert_with(|| Sums::nothing(currency))
    }

    /// What the engine itself can tell: pages, indices, checks, references.
    async fn engine(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for row in sqlx::query("pragma integrity_check").fetch_all(&mut *connection).await? {
            let fault: String = row.try_get(0)?;
            if fault != "ok" {
                self.find("sqlite", "integrity_check", fault);
            }
        }
        for row in sqlx::query("pragma foreign_key_check").fetch_all(&mut *connection).await? {
            let (table, row, parent): (String, Option<i64>, String) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let row = row.map_or_else(|| "?".to_owned(), |row| row.to_string());
            self.find("sqlite", format!("{table} {row}"), format!("it refers to no row of `{parent}`"));
        }
        Ok(())
    }

    /// Every card is the text that was put in, and no two that say when they are in force are so at once.
    async fn rate_cards(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select revision, currency, source, digest, format, from_us, to_us from rate_cards \
             order by from_us nulls first, revision",
        )
        .fetch(connection);
        let mut before: Option<(String, Validity)> = None;
        while let Some(row) = rows.try_next().await? {
            let fields = Fields::of("rate_cards", "revision", &row);
            let Some(card) = self.sound(rate_cards::rate_card(fields))? else { continue };
            let validity = card.validity();
            if validity == Validity::ALWAYS {
                continue;
            }
            if let Some((other, known)) = &before
                && let Some(at) = known.overlap(validity)
            {
                self.find("rate_cards", fields.name(), format!("it is in force at {at}, and so is `{other}`"));
            }
            // By begin: if any before overlaps, the one that ends last does.
            let ends_later = before
                .as_ref()
                .is_none_or(|(_, known)| known.to.is_some_and(|known| validity.to.is_none_or(|to| to > known)));
            if ends_later {
                before = Some((fields.name(), validity));
            }
        }
        Ok(())
    }

    async fn resources(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select r.resource, r.kind, r.owner, r.unit, s.position, s.start_us, s.end_us, s.mode, s.spec \
             from resources r left join spans s on s.resource = r.id order by r.id, s.position",
        )
        .fetch(connection);
        let mut spans = Vec::new();
        let mut resource = String::new();
        loop {
            let row = rows.try_next().await?;
            let name = row.as_ref().map(|row| Fields::of("resources", "resource", row).name());
            if name.as_ref() != Some(&resource) {
                if !spans.is_empty()
                    && let Err(error) = History::new(std::mem::take(&mut spans))
                {
                    self.find("spans", &*resource, error.to_string());
                }
                spans.clear();
            }
            let (Some(row), Some(name)) = (row, name) else { return Ok(()) };
            let head = Fields::of("resources", "resource", &row);
            if name != resource {
                let checked = head.owner("owner").and_then(|_| {
                    head.parse::<counterfoil::metering::Kind>("kind")?;
                    head.parse::<counterfoil::units::Name>("unit")
                });
                self.sound(checked)?;
            }
            if head.optional_integer("position")?.is_some() {
                let span = inventory::span(Fields::of("spans", "resource", &row));
                spans.extend(self.sound(span)?);
            }
            resource = name;
        }
    }

    /// Every reading, with the lines that state it: they come to its latest version, or to nothing where that
    /// was taken back.
    async fn readings(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select r.resource, r.start_us, r.end_us, r.version, r.usage, r.currency, r.original, r.payable, \
             s.original as stated_original, s.payable as stated_payable, \
             t.original as taken_original, t.payable as taken_payable, t.reading is not null as withdrawn \
             from readings r \
             left join statement_lines s on s.reading = r.id and s.taken_back = 0 \
             left join statement_lines t on t.reading = r.id and t.taken_back = 1 \
             order by r.start_us, r.end_us, r.resource, r.version",
        )
        .fetch(connection);
        let mut group: Option<ReadingGroup> = None;
        while let Some(row) = rows.try_next().await? {
            let Some(version) = self.sound(ReadingVersion::of(&row))? else {
                group = None; // its sum would say the same again
                continue;
            };
            match group.as_mut().filter(|group| group.is_of(&version)) {
                Some(group) => group.add(version)?,
                None => {
                    if let Some(group) = group.replace(ReadingGroup::of(version)?) {
                        self.reading(group)?;
                    }
                }
            }
        }
        match group {
            Some(group) => self.reading(group),
            None => Ok(()),
        }
    }

    fn reading(&mut self, group: ReadingGroup) -> Result<(), StoreError> {
        let latest = &group.latest;
        let sums = self.sums(latest.currency);
        if !latest.withdrawn {
            sums.readings = sums.readings.plus(&latest.payable)?;
        }
        for (currency, (original, payable)) in &group.stated {
            let stands = *currency == latest.currency && !latest.withdrawn;
            let expected =
                if stands { (latest.original.clone(), latest.payable.clone()) } else { (Exact::ZERO, Exact::ZERO) };
            for (what, stated, expected) in [("original", original, expected.0), ("payable", payable, expected.1)] {
                if *stated != expected {
                    let fault = format!("its {what} amount is {expected} {currency}, and statements ask for {stated}");
                    self.find("readings", latest.name(), fault);
                }
            }
        }
        if !group.in_order {
            self.find("readings", latest.name(), "a version of it is missing");
        }
        Ok(())
    }

    /// Every statement, with its lines and its payment.
    async fn statements(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select s.id, s.statement, s.date, s.zone, s.owner, s.unit, s.kind, s.sequence, s.currency, s.original, \
             s.payable, s.status, s.payment, l.position, l.original as line_original, l.payable as line_payable, \
             r.owner = s.owner and r.unit = s.unit and r.kind = s.kind and r.currency = s.currency as fits, \
             r.start_us, r.end_us, p.order_id, p.payer, p.unit as paid_unit, p.currency as paid_currency, p.amount \
             from statements s left join statement_lines l on l.statement = s.id \
             left join readings r on r.id = l.reading left join payments p on p.id = s.payment \
             order by s.owner, s.date, s.zone, s.unit, s.kind, s.sequence, l.position",
        )
        .fetch(connection);
        let mut open: Option<OpenStatement> = None;
        let mut last: Option<OpenStatement> = None;
        while let Some(row) = rows.try_next().await? {
            let number: i64 = row.try_get("id")?;
            if open.as_ref().is_none_or(|open| open.head.number != number) {
                if let Some(done) = open.take() {
                    self.statement(&done, last.as_ref())?;
                    last = Some(done);
                }
                open = self.sound(OpenStatement::of(&row))?;
            }
            if let Some(open) = &mut open
                && let Some(line) = self.sound(StatementRow::of(&row))?
            {
                open.add(line)?;
            }
        }
        match open {
            Some(open) => self.statement(&open, last.as_ref()),
            None => Ok(()),
        }
    }

    fn statement(&mut self, open: &OpenStatement, before: Option<&OpenStatement>) -> Result<(), StoreError> {
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
        let group = |open: &OpenStatement| {
            let key = &open.head.key;
            (key.owner.clone(), key.day, key.unit.clone(), key.kind.clone())
        };
        let follows = before.filter(|before| group(before) == group(open)).map(|before| before.head.key.sequence);
        if follows.map_or(0, |sequence| sequence.saturating_add(1)) != head.key.sequence {
            faults.push("the statement before it is missing".to_owned());
        }
        match (head.status, head.payment.is_some(), head.payable.is_zero()) {
            (StatementStatus::Paid, false, false) => faults.push("it is paid, and no payment paid it".to_owned()),
            (StatementStatus::Unpaid, _, true) => faults.push("it is unpaid, and there is nothing to pay".to_owned()),
            _ => {}
        }
        for fault in faults {
            self.find("statements", &*head.id, fault);
        }
        Ok(())
    }

    async fn accounts(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut rows =
            sqlx::query("select owner, currency, opening, opening_debt, balance, debt from accounts").fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let row = Fields::of("accounts", "owner", &row);
            let read = || {
                row.owner("owner")?;
                Ok((row.money("opening")?, row.money("balance")?, row.money("opening_debt")?, row.money("debt")?))
            };
            let Some((opening, balance, opening_debt, debt)) = self.sound(read())? else { continue };
            let sums = self.sums(balance.currency());
            sums.accounts = sums.accounts.plus(&balance.exact().minus(&opening.exact())?)?;
            sums.debts = sums.debts.plus(&debt.exact().minus(&opening_debt.exact())?)?;
            let owner = row.name();
            let stand = |reached, kept| Stand { reached, kept, owner: owner.clone() };
            self.stand.insert(("balance", owner.clone()), stand(opening, balance));
            self.stand.insert(("debt", owner.clone()), stand(opening_debt, debt));
        }
        Ok(())
    }

    async fn coupons(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select coupon, currency, face_value, opening, balance, status, effective_us, expiration_us, created_us, \
             owner, unit, scope_order, category from coupons",
        )
        .fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let fields = Fields::of("coupons", "coupon", &row);
            let read = wallets::coupon_of(&row).and_then(|coupon| Ok((coupon, fields.money("opening")?)));
            let Some((coupon, opening)) = self.sound(read)? else { continue };
            let sums = self.sums(opening.currency());
            sums.coupons = sums.coupons.plus(&coupon.balance().exact().minus(&opening.exact())?)?;
            let owner = coupon.owner().map(ToString::to_string).unwrap_or_default();
            let stand = Stand { reached: opening, kept: coupon.balance(), owner };
            self.stand.insert(("coupon", coupon.id().to_string()), stand);
        }
        Ok(())
    }

    /// Every payment, with its legs in the order in which they were taken.
    async fn payments(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select p.id, p.application, p.order_id, p.unit, p.payer, p.currency, p.amount, p.method, p.coupons, \
             p.funding, p.overdraft, p.paid_us, u.application as unit_application, \
             l.payment, l.position, l.source, l.coupon, l.amount as leg_amount, l.held_before, l.held_after \
             from payments p left join service_units u on u.unit = p.unit left join legs l on l.payment = p.id \
             order by p.id, l.position",
        )
        .fetch(connection);
        let mut open: Option<(SqliteRow, Vec<Leg<'static>>)> = None;
        loop {
            let row = rows.try_next().await?;
            let number = |row: &SqliteRow| row.try_get::<i64, _>("id").unwrap_or_default();
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

    /// A leg, if the row has one, checked against where its source stands.
    fn leg(&mut self, row: &SqliteRow) -> Result<Option<Leg<'static>>, StoreError> {
        let fields = Fields::of("legs", "payment", row);
        if fields.optional_integer("position")?.is_none() {
            return Ok(None);
        }
        let Some(leg) = self.sound(charging::leg_of(row, "leg_amount"))? else { return Ok(None) };
        let payer = fields.text("payer")?.to_owned();
        let payment = format!("{} of {}", fields.text("order_id")?, fields.text("application")?);
        let amount = leg.amount().exact();
        let sums = self.sums(leg.amount().currency());
        sums.legs = sums.legs.plus(&amount)?;
        let (source, total) = match leg.source() {
            Source::Coupon(id) => (("coupon", id.to_string()), &mut sums.from_coupons),
            Source::Debt => (("debt", payer.clone()), &mut sums.from_debt),
            _ => (("balance", payer.clone()), &mut sums.from_balance),
        };
        *total = total.plus(&amount)?;
        let mut faults = Vec::new();
        match self.stand.get_mut(&source) {
            None => faults.push(format!("{} does not exist", leg.source())),
            Some(stand) => {
                if stand.reached != leg.before() {
                    let (before, reached) = (leg.before(), stand.reached);
                    faults.push(format!("it finds {before} on {}, where {reached} was left", leg.source()));
                }
                if stand.owner != payer {
                    faults.push(format!("{} is not of {payer}", leg.source()));
                }
                stand.reached = leg.after();
            }
        }
        for fault in faults {
            self.find("legs", &*payment, fault);
        }
        Ok(Some(leg))
    }

    /// Payments of statements that do not know of them.
    async fn unnoticed(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select s.statement, s.status from payments p join statements s on s.statement = p.order_id \
             where s.unit = p.unit and s.payment is not p.id order by s.id",
        )
        .fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let row = Fields::of("statements", "statement", &row);
            let fault = format!("a payment paid it, and it stands as {}", row.text("status")?);
            self.find("statements", row.name(), fault);
        }
        Ok(())
    }

    fn payment(&mut self, row: &SqliteRow, legs: Vec<Leg<'static>>) -> Result<(), StoreError> {
        let fields = Fields::of("payments", "order_id", row);
        if let Some(amount) = self.sound(fields.money("amount"))? {
            let sums = self.sums(amount.currency());
            sums.payments = sums.payments.plus(&amount.exact())?;
        }
        let Some(payment) = self.sound(charging::payment_of(row, legs))? else { return Ok(()) };
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

    /// Every entry of an account, with the leg that it is of.
    async fn entries(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select p.order_id, p.payer, p.currency, l.source, l.amount, l.held_after as leg_after, \
             e.owner, e.book, e.delta, e.held_after \
             from legs l join payments p on p.id = l.payment \
             left join account_entries e on e.payment = l.payment and e.book = l.source \
             where l.source <> 'coupon' \
             union all \
             select p.order_id, p.payer, p.currency, null, null, null, e.owner, e.book, e.delta, e.held_after \
             from account_entries e join payments p on p.id = e.payment \
             where not exists (select 1 from legs l where l.payment = e.payment and l.source = e.book)",
        )
        .fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let row = Fields::of("account_entries", "order_id", &row);
            let read = || {
                let optional = |column| row.optional_text(column)?.map(|_| row.money(column)).transpose();
                let (leg, leg_after) = (optional("amount")?, optional("leg_after")?);
                Ok(((leg, leg_after), (optional("delta")?, optional("held_after")?), row.optional_text("book")?))
            };
            let Some(((leg, leg_after), (delta, after), book)) = self.sound(read())? else { continue };
            let of_balance = row.optional_text("source")? == Some("balance");
            let expected = leg.map(|leg| if of_balance { leg.negated() } else { leg });
            let fault = match (expected, delta) {
                (Some(_), None) => Some("the account has no entry of this payment"),
                (None, _) => Some("the account has an entry of this payment, which took nothing from it"),
                (Some(leg), Some(delta)) if leg != delta => Some("the entry is not what the payment took"),
                _ if after != leg_after => Some("the entry leaves another sum than the payment"),
                _ if row.optional_text("owner")? != row.optional_text("payer")? => {
                    Some("the entry is of another account than the payment")
                }
                _ => None,
            };
            if let Some(fault) = fault {
                self.find("account_entries", row.name(), fault);
            }
            if let (Some(delta), Some("balance")) = (delta, book) {
                let sums = self.sums(delta.currency());
                sums.entries = sums.entries.plus(&delta.exact())?;
            }
        }
        Ok(())
    }

    /// What the sources hold, and the sums.
    fn close(mut self) -> Result<Audit, StoreError> {
        let left: Vec<_> = self.stand.iter().filter(|(_, stand)| stand.reached != stand.kept).collect();
        let faults = left.into_iter().map(|((source, id), Stand { reached, kept, .. })| {
            let table = if *source == "coupon" { "coupons" } else { "accounts" };
            Finding { table, row: id.clone(), fault: format!("its {source} is {kept}, and payments leave {reached}") }
        });
        self.findings.extend(faults.collect::<Vec<_>>());
        let mut findings = Vec::new();
        for sums in self.sums.values() {
            for (left, right, what) in identities(sums)? {
                if left != right {
                    let fault = format!("{what}: {left} and {right}");
                    findings.push(Finding { table: "sums", row: sums.currency.to_string(), fault });
                }
            }
        }
        self.findings.append(&mut findings);
        Ok(Audit { sums: self.sums.into_values().collect(), findings: self.findings })
    }
}

/// What must be equal, as [`Sums`] says.
fn identities(sums: &Sums) -> Result<[(Exact, Exact, &'static str); 7], StoreError> {
    let by_status = [&sums.statements_paid, &sums.statements_unpaid, &sums.statements_cancelled];
    let by_source = [&sums.from_coupons, &sums.from_balance, &sums.from_debt];
    Ok([
        (sums.readings.clone(), sums.lines.clone(), "readings and statement lines"),
        (sums.lines.clone(), sums.statements.clone(), "statement lines and statements"),
        (sums.statements.clone(), Exact::sum(by_status)?, "statements and their parts by status"),
        (sums.payments.clone(), Exact::sum(by_source)?, "payments and their legs"),
        (sums.entries.clone(), sums.accounts.clone(), "entries and balances of accounts"),
        (sums.accounts.clone(), sums.from_balance.negated()?, "balances of accounts and legs"),
        (sums.coupons.clone(), sums.from_coupons.negated()?, "balances of coupons and legs"),
    ])
}

/// A version of a reading, with what its lines state and take back.
struct ReadingVersion {
    resource: String,
    window: Period,
    version: u32,
    currency: Currency,
    original: Exact,
    payable: Exact,
    stated: (Exact, Exact),
    withdrawn: bool,
}

/// The versions of a reading.
struct ReadingGroup {
    latest: ReadingVersion,
    /// What the lines of all versions come to: original and payable.
    stated: BTreeMap<Currency, (Exact, Exact)>,
    in_order: bool,
}

impl ReadingVersion {
    fn of(row: &SqliteRow) -> Result<Self, StoreError> {
        let row = Fields::of("readings", "resource", row);
        let window = row.window()?;
        row.checked("usage", codec::usage_from_text(window, row.text("usage")?))?;
        let stated = |stated: &'static str, taken: &'static str| {
            let line = |column| match row.optional_text(column)? {
                Some(_) => Ok::<_, StoreError>(row.money(column)?.exact()),
                None => Ok(Exact::ZERO),
            };
            Ok::<_, StoreError>(line(stated)?.plus(&line(taken)?)?)
        };
        Ok(Self {
            resource: row.text("resource")?.to_owned(),
            window,
            version: row.count("version")?,
            currency: row.parse("currency")?,
            original: row.money("original")?.exact(),
            payable: row.money("payable")?.exact(),
            stated: (stated("stated_original", "taken_original")?, stated("stated_payable", "taken_payable")?),
            withdrawn: row.integer("withdrawn")? != 0,
        })
    }

    fn name(&self) -> String {
        format!("{}@{}", self.resource, self.window)
    }
}

impl ReadingGroup {
    fn of(first: ReadingVersion) -> Result<Self, StoreError> {
        let stated = BTreeMap::from([(first.currency, first.stated.clone())]);
        Ok(Self { in_order: first.version == 0, latest: first, stated })
    }

    fn is_of(&self, version: &ReadingVersion) -> bool {
        (&self.latest.resource, self.latest.window) == (&version.resource, version.window)
    }

    fn add(&mut self, version: ReadingVersion) -> Result<(), StoreError> {
        self.in_order &= Some(version.version) == self.latest.version.checked_add(1);
        let (original, payable) = self.stated.entry(version.currency).or_insert((Exact::ZERO, Exact::ZERO));
        *original = original.plus(&version.stated.0)?;
        *payable = payable.plus(&version.stated.1)?;
        self.latest = version;
        Ok(())
    }
}

/// A statement whose lines are being added up.
struct OpenStatement {
    head: Head,
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
    fn of(row: &SqliteRow) -> Result<Self, StoreError> {
        let head = Head::of(row)?;
        let mut faults = Vec::new();
        let fields = Fields::of("statements", "statement", row);
        if head.payment.is_some() {
            let paid = [
                ("order", fields.optional_text("order_id")? == Some(&*head.id)),
                ("payer", fields.optional_text("payer")? == Some(fields.text("owner")?)),
                ("unit", fields.optional_text("paid_unit")? == Some(fields.text("unit")?)),
                ("currency", fields.optional_text("paid_currency")? == Some(fields.text("currency")?)),
                ("amount", fields.optional_text("amount")?.is_some() && fields.money("amount")? == head.payable),
            ];
            faults.extend(
                paid.iter().filter(|(_, same)| !same).map(|(fact, _)| format!("its payment has another {fact}")),
            );
        }
        Ok(Self { head, lines: 0, original: Exact::ZERO, payable: Exact::ZERO, faults })
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
    fn of(row: &SqliteRow) -> Result<Option<Self>, StoreError> {
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
